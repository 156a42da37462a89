// Which keys mean which command. Mod is Ctrl, or Cmd on macOS. A browser keeps some of the usual
// ones for itself (new window, tab numbers): those have a twin with Alt and Shift.

export type Command = "palette" | "new" | "settings" | "guide" | "nextPane" | "lastPane" | "nextChat" | "lastChat" | "nextUnread" | "lastUnread" | "searchAll" | "details" | "bigger" | "smaller" | "normal" | "archive" | "unread" | "mute";

/** `Mod+K`, `Alt+Shift+ArrowDown`, `Shift+F6`. */
export const KEYS: readonly [Command, string][] = [
  ["palette", "Mod+K"],
  ["searchAll", "Mod+Shift+F"],
  ["new", "Alt+Shift+N"],
  ["settings", "Mod+,"],
  ["guide", "Mod+/"],
  ["details", "Mod+."],
  ["nextPane", "F6"],
  ["lastPane", "Shift+F6"],
  ["nextChat", "Alt+ArrowDown"],
  ["lastChat", "Alt+ArrowUp"],
  ["nextUnread", "Alt+Shift+ArrowDown"],
  ["lastUnread", "Alt+Shift+ArrowUp"],
  ["bigger", "Mod++"],
  ["smaller", "Mod+-"],
  ["normal", "Mod+0"],
  ["archive", "Mod+Shift+A"],
  ["unread", "Mod+Shift+U"],
  ["mute", "Alt+Shift+M"],
];

export interface Stroke {
  key: string;
  code: string;
  ctrlKey: boolean;
  metaKey: boolean;
  altKey: boolean;
  shiftKey: boolean;
  isComposing?: boolean;
}

/** Signs whose key needs Shift on some keyboards: there Shift says nothing. */
const SIGNS = new Set(["/", ",", ".", "+", "-", "0"]);

/** The letter that a key writes; the physical key where the layout writes no Latin letter. */
function letter({ key, code }: Stroke): string {
  if (/^Key[A-Z]$/.test(code) && !/^[\x20-\x7e]$/.test(key)) return code.slice(3);
  // Alt writes signs of its own on macOS.
  return key.length === 1 ? key.toUpperCase() : key;
}

function fits(stroke: Stroke, keys: string, mac: boolean): boolean {
  const parts = keys.endsWith("++") ? [...keys.slice(0, -2).split("+"), "+"] : keys.split("+");
  const wanted = parts.at(-1) ?? "";
  const has = (name: string) => parts.slice(0, -1).includes(name);
  const mod = mac ? stroke.metaKey : stroke.ctrlKey;
  const other = mac ? stroke.ctrlKey : stroke.metaKey;
  if (mod !== has("Mod") || other || stroke.altKey !== has("Alt")) return false;
  if (stroke.shiftKey !== has("Shift") && !SIGNS.has(wanted)) return false;
  if (stroke.altKey && /^Key[A-Z]$/.test(stroke.code) && stroke.code.slice(3) === wanted) return true;
  const typed = letter(stroke);
  return typed === wanted.toUpperCase() || typed === wanted || (wanted === "+" && typed === "=");
}

/** The command of a key press, if it has one. */
export function commandOf(stroke: Stroke, mac: boolean): Command | undefined {
  if (stroke.isComposing === true) return undefined;
  return KEYS.find(([, keys]) => fits(stroke, keys, mac))?.[0];
}

/** The keys as this system writes them: `Ctrl K`, `⌘K`. */
export function shown(keys: string, mac: boolean): string {
  const parts = keys.endsWith("++") ? [...keys.slice(0, -2).split("+"), "+"] : keys.split("+");
  const names: Record<string, string> = mac
    ? { Mod: "⌘", Alt: "⌥", Shift: "⇧", ArrowUp: "↑", ArrowDown: "↓" }
    : { Mod: "Ctrl", ArrowUp: "↑", ArrowDown: "↓" };
  return parts.map((part) => names[part] ?? part).join(mac ? "" : " ");
}

export const onMac = (): boolean => /Mac|iPhone|iPad/.test(globalThis.navigator?.platform ?? "");

/** Text keys win inside a field that holds text: there Alt with an arrow moves in the text on macOS. */
export function belongsToText(stroke: Stroke, target: { value?: unknown } | null, mac: boolean): boolean {
  return mac && stroke.altKey && stroke.key.startsWith("Arrow") && typeof target?.value === "string" && target.value !== "";
}
