// A chat of the address that this device does not hold.
import { Trans } from "@lingui/react/macro";
import { useNavigate } from "@tanstack/react-router";
import { MessageCircleOff } from "lucide-react";
import { Button } from "../../components/Button/Button.tsx";
import { EmptyState } from "../../components/EmptyState/EmptyState.tsx";
import styles from "./ChatPanes.module.css";

export function NoChat() {
  const navigate = useNavigate();
  return (
    <div className={styles.empty}>
      <EmptyState
        level={1}
        icon={<MessageCircleOff size={28} />}
        title={<Trans>This chat isn't on this device</Trans>}
        action={<Button onPress={() => void navigate({ to: "/chats" })}><Trans>Go to my chats</Trans></Button>}
      >
        <Trans>It was left, or belongs to another account.</Trans>
      </EmptyState>
    </div>
  );
}
