// Texts that somebody hostile, or only far away, may write. Made by rules, so that each is named and
// can be made again; hostile.spec.ts shows all of them.

export interface Payload {
  /** What it tries. */
  name: string;
  text: string;
}

/** What a page would run if a text ever became a part of it. Each would set this, or ask for that. */
const RUN = "globalThis.hit=1";
const ASK = "https://evil.example/x";

const HTML = [
  `<script>${RUN}</script>`, `<img src=x onerror=${RUN}>`, `<svg onload=${RUN}>`, `<iframe src="${ASK}"></iframe>`, `<img src="${ASK}.png">`,
  `<link rel=stylesheet href="${ASK}.css">`, `<style>@import "${ASK}";</style>`, `<base href="${ASK}">`, `<meta http-equiv=refresh content="0;url=${ASK}">`,
  `<a href="javascript:${RUN}">x</a>`, `<object data="${ASK}">`, `<video src="${ASK}" autoplay>`, `<form action="${ASK}"><button autofocus onfocus=${RUN}>`,
  `<details open ontoggle=${RUN}>`, `<marquee onstart=${RUN}>`, `<math href="javascript:${RUN}">x</math>`, `<template><script>${RUN}</script></template>`,
  `"><script>${RUN}</script>`, `'-${RUN}-'`, `\${${RUN}}`, `{{constructor.constructor('${RUN}')()}}`, `<!--><script>${RUN}</script>-->`, `]]><script>${RUN}</script>`,
  `&lt;script&gt;${RUN}&lt;/script&gt;`, `\\u003cscript\\u003e${RUN}`, `<ScRiPt>${RUN}</sCrIpT>`, `<svg><animate onbegin=${RUN} attributeName=x>`, `<input autofocus onfocus=${RUN}>`,
  `<body onload=${RUN}>`, `<noscript><p title="</noscript><img src=x onerror=${RUN}>">`, `%3Cscript%3E${RUN}%3C/script%3E`, `=cmd|'/c calc'!A1`, `{"__proto__":{"hit":1}}`, `[x](javascript:${RUN})`,
];
const LINKS = [
  `javascript:${RUN}`, `JaVaScRiPt:${RUN}`, ` javascript:${RUN}`, `java\tscript:${RUN}`, `data:text/html,<script>${RUN}</script>`, `vbscript:${RUN}`, "file:///etc/passwd", "blob:https://x/y",
  "//evil.example", "https://good.example@evil.example/", "https://evil.example/‮gpj.exe", "https://аpple.example", "http://xn--80ak6aa92e.example", `https://a.example/${"a".repeat(2000)}`,
  "https://[::1]/", "https://1.1.1.1:99999/", "mailto:a@b.example?bcc=c@d.example", "https://a.example/<script>", "https://a.example/\"onmouseover=x", "https://a.example/%00%0d%0aX: y",
];
const BIDI = ["\u202A", "\u202B", "\u202C", "\u202D", "\u202E", "\u2066", "\u2067", "\u2068", "\u2069", "\u200E", "\u200F", "\u061C"];
const UNSEEN = ["\u200B", "\u200C", "\u200D", "\u2060", "\u00AD", "\uFEFF", "\u180E", "\u2028", "\u2029", "\u0085", "\u000B", "\u000C", "\u007F", "\u0007", "\u001B[31m", "\u3164", "\u115F", "\u17B4", "\uFFF9", "\uFFFC", "\uFFFD", "\u{E0001}", "\u{E007F}", "\u034F", "\u2800", "\u00A0", "\u3000", "\uFE0F"];
const SCRIPTS = [
  "The quick brown fox", "Großmütterchen Straßenfußball", "ქართული ენა ლამაზია", "اللغة العربية جميلة", "עברית משמאל לימין", "فارسی زبان شیرینی است", "हिन्दी में संदेश", "বাংলা ভাষা", "ਪੰਜਾਬੀ", "தமிழ் மொழி", "తెలుగు భాష",
  "ಕನ್ನಡ", "മലയാളം", "ภาษาไทยไม่มีเว้นวรรคระหว่างคำ", "ພາສາລາວ", "မြန်မာဘာသာ", "ភាសាខ្មែរ", "བོད་སྐད།", "汉语没有空格的一行文字", "日本語の文章です", "한국어 문장입니다", "Tiếng Việt có dấu", "Русский язык", "Ελληνικά", "አማርኛ", "ᏣᎳᎩ", "ᐃᓄᒃᑎᑐᑦ", "ߒߞߏ", "ܐܪܡܝܐ",
  "ދިވެހި", "ᠮᠣᠩᠭᠣᠯ", "𐎀𐎁𐎂", "𓀀𓀁𓀂", "𝕄𝕒𝕥𝕙", "ⓒⓘⓡⓒⓛⓔ", "ﷺ﷽", "𒐫𒐫𒐫", "꧅꧅꧅", "ᜊᜌ᜔ᜊᜌᜒᜈ᜔", "ⴰⵎⴰⵣⵉⵖ",
];
const PICTURES = ["🙏", "👨‍👩‍👧‍👦", "🏳️‍🌈", "🇬🇪", "👍🏽", "3️⃣", "❤️‍🔥", "🧑🏿‍🤝‍🧑🏻", "🏴󠁧󠁢󠁥󠁮󠁧󠁿", "🫠", "☠️", "\u{1F1E6}"];
/** Letters that look like those of `ada` and `admin`. */
const ALIKE = ["аda", "adа", "аdа", "ɑda", "ada\u200B", "a\u00ADda", "ⓐda", "𝐚𝐝𝐚", "ada\u0301", "АDA", "ad\u0430", "αda", "admіn", "аdmin", "adrnin", "ADM1N", "adm\u0131n", "аdmіn", "admin\u2060", "nimda\u202E"];
const LENGTHS = [100, 1_000, 10_000, 65_536];

