import { defineConfig } from "@playwright/test";
import { tmpdir } from "node:os";
import { join } from "node:path";

// `cargo xtask test` sets the variables; tests/world.ts says which.
export default defineConfig({
  testDir: "tests",
  outputDir: process.env["CHATTY_UI_RESULTS"] ?? join(tmpdir(), "chatty-ui-results"),
  forbidOnly: true,
  // One race lost to a loaded machine must not hide what the others say; the run names what passed only so.
  retries: process.env["CHATTY_UI_RETRIES"] === undefined ? 0 : 1,
  // Each test has its own relay and its own browser.
  workers: 2,
  fullyParallel: true,
  timeout: 180_000,
  expect: { timeout: 60_000 },
  reporter: [["list"]],
});
