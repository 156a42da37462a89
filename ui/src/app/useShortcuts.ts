// The keys that work everywhere, and the lower steps of the Escape ladder.
import { useEffect, useEffectEvent } from "react";
import { useNavigate, useParams } from "@tanstack/react-router";
import { useCommands } from "./commands.ts";
import { useDepth } from "./Frame.tsx";
import { belongsToText, commandOf, needsChat, onMac, shellHere } from "./keys.ts";
import { isNarrow } from "./useNarrow.ts";

export function useShortcuts(): void {
  const navigate = useNavigate();
  const depth = useDepth();
  const { chat } = useParams({ strict: false }) as { chat?: string };
  const commands = useCommands();

  const press = useEffectEvent((event: KeyboardEvent) => {
    // Whatever lies on top has had it.
    if (event.defaultPrevented) return;
    const mac = onMac();
    const command = commandOf(event, mac, shellHere());
    // Without a chat its keys are the browser's.
    if (command !== undefined && needsChat(command) && chat === undefined) return;
    if (command !== undefined && !belongsToText(event, event.target as { value?: unknown } | null, mac)) {
      event.preventDefault();
      commands[command]();
    } else if (event.key === "Escape" && chat !== undefined && !event.isComposing && !overlaid()) {
      if (depth === "details") void navigate({ to: "/c/$chat", params: { chat } });
      // One pane only: Escape is the way back. What was typed is kept as a draft.
      else if (depth === "main" && isNarrow()) void navigate({ to: "/chats" });
    }
  });
  useEffect(() => {
    const listener = (event: KeyboardEvent): void => press(event);
    addEventListener("keydown", listener);
    return () => removeEventListener("keydown", listener);
  }, []);
}

/** Escape never acts under an open layer. */
function overlaid(): boolean {
  return document.querySelector('[role="dialog"], [role="alertdialog"], [role="menu"], [role="listbox"]') !== null;
}
