// Times as rows, rules and bubbles show them. The present is a parameter: rows are drawn anew when the minute changes.

const DAY = 86_400_000;
const kept = new Map<string, Intl.DateTimeFormat>();

/** Making a format is slow; a list draws hundreds. */
function format(locale: string, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const key = `${locale} ${JSON.stringify(options)}`;
  const made = kept.get(key) ?? new Intl.DateTimeFormat(locale, options);
  kept.set(key, made);
  return made;
}

function midnight(ms: number): number {
  return new Date(ms).setHours(0, 0, 0, 0);
}

/** Whole days of the calendar between two moments; a day with a clock change counts once. */
export function daysBetween(earlier: number, later: number): number {
  return Math.round((midnight(later) - midnight(earlier)) / DAY);
}

function sameYear(one: number, other: number): boolean {
  return new Date(one).getFullYear() === new Date(other).getFullYear();
}

/** `12:04` or `12:04 PM`. */
export function clock(ms: number, locale: string): string {
  return format(locale, { timeStyle: "short" }).format(ms);
}

/** In a chat row: the clock today, "Yesterday", the weekday within a week, else the date. */
export function listTime(ms: number, now: number, locale: string): string {
  const days = daysBetween(ms, now);
  if (days <= 0) return clock(ms, locale);
  if (days === 1) return relativeDay(-1, locale);
  if (days < 7) return format(locale, { weekday: "short" }).format(ms);
  if (sameYear(ms, now)) return format(locale, { day: "numeric", month: "short" }).format(ms);
  return format(locale, { day: "2-digit", month: "2-digit", year: "2-digit" }).format(ms);
}

/** Of a day rule: "Today", "Yesterday", `Tuesday 3 March`, with the year when it is another one. */
export function dayRule(ms: number, now: number, locale: string): string {
  const days = daysBetween(ms, now);
  if (days === 0 || days === 1) return relativeDay(-days, locale);
  const year = sameYear(ms, now) ? {} : { year: "numeric" as const };
  return format(locale, { weekday: "long", day: "numeric", month: "long", ...year }).format(ms);
}

/** Day and clock in full, for details and screen readers. */
export function moment(ms: number, locale: string): string {
  return format(locale, { dateStyle: "long", timeStyle: "short" }).format(ms);
}

/** The date alone: `3 March 2026`. */
export function date(ms: number, locale: string): string {
  return format(locale, { dateStyle: "long" }).format(ms);
}

function relativeDay(days: number, locale: string): string {
  const text = new Intl.RelativeTimeFormat(locale, { numeric: "auto" }).format(days, "day");
  // A row begins with it.
  return text.charAt(0).toLocaleUpperCase(locale) + text.slice(1);
}

const STEPS = [["week", 604_800], ["day", 86_400], ["hour", 3_600], ["minute", 60], ["second", 1]] as const;

/** A length in its largest whole unit: `4 weeks`, `30 seconds`. */
export function duration(seconds: number, locale: string, display: "long" | "short" | "narrow" = "long"): string {
  const [unit, length] = STEPS.find(([, length]) => seconds >= length && seconds % length === 0) ?? STEPS[4];
  return new Intl.NumberFormat(locale, { style: "unit", unit, unitDisplay: display }).format(Math.round(seconds / length));
}

/** What is left, in the largest unit that fits: `4 h`. */
export function left(ms: number, locale: string): string {
  const seconds = Math.max(0, Math.ceil(ms / 1000));
  const [unit, length] = STEPS.find(([, length]) => seconds >= length) ?? STEPS[4];
  return new Intl.NumberFormat(locale, { style: "unit", unit, unitDisplay: "narrow" }).format(Math.ceil(seconds / length));
}

/** How long ago, for lists of devices: "2 hours ago". */
export function ago(ms: number, now: number, locale: string): string {
  const seconds = Math.round((now - ms) / 1000);
  const [unit, length] = STEPS.find(([, length]) => seconds >= length) ?? STEPS[4];
  return new Intl.RelativeTimeFormat(locale, { numeric: "auto" }).format(-Math.floor(Math.max(0, seconds) / length), unit);
}

/** `names` joined as the language does it: "Ada, Bo and Cy". */
export function list(names: readonly string[], locale: string): string {
  return new Intl.ListFormat(locale, { type: "conjunction" }).format(names);
}
