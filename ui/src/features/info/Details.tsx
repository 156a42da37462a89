// The pane beside a conversation: a third column, a layer over it, or the whole of a narrow window.
import type { ReactNode } from "react";
import { useLingui } from "@lingui/react/macro";
import { useNavigate } from "@tanstack/react-router";
import { ChevronLeft, X } from "lucide-react";
import { IconButton } from "../../components/IconButton/IconButton.tsx";
import styles from "./Details.module.css";

export interface DetailsProps {
  title: ReactNode;
  /** Where X leads. */
  close: () => void;
  /** One level up inside the details, where there is one. */
  back?: () => void;
  children: ReactNode;
}

export function Details({ title, close, back, children }: DetailsProps) {
  const { t } = useLingui();
  return (
    <aside className={styles.details} data-pane="" aria-label={t`Details`}>
      <header className={styles.head}>
        {back !== undefined && <IconButton label={t`Back`} size="small" onPress={back}><ChevronLeft data-flip="" /></IconButton>}
        <h2>{title}</h2>
        <IconButton label={t`Close details`} onPress={close}><X /></IconButton>
      </header>
      <div className={styles.body}>{children}</div>
    </aside>
  );
}

/** Goes back to the conversation, or to its details. */
export function useInfo(chat: string) {
  const navigate = useNavigate();
  return {
    close: () => void navigate({ to: "/c/$chat", params: { chat } }),
    info: () => void navigate({ to: "/c/$chat/info", params: { chat } }),
    members: () => void navigate({ to: "/c/$chat/members", params: { chat } }),
  };
}
