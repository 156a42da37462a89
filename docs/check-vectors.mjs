// Checks vectors.json by protocol.md alone: no code of this repository, nothing but Node's own
// library. Run it with `node docs/check-vectors.mjs`; a beginning for whoever writes a client.
import { createHash, createHmac, createPublicKey, verify } from "node:crypto";
import { readFileSync } from "node:fs";

const vectors = JSON.parse(readFileSync(new URL("vectors.json", import.meta.url)));
const hex = (text) => Buffer.from(text, "hex");
const sha256 = (bytes) => createHash("sha256").update(bytes).digest();
let checks = 0;

/** Two byte strings or values that must be equal. */
function same(found, wanted, what) {
  const text = (value) => (Buffer.isBuffer(value) ? value.toString("hex") : JSON.stringify(value));
  const plain = typeof wanted === "string" && Buffer.isBuffer(found) ? wanted : text(wanted);
  if (text(found) !== plain) throw new Error(`${what}: ${text(found)} is not ${plain}`);
  checks += 1;
}

// Chapter 3: canonical CBOR.
function head(major, number) {
  if (number < 24) return Buffer.from([(major << 5) | number]);
  const width = [1, 2, 4, 8].find((bytes) => number < 256 ** bytes);
  const out = Buffer.alloc(1 + width);
  out[0] = (major << 5) | (24 + Math.log2(width));
  if (width === 8) out.writeBigUInt64BE(BigInt(number), 1);
  else out.writeUIntBE(number, 1, width);
  return out;
}
function encode(value) {
  if (value === null) return Buffer.from([0xf6]);
  if (typeof value === "boolean") return Buffer.from([value ? 0xf5 : 0xf4]);
  if (typeof value === "number") return head(0, value);
  if (Buffer.isBuffer(value)) return Buffer.concat([head(2, value.length), value]);
  if (typeof value === "string") return Buffer.concat([head(3, Buffer.byteLength(value)), Buffer.from(value)]);
  if (value instanceof Map) {
    const rows = [...value].flatMap(([key, item]) => [encode(key), encode(item)]);
    return Buffer.concat([head(5, value.size), ...rows]);
  }
  return Buffer.concat([head(4, value.length), ...value.map(encode)]);
}
function decode(bytes) {
  let at = 0;
  const item = () => {
    const [major, info] = [bytes[at] >> 5, bytes[at] & 31];
    at += 1;
    if (major === 7) return { 20: false, 21: true, 22: null }[info];
    const width = info < 24 ? 0 : 2 ** (info - 24);
    const number = width ? Number(BigInt(`0x${bytes.toString("hex", at, at + width)}`)) : info;
    at += width;
    if (major === 0) return number;
    if (major === 2 || major === 3) {
      const part = bytes.subarray(at, (at += number));
      return major === 2 ? Buffer.from(part) : part.toString();
    }
    if (major === 4) return Array.from({ length: number }, item);
    return new Map(Array.from({ length: number }, () => [item(), item()]));
  };
  return item();
}

// Chapter 4: hashes and signatures.
const framed = (context, bytes) => Buffer.concat([Buffer.from(`chatty/v1/${context}\0`), bytes]);
const hash = (context, bytes) => sha256(framed(context, bytes));
function signed(key, context, bytes, signature) {
  const jwk = { kty: "OKP", crv: "Ed25519", x: key.toString("base64url") };
  return verify(null, framed(context, bytes), createPublicKey({ key: jwk, format: "jwk" }), signature);
}

// Chapter 5: ids.
const ALPHABET = "abcdefghijklmnopqrstuvwxyz234567";
function idText(bytes) {
  const bits = [...bytes].map((byte) => byte.toString(2).padStart(8, "0")).join("");
  const symbols = bits.match(/.{1,5}/g).map((five) => ALPHABET[parseInt(five.padEnd(5, "0"), 2)]);
  return " udcm"[bytes[0]] + symbols.join("");
}
function idBytes(text) {
  const bits = [...text.slice(1)].map((s) => ALPHABET.indexOf(s).toString(2).padStart(5, "0")).join("");
  return Buffer.from(bits.match(/.{8}/g).map((byte) => parseInt(byte, 2)));
}
const tagged = (tag, bytes) => Buffer.concat([Buffer.from([tag]), bytes]);

function ids() {
  const { user, device, direct, notes_to_self } = vectors.ids;
  const me = tagged(1, hash("user-id", hex(user.aik)));
  same(idText(me), user.text, "user id");
  const id = tagged(2, hash("device-id", hex(device.certificate)).subarray(0, 16));
  same(idText(id), device.text, "device id");
  const pair = direct.users.map(idBytes).sort(Buffer.compare);
  const conv = (lo, hi) => idText(tagged(3, hash("direct-id", encode([lo, hi, direct.origin]))));
  same(conv(...pair), direct.text, "direct id");
  same(conv(me, me), notes_to_self, "notes to self");
}

function signatures() {
  for (const row of vectors.signatures) {
    const holds = signed(hex(row.key), row.context, hex(row.bytes), hex(row.signature));
    same(holds, row.valid, row.context);
  }
  const proof = vectors.login_proof;
  same(signed(hex(proof.key), "login-proof", hex(proof.bytes), hex(proof.signature)), true, "proof");
}

