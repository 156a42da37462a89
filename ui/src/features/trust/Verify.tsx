// Verifying a person: both read the same number from two screens, or they are not talking to each other.
import { useState, type ReactNode } from "react";
import { Trans, useLingui } from "@lingui/react/macro";
import { Hash, QrCode as QrIcon } from "lucide-react";
import type { ContactState, SafetyNumber } from "../../../../client-core/bindings/chatty.ts";
import { useCall, type Calling } from "../../app/useCall.ts";
import { Button } from "../../components/Button/Button.tsx";
import { Dialog } from "../../components/Dialog/Dialog.tsx";
import { Failure } from "../../components/Failure/Failure.tsx";
import { Skeleton } from "../../components/Skeleton/Skeleton.tsx";
import { Tabs } from "../../components/Tabs/Tabs.tsx";
import { toast } from "../../components/Toast/Toast.tsx";
import { usePerson } from "../../model/people.ts";
import { useApi } from "../../model/use.ts";
import { nameOf } from "../../text/names.ts";
import { QrCode } from "../people/QrCode.tsx";
import { Differ } from "./Differ.tsx";
import { Groups } from "./Groups.tsx";
import { useSafety } from "./useSafety.ts";
import styles from "./Verify.module.css";

export interface VerifyProps {
  user: string;
  /** Also "Not now": nothing has changed then. */
  onClose: () => void;
}

/** Takes the last word about it away. */
let told: (() => void) | undefined;

export function Verify({ user, onClose }: VerifyProps) {
  const { t } = useLingui();
  const person = usePerson(user);
  const { number, failed } = useSafety(user);
  const call = useCall();
  const api = useApi();
  const [differ, setDiffer] = useState(false);
  const name = nameOf(person ?? { user });
  async function set(verified: boolean): Promise<unknown> {
    const done = await call.run(() => api.call("person.set_verified", { user, verified }));
    // What was told before holds no longer.
    if (done !== undefined) told?.();
    return done;
  }
  async function match(): Promise<void> {
    if ((await set(true)) === undefined) return;
    told = toast(t`${name} is verified. You're told if that changes.`);
    onClose();
  }
  async function noMatch(): Promise<void> {
    // Whoever counts as verified does so no more; where sending is stopped already, it stays so.
    if (person?.state === "verified" && (await set(false)) === undefined) return;
    setDiffer(true);
  }
  const takeBack = () => void set(false).then((done) => done !== undefined && onClose());
  if (differ) return <Differ user={user} name={name} stopped={person?.state === "verifiedChanged"} onAgain={() => setDiffer(false)} onClose={onClose} />;
  const actions = <Answers state={person?.state} ready={number !== undefined} call={call} onClose={onClose} onMatch={() => void match()} onDiffer={() => void noMatch()} onTakeBack={takeBack} />;
  return (
    <Dialog size="wide" title={<Trans>Verify <bdi>{name}</bdi></Trans>} isOpen onOpenChange={onClose} actions={actions}>
      <div className={styles.verify}>
        <Why state={person?.state} name={name} />
        {number !== undefined && <Ways number={number} name={name} />}
        {number === undefined && !failed && <Skeleton shape="lines" count={3} />}
        {failed && <p role="alert" className={styles.hint}><Trans>The number can't be shown now. Close this and try again.</Trans></p>}
        <Failure of={call} />
      </div>
    </Dialog>
  );
}

/** What was so far, where that is more than nothing. */
function Why({ state, name }: { state: ContactState | undefined; name: string }): ReactNode {
  if (state === "verified") return <p className={styles.hint}><Trans>You compared with <bdi>{name}</bdi> already. Compare again whenever you like.</Trans></p>;
  if (state !== "changed" && state !== "verifiedChanged") return null;
  return <p className={styles.warn}><Trans>This account changed: it may be <bdi>{name}</bdi> starting fresh, or someone else. Ask on a call or in person, not in this chat.</Trans></p>;
}

/** As digits to read, and as a code that any camera reads. */
function Ways({ number, name }: { number: SafetyNumber; name: string }) {
  const { t } = useLingui();
  const digits = number.groups.join(" ");
  const compare = (
    <div className={styles.way}>
      <p className={styles.ask}><Trans>Do both screens show the same number?</Trans></p>
      <p className={styles.hint}><Trans>Ask <bdi>{name}</bdi> to open your details in Chatty and press Verify. Read the groups aloud on a call, or look at both screens.</Trans></p>
      <Groups groups={number.groups} />
    </div>
  );
  const code = (
    <div className={styles.way}>
      <p className={styles.ask}><Trans>Does a camera read the same number?</Trans></p>
      <p className={styles.hint}><Trans><bdi>{name}</bdi> points any camera here. It shows the number, to be compared with the one on their screen.</Trans></p>
      <div className={styles.code}><QrCode text={digits} label={t`Code of the number`} /></div>
    </div>
  );
  return (
    <Tabs
      label={t`Ways to compare`}
      tabs={[
        { id: "number", title: <Trans>Number</Trans>, icon: <Hash size={16} />, content: compare },
        { id: "code", title: <Trans>Code</Trans>, icon: <QrIcon size={16} />, content: code },
      ]}
    />
  );
}

interface AnswersProps {
  state: ContactState | undefined;
  ready: boolean;
  call: Calling;
  onClose: () => void;
  onMatch: () => void;
  onDiffer: () => void;
  onTakeBack: () => void;
}

function Answers({ state, ready, call, onClose, onMatch, onDiffer, onTakeBack }: AnswersProps) {
  const differ = <Button isDisabled={!ready || call.busy} onPress={onDiffer}><Trans>They do not match</Trans></Button>;
  if (state === "verified") {
    return (
      <>
        <Button kind="quiet" onPress={onClose}><Trans>Not now</Trans></Button>
        <Button kind="quietDanger" isDisabled={call.busy} onPress={onTakeBack}><Trans>Take verified back</Trans></Button>
        {differ}
        <Button kind="primary" onPress={onClose}><Trans>Still the same</Trans></Button>
      </>
    );
  }
  return (
    <>
      <Button kind="quiet" onPress={onClose}><Trans>Not now</Trans></Button>
      {differ}
      <Button kind="primary" isDisabled={!ready} busy={call.busy} onPress={onMatch}><Trans>They match</Trans></Button>
    </>
  );
}
