// Does what one chooses for a message, and knows what stands open beside which one.
import { useLingui } from "@lingui/react/macro";
import { useMemo, useRef, useState, type RefObject } from "react";
import type { ApiError, Chat, Message } from "../../../../client-core/bindings/chatty.ts";
import { toast } from "../../components/Toast/Toast.tsx";
import type { Draft } from "../../model/draft.ts";
import type { Timeline } from "../../model/timeline.ts";
import { useModel } from "../../model/use.ts";
import { errorText } from "../../text/errors.ts";
import type { Actions, Layer } from "./actions.ts";
import type { Action } from "./can.ts";

export interface Open {
  layer: Layer;
  message: Message;
}

interface Wanted {
  chat: Chat;
  timeline: Timeline;
  draft: Draft;
  field: RefObject<HTMLTextAreaElement | null>;
  /** Shows a message and marks it for a moment. */
  show(id: string): void;
}

/** The time in which a deletion can be taken back. */
const UNDO_MS = 5_000;

export function useMessageActions({ chat: { id: chat }, timeline, draft, field, show }: Wanted) {
  const { api, deletions } = useModel();
  const { t, i18n } = useLingui();
  const [open, setOpen] = useState<Open | undefined>(undefined);
  const anchor = useRef<Element | null>(null);

  const actions = useMemo<Actions>(() => {
    const complain = (error: ApiError): void => void toast(errorText(error, i18n.locale).title);
    const layer = (name: Layer, message: Message): void => {
      const row = document.querySelector(`article[data-id="${CSS.escape(message.id)}"]`);
      anchor.current = row?.querySelector("[data-bubble]") ?? row;
      const touch = name === "menu" && matchMedia("(pointer: coarse)").matches;
      setOpen({ layer: touch ? "sheet" : name, message });
    };
    const write = (begin: () => void): void => {
      begin();
      // After the menu has given the focus back.
      requestAnimationFrame(() => field.current?.focus());
    };
    const withdraw = (message: Message) => api.call("message.cancel", { chat, message: message.id });
    const doing: Record<Action, (message: Message) => void> = {
      reply: (message) => write(() => draft.reply(message)),
      edit: (message) => write(() => draft.edit(message)),
      react: (message) => layer("react", message),
      history: (message) => layer("history", message),
      delete: (message) => layer("delete", message),
      copy: (message) => void navigator.clipboard.writeText(message.text ?? "").then(() => toast(t`Copied`)),
      remove: (message) => void withdraw(message).catch(complain),
      sendAgain: (message) =>
        void withdraw(message)
          .then(() => api.call("message.send", { chat, text: message.text ?? "", keep_draft: true, ...(message.reply_to !== undefined && { reply_to: message.reply_to }), ...(message.mentions && { mentions: message.mentions }) }))
          .catch(complain),
    };
    return {
      act: (action, message) => doing[action](message),
      open: layer,
      react: (message, emoji) => void api.call("message.react", { chat, message: message.id, emoji }).catch(complain),
      jump: (id) => void timeline.toMessage(id).then((there) => (there ? show(id) : toast(t`This message isn't here any more.`))),
    };
  }, [api, chat, draft, field, i18n, show, t, timeline]);

  function remove(message: Message): void {
    deletions.begin({ chat, message: message.id });
    let undone = false;
    toast(t`Message deleted`, {
      timeout: UNDO_MS,
      action: { label: t`Undo`, onPress: () => (undone = true) },
      onClose: () => {
        if (undone) return deletions.undo(message.id);
        deletions.carryOut(message.id).catch((error: ApiError) => toast(errorText(error, i18n.locale).title));
      },
    });
  }
  return { actions, open, setOpen, anchor, remove };
}