const many = (unit: string, bytes: number): string => unit.repeat(Math.floor(bytes / new TextEncoder().encode(unit).length));

function named(name: string, texts: readonly string[]): Payload[] {
  return texts.map((text, index) => ({ name: `${name} ${index + 1}`, text }));
}

/** Each mark at the start, inside, at the end, alone, and a thousand times. */
function around(name: string, marks: readonly string[]): Payload[] {
  return marks.flatMap((mark) => {
    const code = mark.codePointAt(0)?.toString(16) ?? "";
    return [`${mark}abc`, `ab${mark}cd 123`, `abc${mark}`, `x${mark}`, `x${mark.repeat(1_000)}y`].map((text, index) => ({ name: `${name} U+${code} ${index + 1}`, text }));
  });
}

export function corpus(): Payload[] {
  return [
    ...named("html", HTML),
    ...named("link", LINKS),
    ...around("direction", BIDI),
    ...around("unseen", UNSEEN),
    ...named("script", SCRIPTS),
    ...named("script in a sentence", SCRIPTS.map((text) => `Look: ${text}! 12:30 (ok)`)),
    ...named("script without a break", SCRIPTS.map((text) => text.replace(/\s/g, "").repeat(40))),
    ...named("emoji", PICTURES),
    ...named("emoji in a row", PICTURES.map((text) => text.repeat(500))),
    ...named("emoji cut", PICTURES.map((text) => text.slice(0, -1) || "?").filter((text) => !/[\uD800-\uDFFF]$/.test(text))),
    ...named("joined without end", [many("👨‍", 8_000), many("\u200D", 3_000) + "x", "a" + many("\u0301", 20_000), "Z̸̡̢".repeat(900), many("ｘ", 9_000)]),
    ...ALIKE.flatMap((name) => named(`look-alike ${name}`, [name, `@${name}`, `@${name}: send me the code`])),
    ...LENGTHS.flatMap((bytes) => ["a", "W", "ß", "ش", "漢", "🙏", "_", "/", " a", "\n", "\ta", "-\u200B"].map((unit) => ({ name: `${bytes} bytes of ${JSON.stringify(unit)}`, text: `.${many(unit, bytes - 2)}.` }))),
    ...named("lines", ["\n".repeat(500) + "end", "start" + "\n".repeat(500), "a\r\nb\rc\n\nd", "\t\t\t\ttabs", "  spaces   kept  "].map((text) => `.${text}`)),
    ...named("nothing to see", BIDI.map((mark) => `.${mark.repeat(64)}`)),
    ...named("direction nested", Array.from({ length: 24 }, (_, depth) => `${"\u202E\u2067".repeat(depth * 5 + 1)}deep ${depth}`)),
    ...named("numbers", ["1e309", "NaN", "-0", "undefined", "null", "true", "[object Object]", "0x1F", "١٢٣", "½⅓", "%s%n%d", "$HOME", "`id`", "../../etc/passwd", "C:\\con\\con", "Robert'); DROP TABLE message;--"]),
  ];
}
