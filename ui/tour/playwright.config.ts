import { defineConfig } from "@playwright/test";
import base from "../playwright.config.ts";

// `npm run tour`: pictures of the main screens on the real engine, for the README and to be looked at.
export default defineConfig({ ...base, testDir: ".", workers: 1 });
