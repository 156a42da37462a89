// One quiet line about the account of the person one writes with; never unread, never a window (ui.md §2.6).
import { Trans, useLingui } from "@lingui/react/macro";
import { RefreshCw, Shield } from "lucide-react";
import { Button } from "react-aria-components";
import type { Chat } from "../../../../client-core/bindings/chatty.ts";
import { openVerify } from "../../app/layers.ts";
import { useTrustNews, type TrustNews } from "../../model/trustNews.ts";
import { clock } from "../../text/time.ts";
import styles from "./Rules.module.css";

export function TrustLine({ chat }: { chat: Chat }) {
  const user = chat.kind === "direct" ? chat.with : undefined;
  const news = useTrustNews(user);
  if (user === undefined || news === undefined) return null;
  return (
    <p className={styles.gap} role="status">
      <span>{news.kind === "stale" ? <RefreshCw aria-hidden /> : <Shield aria-hidden />}<Words news={news} name={chat.title} /> {news.kind === "demoted" && <Button className={styles.act ?? ""} onPress={() => openVerify(user)}><Trans>Verify again</Trans></Button>}</span>
    </p>
  );
}

function Words({ news, name }: { news: TrustNews; name: string }) {
  const { i18n } = useLingui();
  const time = clock(news.atMs, i18n.locale);
  switch (news.kind) {
    case "changed":
      return <Trans>The account of <bdi>{name}</bdi> changed at {time}</Trans>;
    case "demoted":
      return <Trans><bdi>{name}</bdi> doesn't count as verified any more. Compare again when you can.</Trans>;
    case "stale":
      return <Trans>The device list of <bdi>{name}</bdi> may be out of date. Chatty keeps asking for it.</Trans>;
  }
}