// Chapters 8 and 10: chains of entries, and the state of a group.
function logs() {
  let prev = Buffer.alloc(32);
  for (const row of vectors.device_log) {
    const [inner] = decode(hex(row.signed));
    const entry = decode(inner);
    same(encode(entry), inner, "canonical entry");
    same(entry[3], prev, "prev");
    prev = hash("device-log-hash", inner);
    same(prev, row.hash, "hash of a device-log entry");
  }
  prev = Buffer.alloc(32);
  let [policy, members] = [null, new Map()];
  vectors.conversation_log.forEach((row, seq) => {
    const [inner] = decode(hex(row.signed));
    const [, , , before, op, , actor, , , state, body] = decode(inner);
    same(before, prev, "prev");
    prev = hash("conv-log-hash", inner);
    same(prev, row.hash, "hash of a conversation entry");
    const name = actor.toString("hex");
    if (op === 0) [policy, members] = [body[4], new Map([[name, [2, 1, 0]]])];
    if (op === 1) for (const user of body[0]) members.set(user.toString("hex"), [1, 0, seq]);
    if (op === 2) members.set(name, [2, members.get(name)[1], seq]);
    if (op === 3) members.delete(name);
    if (op === 6) policy = body;
    const people = [...members].sort().map(([user, facts]) => [hex(user), ...facts]);
    same(hash("conv-state", encode([2, policy, people, []])), row.state, "state");
    same(state, row.state, "state in the entry");
  });
}

// Chapters 11 and 13: binds, chain, padding.
function inside() {
  const { olm_bind, megolm_bind, chain, padding, content } = vectors.crypto;
  const side = (s) => [idBytes(s.user), idBytes(s.device), hex(s.ed25519), hex(s.curve25519)];
  const pair = [...side(olm_bind.from), ...side(olm_bind.to), olm_bind.suite];
  same(hash("olm-bind", encode(pair)), olm_bind.bind, "olm bind");
  const { conv, user, device, session, gen } = megolm_bind;
  const routing = [idBytes(conv), idBytes(user), idBytes(device), hex(session), gen];
  same(hash("megolm-bind", encode(routing)), megolm_bind.bind, "megolm bind");
  let prev = Buffer.alloc(32);
  for (const row of chain.messages) {
    same(prev, row.prev, "prev of a message");
    const link = [idBytes(chain.conv), idBytes(chain.device), row.dev_seq, prev, sha256(hex(row.content))];
    prev = hash("chain", encode(link));
    same(prev, row.chain, "chain");
  }
  const bucket = (length) => {
    const small = [512, 1024, 2048, 4096].find((size) => length <= size);
    const e = Math.floor(Math.log2(length));
    const unit = 2 ** (e - Math.floor(Math.log2(e)) - 1);
    return small ?? Math.ceil(length / unit) * unit;
  };
  for (const row of padding.lengths) same(bucket(row.plaintext + 4), row.padded, "bucket");
  for (const row of Object.values(content))
    same(bucket(hex(row.payload).length + 4), row.padded_length, "padded content");
}

function hkdf(key, salt, info, length) {
  const mac = (secret, bytes) => createHmac("sha256", secret).update(bytes).digest();
  const prk = mac(salt.length ? salt : Buffer.alloc(32), key);
  return mac(prk, Buffer.concat([Buffer.from(info), Buffer.from([1])])).subarray(0, length);
}

// Chapter 6: recovery key.
function recovery() {
  const { secret, text, aik_seed, user, keys } = vectors.crypto.recovery;
  same(hkdf(hex(secret), "", "chatty/v1/aik\0", 32), aik_seed, "AIK seed");
  for (const { name, version, key } of keys) {
    const info = Buffer.concat([Buffer.from(`chatty/v1/${name}\0`), Buffer.from([0, 0, 0, version])]);
    same(hkdf(hex(secret), idBytes(user), info, 32), key, name);
  }
  const times2 = (a) => ((a << 1) ^ (a & 16 ? 0b100101 : 0)) & 31;
  const times = (a, b) => (b ? (b & 1 ? a : 0) ^ times(times2(a), b >> 1) : 0);
  const bits = [...hex(secret)].map((byte) => byte.toString(2).padStart(8, "0")).join("");
  const groups = bits.match(/.{20}/g).map((group, number) => {
    const symbols = group.match(/.{5}/g).map((five) => parseInt(five, 2));
    let [power, check] = [1, number];
    for (const symbol of symbols) check ^= times((power = times2(power)), symbol);
    return [...symbols, check].map((s) => "0123456789ABCDEFGHJKMNPQRSTVWXYZ"[s]).join("");
  });
  same(groups.join("-"), text, "recovery key");
}

// Chapter 18: the short code.
function sas() {
  const { emoji, sas: run } = vectors.crypto;
  const messages = [run.m1, run.m2, run.m3, run.m4].map(hex);
  const transcript = hash("sas", Buffer.concat(messages)).toString("base64").replace(/=+$/, "");
  same(transcript, run.transcript, "transcript");
  const [eph, t] = decode(messages[3]);
  const committed = Buffer.concat([encode(eph), messages[0], encode(t)]);
  same(hash("sas-commit", committed), run.commit, "commitment");
  const shared = hex(run.shared_secret);
  const code = hkdf(shared, "", `chatty/v1/sas|${transcript}`, 6);
  const bits = [...code].map((byte) => byte.toString(2).padStart(8, "0")).join("");
  const pictures = bits.slice(0, 42).match(/.{6}/g).map((six) => emoji[parseInt(six, 2)].name);
  same(pictures, run.emoji, "pictures");
  same(bits.slice(0, 39).match(/.{13}/g).map((part) => 1000 + parseInt(part, 2)), run.digits, "digits");
  for (const [role, mac] of [["N", run.mac_n], ["T", run.mac_t]]) {
    const key = hkdf(shared, "", `chatty/v1/sas-mac|${role}`, 32);
    same(createHmac("sha256", key).update(transcript).digest(), mac, "mac");
  }
}

for (const part of [ids, signatures, logs, inside, recovery, sas]) part();
console.log(`${checks} checks hold`);
