// Somebody to write to: by handle, or by sharing one's own link.
import { Trans, useLingui } from "@lingui/react/macro";
import { useNavigate } from "@tanstack/react-router";
import { ChevronLeft, ChevronRight, QrCode, UsersRound } from "lucide-react";
import { Button } from "react-aria-components";
import { IconButton } from "../../components/IconButton/IconButton.tsx";
import options from "../people/Options.module.css";
import { SayHi } from "../people/SayHi.tsx";
import { ShareLink } from "../people/ShareLink.tsx";
import styles from "./NewChat.module.css";

export function NewChat() {
  const { t } = useLingui();
  const navigate = useNavigate();
  return (
    <>
      <header className={styles.head}>
        <IconButton label={t`Back`} onPress={() => void navigate({ to: "/chats" })}><ChevronLeft data-flip="" /></IconButton>
        <h1 className={styles.title}><Trans>New chat</Trans></h1>
      </header>
      <div className={styles.body}>
        <SayHi autoFocus hint={t`The name after the @, as they told you.`} />
        <div className={options.box}>
          <Button className={options.option ?? ""} onPress={() => void navigate({ to: "/new/group" })}>
            <UsersRound size={20} aria-hidden="true" /><span className={options.words}><Trans>New group</Trans></span><ChevronRight size={16} data-flip="" aria-hidden="true" />
          </Button>
          <ShareLink />
          <Button className={options.option ?? ""} onPress={() => void navigate({ to: "/me/code" })}>
            <QrCode size={20} aria-hidden="true" /><span className={options.words}><Trans>Show my code</Trans><small><Trans>Or open a link that somebody sent</Trans></small></span><ChevronRight size={16} data-flip="" aria-hidden="true" />
          </Button>
        </div>
      </div>
    </>
  );
}
