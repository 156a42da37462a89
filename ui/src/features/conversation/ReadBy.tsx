// How many members of a group read one's newest message; a press tells who, and who has it.
import { plural } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { useEffect, useState } from "react";
import { Button } from "react-aria-components";
import type { Message, MessageReceipt } from "../../../../client-core/bindings/chatty.ts";
import { useApi } from "../../model/use.ts";
import { useActions } from "./actions.ts";
import styles from "./Foot.module.css";
import { stepOf, useStepWord } from "./Ladder.tsx";
import type { Names } from "./useNames.ts";

/** Read anew with every step of the message. */
function useReceipts(message: Message): readonly MessageReceipt[] {
  const api = useApi();
  const [receipts, setReceipts] = useState<readonly MessageReceipt[]>([]);
  useEffect(() => {
    let current = true;
    // Where none are given there is nobody to name.
    const found = api.call("message.receipts", { chat: message.conv, message: message.id }).catch(() => []);
    void found.then((now) => current && setReceipts(now));
    return () => {
      current = false;
    };
  }, [api, message]);
  return receipts;
}

export function ReadBy({ message }: { message: Message }) {
  const actions = useActions();
  const stepWord = useStepWord();
  const step = stepOf(message.state);
  const read = useReceipts(message).filter(({ state }) => state === "read").length;
  if (read === 0) return <span className={styles.word}>{step !== undefined && stepWord(step)}</span>;
  return <Button className={`${styles.button} ${styles.plain} ${styles.word}`} onPress={() => actions.open("receipts", message)}>{plural(read, { one: "Read by #", other: "Read by #" })}</Button>;
}

function People({ users, names }: { users: readonly string[]; names: Names }) {
  return <ul>{users.map((user) => <li key={user}><bdi>{names.of(user)}</bdi></li>)}</ul>;
}

/** Who read it, and whose devices have it. */
export function Receipts({ message, names }: { message: Message; names: Names }) {
  const receipts = useReceipts(message);
  const of = (wanted: Message["state"]): string[] => receipts.flatMap(({ user, state }) => (state === wanted ? [user] : []));
  const [read, delivered] = [of("read"), of("delivered")];
  return (
    <div className={styles.receipts}>
      {read.length > 0 && <section><h2><Trans>Read</Trans></h2><People users={read} names={names} /></section>}
      {delivered.length > 0 && <section><h2><Trans>Delivered</Trans></h2><People users={delivered} names={names} /></section>}
    </div>
  );
}
