// Somebody to write to: by handle, or by sharing one's own link.
import { Trans, useLingui } from "@lingui/react/macro";
import { useNavigate } from "@tanstack/react-router";
import { ChevronLeft } from "lucide-react";
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
        <div className={options.box}><ShareLink /></div>
      </div>
    </>
  );
}
