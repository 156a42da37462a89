import assert from "node:assert/strict";
import { test } from "node:test";
import { base32 } from "./message-id.ts";

// RFC 4648 §10, in lower case and without padding.
test("base32 is that of the RFC", () => {
  const encode = (text: string) => base32(new TextEncoder().encode(text));
  assert.deepEqual(["", "f", "fo", "foo", "foob", "fooba", "foobar"].map(encode), ["", "my", "mzxq", "mzxw6", "mzxw6yq", "mzxw6ytb", "mzxw6ytboi"]);
});
