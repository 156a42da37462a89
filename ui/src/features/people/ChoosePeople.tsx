// Several people of those known, or by handle.
import { useState, type FormEvent } from "react";
import { Trans, useLingui } from "@lingui/react/macro";
import type { ContactState } from "../../../../client-core/bindings/chatty.ts";
import { useCall } from "../../app/useCall.ts";
import { Avatar } from "../../components/Avatar/Avatar.tsx";
import { Button } from "../../components/Button/Button.tsx";
import { Checkbox } from "../../components/Checkbox/Checkbox.tsx";
import { TextField } from "../../components/TextField/TextField.tsx";
import { TrustBadge } from "../../components/TrustBadge/TrustBadge.tsx";
import { useApi } from "../../model/use.ts";
import { nameOf } from "../../text/names.ts";
import { tidy } from "../welcome/handle.ts";
import { useEverybody } from "./useEverybody.ts";
import styles from "./ChoosePeople.module.css";

export interface ChoosePeopleProps {
  /** User ids. */
  chosen: ReadonlySet<string>;
  onChange: (chosen: ReadonlySet<string>) => void;
  /** Not offered. */
  without?: readonly string[];
}

interface Row {
  user: string;
  name?: string;
  handle?: string;
  state?: ContactState;
}

export function ChoosePeople({ chosen, onChange, without = [] }: ChoosePeopleProps) {
  const { t } = useLingui();
  const api = useApi();
  const known = useEverybody();
  const [more, setMore] = useState<readonly Row[]>([]);
  const [handle, setHandle] = useState("");
  const unknown = t`Nobody has this handle here. Check the spelling.`;
  const { busy, error, clear, run } = useCall({ no_such_person: unknown, not_found: unknown });

  function set(user: string, on: boolean): void {
    const next = new Set(chosen);
    if (on) next.add(user);
    else next.delete(user);
    onChange(next);
  }
  async function add(event: FormEvent): Promise<void> {
    event.preventDefault();
    // The form around it, if there is one, is another matter.
    event.stopPropagation();
    const typed = tidy(handle);
    if (typed === "" || busy) return;
    const found = await run(() => api.call("profile.get", { person: `@${typed}` }));
    if (found === undefined) return;
    setMore((now) => [...now.filter((one) => one.user !== found.user), { ...found, handle: found.handle ?? typed }]);
    set(found.user, true);
    setHandle("");
  }
  const listed: Row[] = [...(known ?? []).filter((one) => !one.blocked), ...more.filter((one) => known?.some((other) => other.user === one.user) !== true)];
  const rows = listed.filter((one) => !without.includes(one.user));
  return (
    <div className={styles.choose}>
      <form className={styles.form} onSubmit={(event) => void add(event)} noValidate>
        <TextField label={t`Add by handle`} prefix="@" value={handle} onChange={(typed) => { setHandle(typed); clear(); }} autoComplete="off" spellCheck="false" {...(error === undefined ? {} : { error })} />
        <Button type="submit" busy={busy} isDisabled={tidy(handle) === ""}><Trans>Add</Trans></Button>
      </form>
      {rows.length === 0 ? <p className={styles.none}><Trans>Nobody to choose yet. Type a handle.</Trans></p> : (
        <ul className={styles.list} aria-label={t`People`}>
          {rows.map((one) => (
            <li key={one.user}>
              <Checkbox isSelected={chosen.has(one.user)} onChange={(on) => set(one.user, on)}>
                <span className={styles.person}><Avatar id={one.user} name={nameOf(one)} size={36} /><bdi>{nameOf(one)}</bdi>{one.state !== undefined && <TrustBadge state={one.state} size={14} />}</span>
              </Checkbox>
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}
