// One person: who they are, and what can be done.
import { Trans, useLingui } from "@lingui/react/macro";
import { getRouteApi, Outlet, useNavigate } from "@tanstack/react-router";
import { ChevronLeft, MessageCircle } from "lucide-react";
import { Avatar } from "../../components/Avatar/Avatar.tsx";
import { Button } from "../../components/Button/Button.tsx";
import { Failure } from "../../components/Failure/Failure.tsx";
import { IconButton } from "../../components/IconButton/IconButton.tsx";
import { TrustBadge } from "../../components/TrustBadge/TrustBadge.tsx";
import { usePerson } from "../../model/people.ts";
import { nameOf } from "../../text/names.ts";
import card from "../chats/RequestCard.module.css";
import details from "../info/Details.module.css";
import { VerifyRow } from "../trust/VerifyRow.tsx";
import { BlockRow } from "./BlockRow.tsx";
import { useOpenChat } from "./SayHi.tsx";
import { TrustWords } from "./TrustWords.tsx";

const here = getRouteApi("/app/people/people/$id");

export function PersonPage() {
  const { t } = useLingui();
  const { id } = here.useParams();
  const navigate = useNavigate();
  const person = usePerson(id);
  const { busy, error, failed, open } = useOpenChat();
  const name = nameOf(person ?? { user: id });
  return (
    <>
      <header className={card.head}>
        <span className={card.back}><IconButton label={t`Back`} onPress={() => void navigate({ to: "/people" })}><ChevronLeft data-flip="" /></IconButton></span>
        <h2 className={card.title}><bdi>{name}</bdi></h2>
      </header>
      <div className={card.place}>
        <section className={card.card} aria-label={name}>
          <div className={details.hero}>
            <Avatar id={id} name={name} size={88} />
            <h3><bdi>{name}</bdi>{person !== undefined && <TrustBadge state={person.state} size={18} />}</h3>
            {person?.handle !== undefined && person.name !== undefined && <p className={card.hint}><bdi dir="ltr">@{person.handle}</bdi></p>}
            {person !== undefined && <p className={card.hint}><TrustWords state={person.state} /></p>}
          </div>
          <Failure of={{ error, failed }} />
          <Button kind="primary" icon={<MessageCircle size={18} />} busy={busy} onPress={() => void open(`@${person?.handle ?? ""}`, id)}><Trans>Message</Trans></Button>
          {person !== undefined && <VerifyRow state={person.state} onPress={() => void navigate({ to: "/people/$id/verify", params: { id } })} />}
          <BlockRow user={id} name={name} />
        </section>
      </div>
      <Outlet />
    </>
  );
}
