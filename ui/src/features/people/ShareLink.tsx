// One's own link: handed to the system's share sheet, else copied.
import { useEffect, useState } from "react";
import { Trans } from "@lingui/react/macro";
import { ChevronRight, Link2 } from "lucide-react";
import { Button } from "react-aria-components";
import { useApi, useChatty } from "../../model/use.ts";
import { shortLink } from "./invite.ts";
import styles from "./Options.module.css";

export function useInviteLink(): string | undefined {
  const api = useApi();
  const user = useChatty((state) => state.who?.user);
  const [link, setLink] = useState<string>();
  useEffect(() => {
    api.call("invite.link", {}).then((made) => setLink(made.link), () => undefined);
  }, [api, user]);
  return link;
}

/** Shares a link; says whether it was only copied. */
export async function share(link: string): Promise<"shared" | "copied" | "no"> {
  // Only touch systems have a share sheet that people know.
  if (matchMedia("(pointer: coarse)").matches && navigator.share !== undefined) {
    return navigator.share({ url: link }).then(() => "shared" as const, () => "no" as const);
  }
  return navigator.clipboard.writeText(link).then(() => "copied" as const, () => "no" as const);
}

export function ShareLink() {
  const link = useInviteLink();
  const [done, setDone] = useState<"shared" | "copied" | "no">();
  if (link === undefined) return null;
  return (
    <Button className={styles.option ?? ""} onPress={() => void share(link).then(setDone)}>
      <Link2 size={20} aria-hidden="true" />
      <span className={styles.words}>
        <Trans>Share my link</Trans>
        <small role="status">{done === "copied" ? <Trans>Copied. Paste it to somebody you like.</Trans> : <bdi dir="ltr">{shortLink(link)}</bdi>}</small>
      </span>
      <ChevronRight size={16} data-flip="" aria-hidden="true" />
    </Button>
  );
}
