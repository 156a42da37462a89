// The contrast of every pair of tokens that stand on each other, in four themes (WCAG 2, ui.md §2.5).
import assert from "node:assert/strict";
import { test } from "node:test";
import { styles } from "./sources.ts";

interface Colour {
  lab: readonly [number, number, number];
  /** Red, green, blue as light. */
  light: readonly [number, number, number];
}
type Tokens = ReadonlyMap<string, string>;

const THEMES = ["light", "dark", "contrast", "contrast-dark"] as const;

function tokens(theme: (typeof THEMES)[number]): Tokens {
  const file = styles().find(({ path }) => path.endsWith("styles/tokens.css"));
  const css = (file?.text ?? "").replace(/\/\*[\s\S]*?\*\//g, "").replace(/@media[^{]*\{[^{}]*\{[^}]*\}\s*\}/g, "");
  const found = new Map<string, string>();
  for (const [, names = "", body = ""] of css.matchAll(/([^{}]+)\{([^{}]*)\}/g)) {
    const mine = names.split(",").map((name) => name.trim()).some((name) => name === ":root" || name === `[data-theme="${theme}"]`);
    if (mine) for (const [, name = "", value = ""] of body.matchAll(/--([\w-]+)\s*:\s*([^;]+);/g)) found.set(name, value.trim());
  }
  return found;
}

function fromLab(lab: Colour["lab"]): Colour {
  const [L, a, b] = lab;
  const cube = (value: number) => value ** 3;
  const l = cube(L + 0.3963377774 * a + 0.2158037573 * b);
  const m = cube(L - 0.1055613458 * a - 0.0638541728 * b);
  const s = cube(L - 0.0894841775 * a - 1.291485548 * b);
  const light = [4.0767416621 * l - 3.3077115913 * m + 0.2309699292 * s, -1.2684380046 * l + 2.6097574011 * m - 0.3413193965 * s, -0.0041960863 * l - 0.7034186147 * m + 1.707614701 * s];
  const [red = 0, green = 0, blue = 0] = light.map((value) => Math.min(1, Math.max(0, value)));
  return { lab, light: [red, green, blue] };
}

function colour(all: Tokens, name: string): Colour {
  const value = (all.get(name) ?? "").replace(/var\(--([\w-]+)\)/g, (_, other: string) => all.get(other) ?? "");
  const parts = /^oklch\(\s*([\d.]+)\s+([\d.]+)\s*([\d.]*)\s*\)$/.exec(value);
  assert.ok(parts, `--${name} is a colour without transparency, but it is "${value}"`);
  const hue = (Number(parts[3] ?? 0) * Math.PI) / 180;
  return fromLab([Number(parts[1]), Number(parts[2]) * Math.cos(hue), Number(parts[2]) * Math.sin(hue)]);
}

/** As `color-mix(in oklab)`: the avatar's fill. */
function tint(all: Tokens, name: string): Colour {
  const share = Number.parseFloat(all.get("tint") ?? "") / 100;
  const [one, other] = [colour(all, name).lab, colour(all, "canvas").lab];
  const mixed = one.map((value, place) => value * share + (other[place] ?? 0) * (1 - share));
  return fromLab([mixed[0] ?? 0, mixed[1] ?? 0, mixed[2] ?? 0]);
}

function contrast(one: Colour, other: Colour): number {
  const bright = ({ light: [red, green, blue] }: Colour) => 0.2126 * red + 0.7152 * green + 0.0722 * blue;
  const [high = 0, low = 0] = [bright(one), bright(other)].sort((first, second) => second - first);
  return (high + 0.05) / (low + 0.05);
}

const GROUND = ["canvas", "sunken", "raised", "hover", "selected", "bubble-in", "bubble-out"];
const DEEP = ["bubble-in-deep", "bubble-out-deep"];
const CALM = ["danger-bg", "warn-bg", "ok-bg"];
const AA = 4.5;
const AAA = 7;
const SHAPE = 3;

const RULES: readonly (readonly [string, readonly string[], number])[] = [
  ["text", [...GROUND, ...DEEP, "pressed", ...CALM], AAA],
  ["text", ["highlight"], AA],
  ["text-2", [...GROUND, ...DEEP, "pressed", ...CALM], AA],
  ["text-3", GROUND.filter((name) => name !== "bubble-out"), AA],
  ["accent-text", [...GROUND, ...DEEP], AA],
  ["on-accent", ["accent", "accent-hover"], AA],
  ["danger-text", [...GROUND.filter((name) => name !== "selected"), "danger-bg"], AA],
  ["on-danger", ["danger"], AA],
  ["warn-text", ["warn-bg", "canvas", "sunken", "raised"], AA],
  ["ok-text", ["ok-bg", "canvas", "sunken", "raised"], AA],
  ...[1, 2, 3, 4, 5, 6, 7, 8].map((place) => [`name-${place}`, ["bubble-in", "bubble-out", "bubble-in-deep", "canvas", "sunken", "selected", "tint"], AA] as const),
  ["control-border", ["canvas", "sunken", "raised"], SHAPE],
  ["focus", GROUND, SHAPE],
  ["accent", GROUND.filter((name) => name !== "hover"), SHAPE],
  ["call-text", ["call-bg", "call-tile", "call-control", "call-control-hover", "call-leave", "call-accept"], AA],
  ["call-text-2", ["call-bg", "call-tile", "call-control"], AA],
  ["call-speaking", ["call-bg", "call-tile"], SHAPE],
  ["call-on-speaking", ["call-speaking"], AA],
];

for (const theme of THEMES) {
  test(`contrast of all pairs, ${theme}`, () => {
    const all = tokens(theme);
    // High contrast owes 7 where the others owe 4.5; calls look the same everywhere.
    const owed = (name: string, goal: number) => (theme.startsWith("contrast") && goal === AA && !name.startsWith("call") ? AAA : goal);
    const misses = RULES.flatMap(([front, backs, goal]) => backs.map((back) => {
      const found = contrast(colour(all, front), back === "tint" ? tint(all, front) : colour(all, back));
      return found >= owed(front, goal) ? "" : `--${front} on --${back}: ${found.toFixed(2)} of ${owed(front, goal)}`;
    }));
    assert.deepEqual(misses.filter((miss) => miss !== ""), []);
  });
}
