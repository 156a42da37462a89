// Who one is here: name, address, password, and the two ways to leave.
import { useState, type FormEvent } from "react";
import { Trans, useLingui } from "@lingui/react/macro";
import { useNavigate } from "@tanstack/react-router";
import { AtSign, LogOut, Mail, QrCode, Trash2 } from "lucide-react";
import type { WhoAmI } from "../../../../../client-core/bindings/chatty.ts";
import { useCall } from "../../../app/useCall.ts";
import { Avatar } from "../../../components/Avatar/Avatar.tsx";
import { Button } from "../../../components/Button/Button.tsx";
import { Failure } from "../../../components/Failure/Failure.tsx";
import { TextField } from "../../../components/TextField/TextField.tsx";
import { usePerson, useRenewPerson } from "../../../model/people.ts";
import { useApi, useChatty } from "../../../model/use.ts";
import { Box, LinkRow, Page, Row } from "../parts.tsx";
import { DeleteAccount } from "../DeleteAccount.tsx";
import { SignOut } from "../SignOut.tsx";
import styles from "../Settings.module.css";

export function Account() {
  const navigate = useNavigate();
  const who = useChatty((state) => state.who);
  if (!who) return null;
  const code = () => void navigate({ to: "/welcome/code" });
  return (
    <Page title={<Trans>Account</Trans>} lead={<Trans>What you're called here, and how you get in.</Trans>}>
      <Name user={who.user} handle={who.handle} />
      <Box title={<Trans>Sign-in</Trans>}>
        <Row id="handle" icon={<AtSign size={20} />} title={<Trans>Handle</Trans>} hint={<Trans>People find you with it. It stays as it is.</Trans>}><bdi dir="ltr">@{who.handle}</bdi></Row>
        <Row id="email" icon={<Mail size={20} />} title={<Trans>Email</Trans>} hint={who.verified_email ? <Trans>Confirmed. Only to get back in.</Trans> : <Trans>Not confirmed yet: you can't send messages.</Trans>}>
          {!who.verified_email && <Button size="small" onPress={code}><Trans>Type the code</Trans></Button>}
        </Row>
      </Box>
      <Password />
      <Leave who={who} />
    </Page>
  );
}

function Name({ user, handle }: { user: string; handle: string }) {
  const { t } = useLingui();
  const api = useApi();
  const me = usePerson(user);
  const renew = useRenewPerson();
  const { busy, error, run } = useCall();
  const [typed, setTyped] = useState<string>();
  const [saved, setSaved] = useState(false);
  const name = typed ?? me?.name ?? "";
  async function save(event: FormEvent): Promise<void> {
    event.preventDefault();
    if (busy || name.trim() === "") return;
    const done = await run(() => api.call("profile.set", { name: name.trim() }));
    if (done === undefined) return;
    await renew(user);
    setTyped(undefined);
    setSaved(true);
  }
  return (
    <Box title={<Trans>Profile</Trans>}>
      <Row icon={<Avatar id={user} name={name === "" ? handle : name} size={56} />} title={<bdi>{me?.name ?? `@${handle}`}</bdi>} hint={<bdi dir="ltr">@{handle}</bdi>} />
      <LinkRow id="code" to="/me/code" icon={<QrCode size={20} />} title={<Trans>My code</Trans>} hint={<Trans>For people who want to write to you.</Trans>} />
      <Row id="name">
        <form className={styles.form} onSubmit={(event) => void save(event)}>
          <TextField label={t`Name`} value={name} onChange={(now) => { setTyped(now); setSaved(false); }} maxLength={64} autoComplete="name" hint={t`What people see. It travels inside the encryption.`} {...(error === undefined ? {} : { error })} />
          <Button type="submit" busy={busy} isDisabled={typed === undefined || name.trim() === "" || name.trim() === me?.name}><Trans>Save</Trans></Button>
          <p role="status" className={styles.ok}>{saved && <Trans>Saved. Others get it with your messages, within a day or so.</Trans>}</p>
        </form>
      </Row>
    </Box>
  );
}

function Password() {
  const { t } = useLingui();
  const api = useApi();
  const { busy, error, failed, run } = useCall({ not_allowed: t`The current password is not right. Check it, or set a new one by email.` });
  const [old, setOld] = useState("");
  const [fresh, setFresh] = useState("");
  const [looked, look] = useState(false);
  const [saved, setSaved] = useState(false);
  const short = [...fresh].length < 8;
  async function save(event: FormEvent): Promise<void> {
    event.preventDefault();
    look(true);
    setSaved(false);
    if (busy || old === "" || short) return;
    const done = await run(() => api.call("account.change_password", { old, new: fresh }));
    if (done === undefined) return;
    setOld("");
    setFresh("");
    look(false);
    setSaved(true);
  }
  return (
    <Box title={<Trans>Change password</Trans>} note={<Trans>Other places where you are signed in have to sign in again.</Trans>}>
      <Row id="password">
        <form className={styles.form} onSubmit={(event) => void save(event)} noValidate>
          <TextField label={t`Current password`} type="password" value={old} onChange={setOld} autoComplete="current-password" {...(looked && old === "" ? { error: t`Type your current password.` } : {})} />
          <TextField label={t`New password`} type="password" value={fresh} onChange={setFresh} autoComplete="new-password" hint={t`At least 8 characters.`} {...(looked && short ? { error: t`Use at least 8 characters.` } : {})} />
          <Failure of={{ error, failed }} />
          <Button type="submit" busy={busy}><Trans>Change password</Trans></Button>
          <p role="status" className={styles.ok}>{saved && <Trans>Changed.</Trans>}</p>
        </form>
      </Row>
    </Box>
  );
}

function Leave({ who }: { who: WhoAmI }) {
  const [leaving, leave] = useState(false);
  const [deleting, askDelete] = useState(false);
  return (
    <Box title={<Trans>Leave</Trans>}>
      <Row id="out" icon={<LogOut size={20} />} title={<Trans>Sign out</Trans>} hint={<Trans>This device forgets your messages.</Trans>}>
        <Button size="small" onPress={() => leave(true)}><Trans>Sign out</Trans></Button>
      </Row>
      <Row id="delete" icon={<Trash2 size={20} />} title={<Trans>Delete account</Trans>} hint={<Trans>For good: devices, chats and handle.</Trans>}>
        <Button size="small" kind="quietDanger" onPress={() => askDelete(true)}><Trans>Delete</Trans></Button>
      </Row>
      <SignOut isOpen={leaving} onOpenChange={leave} />
      <DeleteAccount who={who} isOpen={deleting} onOpenChange={askDelete} />
    </Box>
  );
}
