// The recovery key of a new account, until the person says that it lies in safety.
import { useEffect, useState } from "react";
import { Trans, useLingui } from "@lingui/react/macro";
import { useNavigate } from "@tanstack/react-router";
import { Copy, Download, Printer } from "lucide-react";
import { useCall } from "../../app/useCall.ts";
import { Button } from "../../components/Button/Button.tsx";
import { Failure } from "../../components/Failure/Failure.tsx";
import { KeyDisplay } from "../../components/KeyDisplay/KeyDisplay.tsx";
import { Skeleton } from "../../components/Skeleton/Skeleton.tsx";
import { useChatty, useModel } from "../../model/use.ts";
import { Step } from "./Step.tsx";
import styles from "./Welcome.module.css";

/** Hands a text to the browser as a file. */
export function saveFile(name: string, text: string): void {
  const address = URL.createObjectURL(new Blob([text], { type: "text/plain" }));
  const link = document.createElement("a");
  link.href = address;
  link.download = name;
  link.click();
  URL.revokeObjectURL(address);
}

/** The key with its ways into safety; the same on the settings page. */
export function KeyCard({ onSaved }: { onSaved: () => void }) {
  const { t } = useLingui();
  const { api, store } = useModel();
  const handle = useChatty((state) => state.who?.handle ?? "");
  const [key, setKey] = useState<string>();
  const [copied, setCopied] = useState(false);
  const { busy, error, failed, run } = useCall();
  const reading = useCall();
  const { run: read } = reading;

  useEffect(() => {
    void read(() => api.call("recovery.show", {})).then((found) => setKey(found?.recovery_key));
    // Read once per screen: `read` is another function each time.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [api]);

  async function confirm(): Promise<void> {
    const done = await run(() => api.call("recovery.confirm", { recovery_key: key ?? "" }));
    if (done === undefined) return;
    store.setState({ keySaved: true });
    onSaved();
  }

  if (reading.error !== undefined) return <Failure of={reading} />;
  if (key === undefined) return <Skeleton shape="lines" count={4} />;
  const file = [`Chatty: ${t`Recovery key`} @${handle} (${location.host})`, "", key, ""].join("\n");
  return (
    <>
      <div data-print=""><KeyDisplay value={key} /></div>
      <div className={styles.row}>
        <Button size="small" icon={<Download size={16} />} onPress={() => saveFile(`chatty-recovery-key-${handle}.txt`, file)}><Trans>Save file</Trans></Button>
        <Button size="small" icon={<Printer size={16} />} onPress={() => window.print()}><Trans>Print</Trans></Button>
        <Button size="small" icon={<Copy size={16} />} onPress={() => void navigator.clipboard.writeText(key).then(() => setCopied(true))}>{copied ? <Trans>Copied</Trans> : <Trans>Copy</Trans>}</Button>
      </div>
      <Failure of={{ error, failed }} />
      <Button kind="primary" size="large" block busy={busy} onPress={() => void confirm()}><Trans>I saved it</Trans></Button>
    </>
  );
}

export function Key() {
  const navigate = useNavigate();
  const next = () => void navigate({ to: "/welcome/people" });
  const lead = <Trans>If you lose all your devices, this is the only way back to your account and messages. We can't look it up.</Trans>;
  return (
    <Step step={3} title={<Trans>Your recovery key</Trans>} lead={lead}>
      <KeyCard onSaved={next} />
      <Button kind="quiet" size="large" block onPress={next}><Trans>Later</Trans></Button>
    </Step>
  );
}
