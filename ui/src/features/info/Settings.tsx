// What holds in one chat: its timer, and which receipts are given in it.
import { useEffect, useState } from "react";
import { Trans, useLingui } from "@lingui/react/macro";
import { CheckCheck, Timer as TimerIcon } from "lucide-react";
import type { ReceiptLevel, Receipts } from "../../../../client-core/bindings/chatty.ts";
import { useCall } from "../../app/useCall.ts";
import { Failure } from "../../components/Failure/Failure.tsx";
import { Select } from "../../components/Select/Select.tsx";
import { useApi } from "../../model/use.ts";
import { duration } from "../../text/time.ts";
import type { Chat } from "../chats/rows.ts";
import { Held } from "./Held.tsx";
import styles from "./Details.module.css";

const TIMES = [30, 300, 3_600, 28_800, 86_400, 604_800, 2_419_200] as const;

export function Settings({ chat }: { chat: Chat }) {
  return (
    <div className={styles.list}>
      <Held chat={chat} />
      <Timer chat={chat} />
      {chat.kind !== "self" && <ChatReceipts chat={chat.id} />}
    </div>
  );
}

function Timer({ chat }: { chat: Chat }) {
  const { t, i18n } = useLingui();
  const api = useApi();
  const { error, failed, run } = useCall();
  const now = chat.timer_s ?? 0;
  const times = now === 0 || TIMES.some((time) => time === now) ? TIMES : [...TIMES, now].sort((a, b) => a - b);
  const choices = [{ value: "0", label: t`Off` }, ...times.map((time) => ({ value: String(time), label: duration(time, i18n.locale) }))];
  const set = (seconds: string) => void run(() => api.call("chat.set_timer", { chat: chat.id, seconds: Number(seconds) }));
  return (
    <div className={styles.row}>
      <TimerIcon size={20} aria-hidden="true" />
      <span className={styles.words}><Trans>Disappearing</Trans><small><Trans>New messages only</Trans></small></span>
      <Select label={t`Disappearing messages`} hideLabel size="small" choices={choices} value={String(now)} onChange={set} isDisabled={chat.state !== "open"} />
      {error !== undefined && <Failure of={{ error, failed }} />}
    </div>
  );
}

function ChatReceipts({ chat }: { chat: string }) {
  const { t } = useLingui();
  const api = useApi();
  const { error, failed, run } = useCall();
  const [receipts, setReceipts] = useState<Receipts>();
  useEffect(() => {
    api.call("chat.receipts", { chat }).then(setReceipts, () => undefined);
  }, [api, chat]);
  async function set(level: ReceiptLevel | "follow"): Promise<void> {
    const done = await run(() => api.call("chat.set_receipts", level === "follow" ? { chat } : { chat, level }));
    if (done !== undefined) setReceipts(done);
  }
  const choices = [
    { value: "follow", label: t`As everywhere` },
    { value: "read", label: t`Delivered and read` },
    { value: "delivered", label: t`Delivered only` },
    { value: "none", label: t`Nothing` },
  ] as const;
  return (
    <div className={styles.row}>
      <CheckCheck size={20} aria-hidden="true" />
      <span className={styles.words}><Trans>Read receipts</Trans></span>
      {receipts !== undefined && <Select label={t`Read receipts`} hideLabel size="small" choices={choices} value={receipts.own ?? "follow"} onChange={(level) => void set(level)} />}
      {error !== undefined && <Failure of={{ error, failed }} />}
    </div>
  );
}
