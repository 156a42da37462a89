// All emoji with their names: as much as everything else of a chat.
import { part } from "../../app/part.ts";

export const emojiPart = part(() => import("./EmojiPicker.tsx"));
