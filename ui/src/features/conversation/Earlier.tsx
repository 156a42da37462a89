// What a message said before it was changed.
import { useLingui } from "@lingui/react/macro";
import { useEffect, useState } from "react";
import type { ApiError, Message, MessageVersion } from "../../../../client-core/bindings/chatty.ts";
import { Spinner } from "../../components/Spinner/Spinner.tsx";
import { useApi } from "../../model/use.ts";
import { errorText } from "../../text/errors.ts";
import { moment } from "../../text/time.ts";
import styles from "./Earlier.module.css";

export function Earlier({ message }: { message: Message }) {
  const api = useApi();
  const { i18n } = useLingui();
  const [versions, setVersions] = useState<readonly MessageVersion[] | undefined>(undefined);
  const [error, setError] = useState<ApiError | undefined>(undefined);
  useEffect(() => {
    api.call("message.versions", { chat: message.conv, message: message.id }).then(setVersions, setError);
  }, [api, message]);
  if (error !== undefined) return <p role="alert">{errorText(error, i18n.locale).title}</p>;
  if (versions === undefined) return <Spinner />;
  return (
    <ol className={styles.versions}>
      {versions.map((version, index) => (
        <li key={index}>
          {version.at_ms > 0 && <time dateTime={new Date(version.at_ms).toISOString()}>{moment(version.at_ms, i18n.locale)}</time>}
          <span className={styles.text} dir="auto">{version.text}</span>
        </li>
      ))}
    </ol>
  );
}
