// Why a message was not sent, in words (ui.md §2.8 row 12).
import { useLingui } from "@lingui/react/macro";

export function useFailure(): (reason: string | undefined) => string {
  const { t } = useLingui();
  return (reason) => {
    switch (reason) {
      case "too_large":
        return t`Not sent. Too long for this server`;
      case "quota":
      case "storage_full":
      case "inbox_full":
        return t`Not sent. No space on the server`;
      case "blocked_or_unknown":
      case "gone":
      case "claim_refused":
        return t`Not sent. You can't message this person`;
      case "not_member":
      case "not_allowed":
      case "chat_closed":
        return t`Not sent. You can't write in this chat`;
      case "trust_changed":
        return t`Not sent. Check who this is first`;
      case "needs_update":
        return t`Not sent. This needs a newer Chatty`;
      default:
        return t`Not sent`;
    }
  };
}
