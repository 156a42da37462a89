// A group: its title and who is invited. Whoever makes it is its admin.
import { useState } from "react";
import { Trans, useLingui } from "@lingui/react/macro";
import { useNavigate } from "@tanstack/react-router";
import { ChevronLeft } from "lucide-react";
import { useCall } from "../../app/useCall.ts";
import { Button } from "../../components/Button/Button.tsx";
import { Failure } from "../../components/Failure/Failure.tsx";
import { IconButton } from "../../components/IconButton/IconButton.tsx";
import { TextField } from "../../components/TextField/TextField.tsx";
import { useApi } from "../../model/use.ts";
import { ChoosePeople } from "../people/ChoosePeople.tsx";
import styles from "./NewChat.module.css";

export function NewGroup() {
  const { t } = useLingui();
  const api = useApi();
  const navigate = useNavigate();
  const { busy, error, failed, run } = useCall();
  const [title, setTitle] = useState("");
  const [chosen, choose] = useState<ReadonlySet<string>>(new Set());
  const [looked, look] = useState(false);
  async function create(): Promise<void> {
    look(true);
    if (title.trim() === "") return;
    const group = await run(() => api.call("group.create", { title: title.trim(), people: [...chosen] }));
    if (group !== undefined) void navigate({ to: "/c/$chat", params: { chat: group.id } });
  }
  return (
    <>
      <header className={styles.head}>
        <IconButton label={t`Back`} onPress={() => void navigate({ to: "/new" })}><ChevronLeft data-flip="" /></IconButton>
        <h1 className={styles.title}><Trans>New group</Trans></h1>
      </header>
      <div className={styles.body}>
        <TextField label={t`Title`} value={title} onChange={setTitle} maxLength={60} autoFocus {...(looked && title.trim() === "" ? { error: t`Give it a title. It can be changed.` } : {})} />
        <ChoosePeople chosen={chosen} onChange={choose} />
        <Failure of={{ error, failed }} />
        <Button kind="primary" size="large" block busy={busy} onPress={() => void create()}><Trans>Create group</Trans></Button>
      </div>
    </>
  );
}
