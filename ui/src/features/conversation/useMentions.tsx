// The list of people above the field while one types a name. The focus stays in the field.
import { useLingui } from "@lingui/react/macro";
import { useId, useState, type KeyboardEvent, type ReactNode, type RefObject } from "react";
import type { Member } from "../../../../client-core/bindings/chatty.ts";
import { Avatar } from "../../components/Avatar/Avatar.tsx";
import type { Draft } from "../../model/draft.ts";
import { nameOf } from "../../text/names.ts";
import styles from "./Mentions.module.css";
import { choose, matching, typedName } from "./mention.ts";
import type { Names } from "./useNames.ts";

interface Mentions {
  above: ReactNode;
  /** Of the field, for screen readers. */
  control: { "aria-controls"?: string; "aria-activedescendant"?: string; "aria-autocomplete"?: "list" };
  onKey(event: KeyboardEvent<HTMLTextAreaElement>): boolean;
  onCaret(caret: number): void;
}

export function useMentions(draft: Draft, text: string, names: Names, field: RefObject<HTMLTextAreaElement | null>): Mentions {
  const { t } = useLingui();
  const id = useId();
  const [caret, setCaret] = useState(0);
  const [at, setAt] = useState(0);
  const [closed, setClosed] = useState<string | undefined>(undefined);
  const typed = typedName(text, Math.min(caret, text.length));
  const found = typed === undefined || closed === text ? [] : matching(names.members, typed, names.me);
  const current = Math.min(at, found.length - 1);

  function take(member: Member): void {
    const handle = member.handle ?? "";
    const next = choose(text, Math.min(caret, text.length), handle);
    draft.name(`@${handle}`, member.user);
    draft.setText(next.text);
    setCaret(next.caret);
    requestAnimationFrame(() => field.current?.setSelectionRange(next.caret, next.caret));
  }
  function onKey(event: KeyboardEvent<HTMLTextAreaElement>): boolean {
    const chosen = found[current];
    if (chosen === undefined) return false;
    if (event.key === "ArrowDown" || event.key === "ArrowUp") setAt((current + (event.key === "ArrowDown" ? 1 : found.length - 1)) % found.length);
    else if ((event.key === "Enter" && !event.shiftKey) || event.key === "Tab") take(chosen);
    else if (event.key === "Escape") setClosed(text);
    else return false;
    return true;
  }
  const option = (index: number): string => `${id}-${index}`;
  const above = found.length > 0 && (
    <ul id={id} role="listbox" aria-label={t`People in this group`} className={styles.list}>
      {found.map((member, index) => (
        <li
          key={member.user}
          id={option(index)}
          role="option"
          aria-selected={index === current}
          className={styles.person}
          // The field keeps the focus.
          onPointerDown={(event) => event.preventDefault()}
          onClick={() => take(member)}
        >
          <Avatar id={member.user} name={nameOf(member)} size={24} />
          <bdi className={styles.name}>{nameOf(member)}</bdi>
          <bdi className={styles.handle} dir="ltr">@{member.handle}</bdi>
        </li>
      ))}
    </ul>
  );
  return {
    above,
    control: found.length === 0 ? {} : { "aria-controls": id, "aria-activedescendant": option(current), "aria-autocomplete": "list" },
    onKey,
    onCaret: (now) => {
      setCaret(now);
      setAt(0);
    },
  };
}
