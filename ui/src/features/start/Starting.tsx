// What stands there while the engine loads.
import { Trans } from "@lingui/react/macro";
import { useChatty } from "../../model/use.ts";

export function Starting() {
  const stage = useChatty((state) => state.stage.name);
  return (
    <main aria-busy={stage === "starting"}>
      <h1>Chatty</h1>
      <output id="stage">{stage}</output>
      {stage === "waiting" && <p><Trans>Chatty is open in another tab.</Trans></p>}
    </main>
  );
}
