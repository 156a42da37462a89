// The state of the connection in two or three words.
import { useLingui } from "@lingui/react/macro";
import { useChatty } from "../model/use.ts";

export function useLinkWords(): string {
  const { t } = useLingui();
  const link = useChatty((state) => state.sync?.link);
  switch (link) {
    case "online":
      return t`Connected`;
    case "noInternet":
      return t`No internet`;
    case "serverDown":
      return t`Can't reach it`;
    case "signedOut":
      return t`Signed out`;
    default:
      return t`Connecting`;
  }
}
