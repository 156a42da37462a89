// The language of the interface: the person's choice, else the browser's, else English.
import { i18n } from "@lingui/core";

export const LANGUAGES = { en: "English", de: "Deutsch", ar: "العربية", ka: "ქართული" } as const;
export type Language = keyof typeof LANGUAGES | "pseudo";
const RIGHT_TO_LEFT: readonly string[] = ["ar"];

const catalogues = import.meta.glob<{ messages: Record<string, string> }>("./catalogues/*.po");

/** The best of ours for these tags, BCP 47, most wanted first. */
export function choose(wanted: readonly string[]): Language {
  for (const tag of wanted) {
    const short = tag.toLowerCase().split("-")[0] ?? "";
    if (short in LANGUAGES || short === "pseudo") return short as Language;
  }
  return "en";
}

/** Loads a language and turns the page to its direction. */
export async function speak(language: Language): Promise<void> {
  const load = catalogues[`./catalogues/${language}.po`];
  if (load === undefined) throw new Error(`no catalogue: ${language}`);
  const { messages } = await load();
  const said = language === "pseudo" ? (await import("./longer.ts")).longer(messages) : messages;
  i18n.loadAndActivate({ locale: language, messages: said as typeof messages });
  document.documentElement.lang = language;
  document.documentElement.dir = RIGHT_TO_LEFT.includes(language) ? "rtl" : "ltr";
}
