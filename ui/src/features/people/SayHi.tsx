// A handle typed by a person leads to a chat with its owner.
import { useState, type FormEvent, type ReactNode } from "react";
import { Trans, useLingui } from "@lingui/react/macro";
import { useNavigate } from "@tanstack/react-router";
import { useCall } from "../../app/useCall.ts";
import { Button } from "../../components/Button/Button.tsx";
import { TextField } from "../../components/TextField/TextField.tsx";
import { useModel } from "../../model/use.ts";
import { tidy } from "../welcome/handle.ts";
import styles from "./SayHi.module.css";

/** Opens the direct chat with the owner of an `@handle` or link, made where there is none yet; `user` finds the one that is there. */
export function useOpenChat() {
  const { api, store } = useModel();
  const navigate = useNavigate();
  const { t } = useLingui();
  const unknown = t`Nobody has this handle here. Check the spelling.`;
  const call = useCall({ no_such_chat: unknown, no_such_person: unknown, not_found: unknown });
  async function open(person: string, user?: string): Promise<void> {
    const there = user === undefined ? undefined : [...store.getState().chats.values()].find((one) => one.kind === "direct" && one.with === user);
    const chat = there ?? await call.run(() => api.call("chat.resolve", { name: person, create: true }));
    if (chat !== undefined) void navigate({ to: "/c/$chat", params: { chat: chat.id } });
  }
  return { ...call, open };
}

export function SayHi({ autoFocus = false, hint }: { autoFocus?: boolean; hint?: ReactNode }) {
  const { t } = useLingui();
  const { busy, error, clear, open } = useOpenChat();
  const [handle, setHandle] = useState("");
  function submit(event: FormEvent): void {
    event.preventDefault();
    const typed = tidy(handle);
    if (typed !== "" && !busy) void open(`@${typed}`);
  }
  return (
    <form className={styles.form} onSubmit={submit} noValidate>
      <TextField label={t`Handle`} prefix="@" value={handle} onChange={(typed) => { setHandle(typed); clear(); }} autoComplete="off" spellCheck="false" autoFocus={autoFocus} hint={hint} {...(error === undefined ? {} : { error })} />
      <Button kind="primary" type="submit" busy={busy} isDisabled={tidy(handle) === ""}><Trans>Say hi</Trans></Button>
    </form>
  );
}
