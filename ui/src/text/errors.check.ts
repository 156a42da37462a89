// Every code of the API has words: a title, what it means, one next step.
import { i18n } from "@lingui/core";
import { expect, test } from "vitest";
import { readFileSync } from "node:fs";
import type { ApiError, Code } from "../../../client-core/bindings/chatty.ts";
import { asApiError, CODES, errorDetails, errorText, isForSupport } from "./errors.ts";

i18n.loadAndActivate({ locale: "en", messages: {} });
const error = (code: Code, more: Partial<ApiError> = {}): ApiError => ({ code, message: "secret", hint: "", ...more });

test("the table has the codes of the API, all of them", () => {
  const bindings = readFileSync(new URL("../../../client-core/bindings/chatty.ts", import.meta.url), "utf8");
  const union = /export type Code = ([^;]+);/.exec(bindings)?.[1] ?? "";
  const codes = [...union.matchAll(/"(\w+)"/g)].map((match) => match[1]);
  expect(codes.length).toBeGreaterThan(60);
  expect([...CODES].sort()).toEqual([...codes].sort());
});

test.each(CODES)("%s", (code) => {
  const words = errorText(error(code), "en");
  for (const text of [words.title, words.body, words.next]) {
    expect(text.trim()).not.toBe("");
    // ui.md §2.8: no blame, no exclamation, nothing of the machine, under 25 words.
    expect(text).not.toMatch(/!|\b(oops|invalid|illegal|failed to|error|exception|null|undefined)\b/i);
    expect(text.split(/\s+/).length).toBeLessThan(25);
    expect(text).not.toContain("secret");
  }
  expect(words.title).not.toMatch(/\.$/);
  expect(words.body).toMatch(/\.$/);
  expect(words.next).toMatch(/\.$/);
});

test("what the engine adds is said: the group of a key, and how long to wait", () => {
  expect(errorText(error("recovery_mismatch", { hint: "Look at group 5 again." }), "en").title).toBe("Check group 5");
  expect(errorText(error("recovery_mismatch"), "en").title).toBe("The recovery key doesn't match");
  expect(errorText(error("rate_limited", { retry_after_ms: 20_000 }), "en").next).toBe("Try again in 20s.");
});

test("anything thrown becomes an error with words, and details tell nothing of a person", () => {
  expect(asApiError(new TypeError("x")).code).toBe("fault");
  expect(asApiError({ code: "quota", message: "", hint: "" }).code).toBe("quota");
  expect(asApiError({ code: "something new" }).code).toBe("fault");
  const details = errorDetails(error("quota", { hint: "@ada", retry_after_ms: 5 }), new Date("2026-03-03T12:30:00Z"));
  expect(details.split("\n")).toEqual([expect.stringMatching(/^Chatty \S+$/), "error: quota", "time: 2026-03-03T12:30:00.000Z"]);
});

test("details are offered where a person can't mend it, not for a wrong code", () => {
  expect((["fault", "internal", "bad_answer", "storage"] as const).map(isForSupport)).toEqual([true, true, true, true]);
  expect((["code_wrong", "unauthorised", "rate_limited", "not_reachable", "bad_link"] as const).map(isForSupport)).toEqual([false, false, false, false, false]);
});
