// What is known of who somebody is, in a sentence.
import { Trans } from "@lingui/react/macro";
import type { ContactState } from "../../../../client-core/bindings/chatty.ts";

export function TrustWords({ state }: { state: ContactState }) {
  switch (state) {
    case "new":
      return <Trans>Somebody new</Trans>;
    case "known":
      return <Trans>Encrypted. Not verified yet.</Trans>;
    case "verified":
      return <Trans>Verified: you compared in person or by phone.</Trans>;
    case "changed":
      return <Trans>This handle or their devices changed. Check who it is.</Trans>;
    case "verifiedChanged":
      return <Trans>You verified them, and something changed. Check who it is.</Trans>;
  }
}
