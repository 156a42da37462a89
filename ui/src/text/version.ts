/** Of the whole product; a build of stories has none. */
export const version = (): string => (import.meta.env.CHATTY_VERSION as string | undefined) ?? "?";
