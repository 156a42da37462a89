// The way out where the browser removed a part of what it kept: begin again here, after a look at what is lost.
import { useEffect, useState } from "react";
import { Trans, useLingui } from "@lingui/react/macro";
import { AlertDialog } from "../../components/AlertDialog/AlertDialog.tsx";
import { Button } from "../../components/Button/Button.tsx";
import { useModel } from "../../model/use.ts";
import { asApiError, errorText } from "../../text/errors.ts";
import { size } from "../../text/size.ts";

export function StartOver() {
  const { i18n, t } = useLingui();
  const { home } = useModel();
  const [asks, setAsks] = useState(false);
  const [busy, setBusy] = useState(false);
  const [bytes, setBytes] = useState<number | undefined>();
  const [fault, setFault] = useState<string | undefined>();
  useEffect(() => {
    if (asks) void home?.remains().then((left) => setBytes(left.bytes), () => setBytes(undefined));
  }, [asks, home]);
  if (home === undefined) return null;
  async function begin(): Promise<void> {
    setBusy(true);
    try {
      await home?.startOver();
    } catch (error) {
      const words = errorText(asApiError(error), i18n.locale);
      setFault(`${words.title}. ${words.next}`);
    }
    setBusy(false);
    setAsks(false);
  }
  const lost = bytes === undefined || bytes === 0 ? undefined : size(bytes, i18n.locale);
  return (
    <>
      {fault !== undefined && <p role="alert">{fault}</p>}
      <Button kind="quiet" onPress={() => setAsks(true)}><Trans>Start over</Trans></Button>
      <AlertDialog danger title={<Trans>Start over on this device?</Trans>} action={t`Start over`} busy={busy} onAction={() => void begin()} isOpen={asks} onOpenChange={setAsks}>
        {lost !== undefined && <p><Trans>{lost} of messages that cannot be opened any more are removed here.</Trans></p>}
        <p><Trans>Your account stays. Sign in again, then confirm this device with another one.</Trans></p>
      </AlertDialog>
    </>
  );
}
