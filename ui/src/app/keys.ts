// Which keys mean which command. Mod is Ctrl, or Cmd on macOS. A browser keeps some of the usual
// ones for itself (new window, tab numbers, downloads): those have a twin with Alt and Shift.

const DIGITS = [1, 2, 3, 4, 5, 6, 7, 8, 9] as const;
export type Pinned = `pinned${(typeof DIGITS)[number]}`;
export type Command = "palette" | "new" | "settings" | "guide" | "nextPane" | "lastPane" | "nextChat" | "lastChat" | "nextUnread" | "lastUnread" | Pinned | "searchAll" | "bigger" | "smaller" | "normal" | "unread" | InChat;
/** Those that need a chat that is open. */
export type InChat = "find" | "newest" | "read" | "details" | "archive" | "mute" | "emoji";

/** In a tab the browser comes first; an installed app and our own windows have every key. */
export type Shell = "tab" | "app";

interface Binding {
  command: Command;
  /** Works everywhere: `Mod+K`, `Alt+Shift+ArrowDown`, `Shift+F6`. */
  keys: string;
  /** The usual ones, where no browser keeps them. */
  app?: string;
}

export const PINNED: readonly Pinned[] = DIGITS.map((digit) => `pinned${digit}` as const);

export const KEYS: readonly Binding[] = [
  { command: "palette", keys: "Mod+K" },
  { command: "searchAll", keys: "Mod+Shift+F" },
  { command: "new", keys: "Alt+Shift+N", app: "Mod+N" },
  { command: "settings", keys: "Mod+," },
  { command: "guide", keys: "Mod+/" },
  { command: "nextPane", keys: "F6" },
  { command: "lastPane", keys: "Shift+F6" },
  { command: "nextChat", keys: "Alt+ArrowDown" },
  { command: "lastChat", keys: "Alt+ArrowUp" },
  { command: "nextUnread", keys: "Alt+Shift+ArrowDown" },
  { command: "lastUnread", keys: "Alt+Shift+ArrowUp" },
  { command: "unread", keys: "Mod+Shift+U" },
  ...DIGITS.map((digit): Binding => ({ command: `pinned${digit}`, keys: `Alt+Shift+${digit}`, app: `Mod+${digit}` })),
  { command: "bigger", keys: "Mod++" },
  { command: "smaller", keys: "Mod+-" },
  { command: "normal", keys: "Mod+0" },
  { command: "find", keys: "Mod+F" },
  { command: "newest", keys: "Alt+Shift+J", app: "Mod+J" },
  { command: "read", keys: "Shift+Escape" },
  { command: "details", keys: "Mod+." },
  { command: "archive", keys: "Mod+Shift+A" },
  { command: "mute", keys: "Alt+Shift+M", app: "Mod+Shift+N" },
  { command: "emoji", keys: "Mod+;" },
];

const IN_CHAT: readonly Command[] = ["find", "newest", "read", "details", "archive", "mute", "emoji"] satisfies InChat[];
export const needsChat = (command: Command): boolean => IN_CHAT.includes(command);

/** The keys of a command as they are shown: those one would try first. */
export function keysOf(command: Command, shell: Shell): string {
  const found = KEYS.find((one) => one.command === command);
  return (shell === "app" ? found?.app : undefined) ?? found?.keys ?? "";
}

export const shellHere = (): Shell => (globalThis.matchMedia?.("(display-mode: browser)").matches === false ? "app" : "tab");

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
const SIGNS = new Set(["/", ",", ".", ";", "+", "-", "0"]);

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
  if (stroke.altKey && stroke.code === `Key${wanted}`) return true;
  // The digits of some keyboards need Shift, and with Shift those of others write signs.
  if (stroke.code === `Digit${wanted}`) return true;
  const typed = letter(stroke);
  return typed === wanted.toUpperCase() || typed === wanted || (wanted === "+" && typed === "=");
}

/** The command of a key press, if it has one. */
export function commandOf(stroke: Stroke, mac: boolean, shell: Shell = "tab"): Command | undefined {
  if (stroke.isComposing === true) return undefined;
  return KEYS.find(({ keys, app }) => fits(stroke, keys, mac) || (shell === "app" && app !== undefined && fits(stroke, app, mac)))?.command;
}

/** The keys as this system writes them: `Ctrl K`, `⌘K`. */
export function shown(keys: string, mac: boolean): string {
  const parts = keys.endsWith("++") ? [...keys.slice(0, -2).split("+"), "+"] : keys.split("+");
  const names: Record<string, string> = mac
    ? { Mod: "⌘", Alt: "⌥", Shift: "⇧", ArrowUp: "↑", ArrowDown: "↓", Escape: "Esc" }
    : { Mod: "Ctrl", ArrowUp: "↑", ArrowDown: "↓", Escape: "Esc" };
  return parts.map((part) => names[part] ?? part).join(mac ? "" : " ");
}

export const onMac = (): boolean => /Mac|iPhone|iPad/.test(globalThis.navigator?.platform ?? "");

/** Text keys win inside a field that holds text: there Alt with an arrow moves in the text on macOS. */
export function belongsToText(stroke: Stroke, target: { value?: unknown } | null, mac: boolean): boolean {
  return mac && stroke.altKey && stroke.key.startsWith("Arrow") && typeof target?.value === "string" && target.value !== "";
}
