// The id of a new message (wire.md §1): the letter m and base32 of the tag 4 and 16 random bytes.

const ALPHABET = "abcdefghijklmnopqrstuvwxyz234567";
const TAG = 4;

export function messageId(): string {
  const bytes = new Uint8Array(17);
  crypto.getRandomValues(bytes.subarray(1));
  bytes[0] = TAG;
  return `m${base32(bytes)}`;
}

/** RFC 4648, lower case, no padding. */
export function base32(bytes: Uint8Array): string {
  let text = "";
  let rest = 0;
  let bits = 0;
  for (const byte of bytes) {
    rest = (rest << 8) | byte;
    for (bits += 8; bits >= 5; bits -= 5) text += ALPHABET[(rest >>> (bits - 5)) & 31];
    rest &= (1 << bits) - 1;
  }
  return bits === 0 ? text : text + ALPHABET[(rest << (5 - bits)) & 31];
}
