// An address that leads nowhere.
import { Trans } from "@lingui/react/macro";
import { useNavigate } from "@tanstack/react-router";
import { Compass } from "lucide-react";
import { Button } from "../components/Button/Button.tsx";
import { EmptyState } from "../components/EmptyState/EmptyState.tsx";
import styles from "./Missing.module.css";

export function Missing() {
  const navigate = useNavigate();
  const back = <Button kind="primary" onPress={() => void navigate({ to: "/chats" })}><Trans>Go to my chats</Trans></Button>;
  return (
    <main className={styles.missing}>
      <EmptyState level={1} icon={<Compass size={28} />} title={<Trans>Nothing is here</Trans>} action={back}><Trans>This address leads nowhere. Your chats are where they were.</Trans></EmptyState>
    </main>
  );
}
