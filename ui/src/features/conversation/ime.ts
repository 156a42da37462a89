/** Of a key event, what decides. */
export type Key = Pick<KeyboardEvent, "key" | "keyCode" | "isComposing" | "shiftKey" | "ctrlKey" | "metaKey" | "altKey">;

/** Whether a key belongs to the input method. Safari ends the composition before the key comes, but says 229. */
export function isComposing(event: Pick<Key, "isComposing" | "keyCode">): boolean {
  return event.isComposing || event.keyCode === 229;
}

/** Whether this Enter sends. Shift+Enter is a new line; Mod+Enter sends also where Enter alone does not. */
export function sends(event: Key, enterSends: boolean): boolean {
  return event.key === "Enter" && !isComposing(event) && !event.shiftKey && !event.altKey && (enterSends || event.ctrlKey || event.metaKey);
}
