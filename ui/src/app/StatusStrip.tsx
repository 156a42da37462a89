// The connection, where it is not as it should be: a sentence at the edge of the list, no window.
import { useEffect, useState } from "react";
import { Plural, Trans } from "@lingui/react/macro";
import { useNavigate } from "@tanstack/react-router";
import { CloudOff, WifiOff } from "lucide-react";
import type { LinkState } from "../../../client-core/bindings/chatty.ts";
import { Banner } from "../components/Banner/Banner.tsx";
import { Button } from "../components/Button/Button.tsx";
import { Spinner } from "../components/Spinner/Spinner.tsx";
import { useApi, useChatty } from "../model/use.ts";
import { useSecondsUntil } from "./useSecondsUntil.ts";

/** A short break says nothing. */
const PATIENCE_MS = 2000;

/** The state, once it has lasted. */
function useLasting(link: LinkState | undefined): LinkState | undefined {
  const [lasting, setLasting] = useState<LinkState | undefined>("online");
  useEffect(() => {
    const timer = setTimeout(() => setLasting(link), link === "online" ? 0 : PATIENCE_MS);
    return () => clearTimeout(timer);
  }, [link]);
  return link === "online" ? "online" : lasting;
}

function Waiting({ count }: { count: number }) {
  if (count === 0) return <Trans>Messages will send when you're back.</Trans>;
  return <Plural value={count} one="# message will send when you're back." other="# messages will send when you're back." />;
}

export function StatusStrip() {
  const navigate = useNavigate();
  const api = useApi();
  const sync = useChatty((state) => state.sync);
  const checked = useChatty((state) => state.who?.verified_email);
  const link = useLasting(sync?.link);
  const [since, setSince] = useState({ wait: 0, at: 0 });
  const wait = sync?.retry_in_ms ?? 0;
  useEffect(() => setSince({ wait, at: Date.now() }), [wait, sync]);
  const seconds = useSecondsUntil(since.at + since.wait);
  // Without a checked address the server takes nothing; the list says so already.
  if (sync === undefined || checked !== true) return null;
  if (link === "noInternet") return <Banner kind="notice" place="strip" live icon={<WifiOff size={18} />} title={<Trans>No internet</Trans>}><Waiting count={sync.outbox} /></Banner>;
  if (link === "serverDown") {
    const actions = (
      <>
        {/* Its answer comes as an event, like every change of the connection. */}
        <Button size="small" onPress={() => void api.call("sync.retry", {}).catch(() => undefined)}><Trans>Retry now</Trans></Button>
        <Button size="small" kind="quiet" onPress={() => void navigate({ to: "/settings/$page", params: { page: "server" }, search: {} })}><Trans>Server status</Trans></Button>
      </>
    );
    return (
      <Banner kind="notice" place="strip" icon={<CloudOff size={18} />} title={<Trans>Can't reach <bdi>{location.host}</bdi></Trans>} actions={actions}>
        {seconds > 0 ? <Trans>Retrying in {seconds} s.</Trans> : <Trans>Retrying.</Trans>} <Waiting count={sync.outbox} />
      </Banner>
    );
  }
  if (link === "connecting") return <Banner kind="notice" place="strip" icon={<Spinner size={16} inline />}><Trans>Connecting</Trans></Banner>;
  return null;
}
