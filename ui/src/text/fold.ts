// Letters as somebody types who looks for them: without case and accents.

/** `locale` decides about case: Turkish has two kinds of i. */
export const folded = (text: string, locale?: string): string => text.normalize("NFKD").replace(/\p{M}/gu, "").toLocaleLowerCase(locale);
