// A word about something done, with one way back. What went wrong has its own place instead.
import { useLingui } from "@lingui/react/macro";
import { X } from "lucide-react";
import {
  Button,
  Text,
  UNSTABLE_Toast as AriaToast,
  UNSTABLE_ToastContent as ToastContent,
  UNSTABLE_ToastList as ToastList,
  UNSTABLE_ToastQueue as ToastQueue,
  UNSTABLE_ToastRegion as ToastRegion,
} from "react-aria-components";
import styles from "./Toast.module.css";

interface ToastWords {
  text: string;
  action?: { label: string; onPress: () => void };
}

const queue = new ToastQueue<ToastWords>({ maxVisibleToasts: 2 });

export interface ToastOptions extends Partial<Pick<ToastWords, "action">> {
  /** Ms until it goes by itself, when nobody looks at it. */
  timeout?: number;
  /** Also when nobody pressed anything. */
  onClose?: () => void;
}

/** Shows a toast; gives the function that takes it away. */
export function toast(text: string, { action, timeout = 5000, onClose }: ToastOptions = {}): () => void {
  const words = action === undefined ? { text } : { text, action };
  const key = queue.add(words, { timeout, ...(onClose && { onClose }) });
  return () => queue.close(key);
}

/** Takes all of them away. */
export function clearToasts(): void {
  queue.clear();
}

/** Where toasts appear: once, in the app's frame. F6 comes here too. */
export function Toasts() {
  const { t } = useLingui();
  return (
    <ToastRegion queue={queue} aria-label={t`Notices`} className={styles.region ?? ""}>
      <ToastList<ToastWords> className={styles.list ?? ""}>
        {({ toast: shown }) => (
          <AriaToast toast={shown} className={styles.toast ?? ""}>
            <ToastContent className={styles.text ?? ""}><Text slot="title">{shown.content.text}</Text></ToastContent>
            {shown.content.action !== undefined && (
              <Button
                className={styles.action ?? ""}
                onPress={() => {
                  shown.content.action?.onPress();
                  queue.close(shown.key);
                }}
              >
                {shown.content.action.label}
              </Button>
            )}
            <Button slot="close" className={styles.close ?? ""} aria-label={t`Dismiss`}><X size={16} aria-hidden="true" /></Button>
          </AriaToast>
        )}
      </ToastList>
    </ToastRegion>
  );
}
