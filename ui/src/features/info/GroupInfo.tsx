// A group: its title, who is in it, and the way out.
import { useState, type FormEvent } from "react";
import { Plural, Trans, useLingui } from "@lingui/react/macro";
import { useNavigate } from "@tanstack/react-router";
import { ChevronRight, LogOut, Pencil, Users } from "lucide-react";
import { Button as AriaButton } from "react-aria-components";
import { useCall } from "../../app/useCall.ts";
import { AlertDialog } from "../../components/AlertDialog/AlertDialog.tsx";
import { Avatar } from "../../components/Avatar/Avatar.tsx";
import { Button } from "../../components/Button/Button.tsx";
import { Dialog } from "../../components/Dialog/Dialog.tsx";
import { Failure } from "../../components/Failure/Failure.tsx";
import { IconButton } from "../../components/IconButton/IconButton.tsx";
import { TextField } from "../../components/TextField/TextField.tsx";
import { useApi, useChatty } from "../../model/use.ts";
import type { Chat } from "../chats/rows.ts";
import { useInfo } from "./Details.tsx";
import { Quick } from "./Info.tsx";
import { Settings } from "./Settings.tsx";
import { useMembers } from "./useMembers.ts";
import styles from "./Details.module.css";

export function GroupInfo({ chat }: { chat: Chat }) {
  const { t } = useLingui();
  const me = useChatty((state) => state.who?.user);
  const members = useMembers(chat.id);
  const { members: showMembers } = useInfo(chat.id);
  const [renaming, rename] = useState(false);
  const inside = members?.filter((one) => one.status === "member") ?? [];
  const admin = inside.some((one) => one.user === me && one.role === "admin");
  return (
    <>
      <div className={styles.hero}>
        <Avatar id={chat.id} name={chat.title} group size={88} />
        <h3><bdi>{chat.title}</bdi>{admin && <IconButton label={t`Change the title`} size="small" onPress={() => rename(true)}><Pencil /></IconButton>}</h3>
        {members !== undefined && <p className={styles.sec}><Plural value={inside.length} one="# member" other="# members" /></p>}
      </div>
      <Quick chat={chat} />
      <div className={styles.list}>
        <AriaButton className={styles.row ?? ""} onPress={showMembers}>
          <Users size={20} aria-hidden="true" /><span className={styles.words}><Trans>Members</Trans></span>
          <span className={styles.end}><span className={styles.sec}>{members?.length}</span><ChevronRight size={16} data-flip="" aria-hidden="true" /></span>
        </AriaButton>
      </div>
      <Settings chat={chat} />
      <hr className={styles.line} />
      <div className={styles.list}><Leave chat={chat} /></div>
      {renaming && <Rename chat={chat} onClose={() => rename(false)} />}
    </>
  );
}

function Rename({ chat, onClose }: { chat: Chat; onClose: () => void }) {
  const { t } = useLingui();
  const api = useApi();
  const { busy, error, run } = useCall();
  const [title, setTitle] = useState(chat.title);
  async function save(event?: FormEvent): Promise<void> {
    event?.preventDefault();
    if (title.trim() === "") return;
    const done = await run(() => api.call("group.rename", { chat: chat.id, title: title.trim() }));
    if (done !== undefined) onClose();
  }
  const actions = <><Button kind="quiet" onPress={onClose}><Trans>Cancel</Trans></Button><Button kind="primary" busy={busy} onPress={() => void save()}><Trans>Save</Trans></Button></>;
  return (
    <Dialog title={<Trans>Title of the group</Trans>} isOpen onOpenChange={onClose} actions={actions}>
      <form onSubmit={(event) => void save(event)}>
        <TextField label={t`Title`} value={title} onChange={setTitle} maxLength={60} autoFocus {...(error === undefined ? {} : { error })} />
      </form>
    </Dialog>
  );
}

function Leave({ chat }: { chat: Chat }) {
  const { t } = useLingui();
  const api = useApi();
  const navigate = useNavigate();
  const { busy, error, failed, run } = useCall();
  const [asking, ask] = useState(false);
  async function leave(): Promise<void> {
    const done = await run(() => api.call("group.leave", { chat: chat.id }));
    if (done !== undefined) void navigate({ to: "/chats" });
  }
  if (chat.state === "left") return <p className={styles.pad}><Trans>You left this group.</Trans></p>;
  return (
    <>
      <AriaButton className={styles.row ?? ""} data-danger="" onPress={() => ask(true)}><LogOut size={20} aria-hidden="true" /><span><Trans>Leave group</Trans></span></AriaButton>
      <AlertDialog title={<Trans>Leave <bdi>{chat.title}</bdi>?</Trans>} action={t`Leave`} danger busy={busy} isOpen={asking} onOpenChange={ask} onAction={() => void leave()}>
        <p><Trans>You get nothing from it any more. If you are its only admin, the longest member becomes one.</Trans></p>
        <Failure of={{ error, failed }} />
      </AlertDialog>
    </>
  );
}
