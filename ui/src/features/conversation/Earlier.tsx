// What a message said before it was changed.
import { Trans, useLingui } from "@lingui/react/macro";
import { Copy } from "lucide-react";
import { useEffect, useState } from "react";
import type { ApiError, Message, MessageVersion } from "../../../../client-core/bindings/chatty.ts";
import { Button } from "../../components/Button/Button.tsx";
import { Spinner } from "../../components/Spinner/Spinner.tsx";
import { toast } from "../../components/Toast/Toast.tsx";
import { useApi } from "../../model/use.ts";
import { errorText } from "../../text/errors.ts";
import { moment } from "../../text/time.ts";
import styles from "./Earlier.module.css";

export function Earlier({ message }: { message: Message }) {
  const api = useApi();
  const { t, i18n } = useLingui();
  const [versions, setVersions] = useState<readonly MessageVersion[] | undefined>(undefined);
  const [error, setError] = useState<ApiError | undefined>(undefined);
  useEffect(() => {
    api.call("message.versions", { chat: message.conv, message: message.id }).then(setVersions, setError);
  }, [api, message]);
  if (error !== undefined) return <p role="alert">{errorText(error, i18n.locale).title}</p>;
  if (versions === undefined) return <Spinner />;
  const all = versions.map(({ text, at_ms }) => [at_ms > 0 && moment(at_ms, i18n.locale), text].filter(Boolean).join("\n")).join("\n\n");
  return (
    <>
      <ol className={styles.versions}>
        {versions.map((version, index) => (
          <li key={index}>
            {version.at_ms > 0 && <time dateTime={new Date(version.at_ms).toISOString()}>{moment(version.at_ms, i18n.locale)}</time>}
            <span className={styles.text} dir="auto">{version.text}</span>
          </li>
        ))}
      </ol>
      <Button kind="quiet" size="small" icon={<Copy />} onPress={() => void navigator.clipboard.writeText(all).then(() => toast(t`Copied`))}><Trans>Copy all</Trans></Button>
    </>
  );
}
