// A request, opened: who asks, what they wrote, and the three answers.
import { Trans, useLingui } from "@lingui/react/macro";
import { useNavigate } from "@tanstack/react-router";
import { ChevronLeft } from "lucide-react";
import type { ChatRequest } from "../../../../client-core/bindings/chatty.ts";
import { useCall } from "../../app/useCall.ts";
import { Avatar } from "../../components/Avatar/Avatar.tsx";
import { Button } from "../../components/Button/Button.tsx";
import { Failure } from "../../components/Failure/Failure.tsx";
import { IconButton } from "../../components/IconButton/IconButton.tsx";
import { usePerson } from "../../model/people.ts";
import { useApi } from "../../model/use.ts";
import { nameOf } from "../../text/names.ts";
import styles from "./RequestCard.module.css";

export function RequestCard({ request }: { request: ChatRequest }) {
  const { t } = useLingui();
  const api = useApi();
  const navigate = useNavigate();
  const person = usePerson(request.from);
  const accept = useCall();
  const refuse = useCall();
  const name = nameOf(person ?? { user: request.from });

  // A refusal has nothing left to show here.
  const away = () => void navigate({ to: "/chats", search: { filter: "requests" } });
  async function join(): Promise<void> {
    const done = await accept.run(() => api.call("request.accept", { chat: request.id }));
    // Among the chats from now on.
    if (done !== undefined) void navigate({ to: "/c/$chat", params: { chat: request.id }, search: {} });
  }
  async function drop(method: "request.delete" | "request.block"): Promise<void> {
    const done = await refuse.run(() => api.call(method, { chat: request.id }));
    if (done !== undefined) away();
  }

  return (
    <>
      <header className={styles.head}>
        <span className={styles.back}><IconButton label={t`Back`} onPress={away}><ChevronLeft data-flip="" /></IconButton></span>
        <h1 className={styles.title}><Trans>Request</Trans></h1>
      </header>
      <div className={styles.place}>
        <section className={styles.card} aria-label={t`Request from ${name}`}>
          <Avatar id={request.from} name={name} size={72} />
          <h2 className={styles.name}><bdi>{name}</bdi></h2>
          {person?.handle !== undefined && person.name !== undefined && <p className={styles.hint}><bdi dir="ltr">@{person.handle}</bdi></p>}
          <p className={styles.hint}><Trans>Somebody new. They reached you by your handle or link.</Trans></p>
          {request.preview !== null && <blockquote className={styles.words} dir="auto">{request.preview}</blockquote>}
          <p className={styles.hint}><Trans>They don't see that you read this until you accept.</Trans></p>
          <Failure of={accept.error === undefined ? refuse : accept} />
          <div className={styles.actions}>
            <Button kind="primary" busy={accept.busy} onPress={() => void join()}><Trans>Accept</Trans></Button>
            <Button busy={refuse.busy} onPress={() => void drop("request.delete")}><Trans>Delete</Trans></Button>
            <Button kind="quietDanger" isDisabled={refuse.busy} onPress={() => void drop("request.block")}><Trans>Block</Trans></Button>
          </div>
        </section>
      </div>
    </>
  );
}
