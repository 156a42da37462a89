// The one sentence that a screen reader says for a message: who, what, what about it, when.
import { plural } from "@lingui/core/macro";
import { useLingui } from "@lingui/react/macro";
import type { Message } from "../../../../client-core/bindings/chatty.ts";
import { clock } from "../../text/time.ts";
import { useFailure } from "./failure.ts";
import { stepOf, useStepWord } from "./Ladder.tsx";
import { useWithheld } from "./Withheld.tsx";

export function useLabel(): (message: Message, name: string, mine: boolean, answers?: string) => string {
  const { t, i18n } = useLingui();
  const withheld = useWithheld();
  const stepWord = useStepWord();
  const failure = useFailure();
  return (message, name, mine, answers) => {
    const why = withheld(message, name);
    const what = message.deleted ? t`deleted message` : (message.text ?? [why?.title, why?.detail].filter(Boolean).join(". "));
    const step = mine && !message.deleted ? stepOf(message.state) : undefined;
    const reactions = message.reactions.reduce((sum, reaction) => sum + reaction.by.length, 0);
    return [
      name,
      what,
      message.reply_to !== undefined && (answers === undefined ? t`reply` : t`reply to ${answers}`),
      message.edited && t`edited`,
      clock(message.at_ms, i18n.locale),
      reactions > 0 && plural(reactions, { one: "# reaction", other: "# reactions" }),
      step !== undefined && (step === "failed" ? failure(message.reason) : stepWord(step)),
    ].filter(Boolean).join(", ");
  };
}
