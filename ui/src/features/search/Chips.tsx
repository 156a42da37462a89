// Where, from whom and since when: each chip opens its choices, and says what was chosen.
import type { ReactNode } from "react";
import { useLingui } from "@lingui/react/macro";
import { Calendar, ChevronDown, MessageCircle, User } from "lucide-react";
import { Button } from "react-aria-components";
import type { FoundMessage } from "../../../../client-core/bindings/chatty.ts";
import { Menu, MenuItem, MenuTrigger } from "../../components/Menu/Menu.tsx";
import { usePeople } from "../../model/people.ts";
import { useChatty } from "../../model/use.ts";
import { nameOf } from "../../text/names.ts";
import { among, SINCE, type Narrowing, type Since } from "./narrow.ts";
import styles from "./Search.module.css";

interface Props {
  /** All that was found, before a person or a time was chosen. */
  rows: readonly FoundMessage[];
  value: Narrowing;
  onChange: (value: Narrowing) => void;
}

interface ChipProps {
  label: string;
  /** What was chosen, or what stands there while nothing is. */
  words: string;
  icon: ReactNode;
  any: string;
  choices: readonly { id: string; name: string }[];
  chosen: string | undefined;
  onChoose: (id: string | undefined) => void;
}

/** No id is empty. */
const ANY = "";

function Chip({ label, words, icon, any, choices, chosen, onChoose }: ChipProps) {
  return (
    <MenuTrigger>
      <Button className={styles.chip ?? ""} aria-label={chosen === undefined ? `${label}: ${words}` : words} data-chosen={chosen === undefined ? undefined : ""}>
        <span aria-hidden="true">{icon}</span><bdi>{words}</bdi><ChevronDown size={14} aria-hidden="true" />
      </Button>
      <Menu label={label} selectionMode="single" selectedKeys={[chosen ?? ANY]} onAction={(key) => onChoose(key === ANY ? undefined : String(key))}>
        {[{ id: ANY, name: any }, ...choices].map((one) => <MenuItem key={one.id} id={one.id}>{one.name}</MenuItem>)}
      </Menu>
    </MenuTrigger>
  );
}

export function Chips({ rows, value, onChange }: Props) {
  const { t } = useLingui();
  const chats = useChatty((state) => state.chats);
  const me = useChatty((state) => state.who?.user);
  const times: Record<Since, string> = { week: t`Last 7 days`, month: t`Last month`, year: t`Last year` };
  const withChosen = (ids: readonly string[], chosen: string | undefined) => (chosen === undefined || ids.includes(chosen) ? ids : [chosen, ...ids]);
  const people = usePeople(withChosen(among(rows, (row) => row.from), value.from));
  const persons = [...people].map(([id, person]) => ({ id, name: id === me ? t`You` : nameOf(person ?? { user: id }) }));
  const places = withChosen(among(rows, (row) => row.conv), value.chat).map((id) => ({ id, name: chats.get(id)?.title ?? t`A chat` }));
  const nameIn = (list: readonly { id: string; name: string }[], id: string | undefined) => list.find((one) => one.id === id)?.name;
  const place = nameIn(places, value.chat);
  const person = nameIn(persons, value.from);
  return (
    <div className={styles.chips} role="group" aria-label={t`Narrow the search`}>
      <Chip label={t`Chat`} words={place === undefined ? t`All chats` : t`In ${place}`} icon={<MessageCircle size={14} />} any={t`All chats`} choices={places} chosen={value.chat} onChoose={(chat) => onChange({ ...value, chat })} />
      <Chip label={t`From`} words={person === undefined ? t`Anyone` : t`From ${person}`} icon={<User size={14} />} any={t`Anyone`} choices={persons} chosen={value.from} onChoose={(from) => onChange({ ...value, from })} />
      <Chip label={t`Date`} words={value.since === undefined ? t`Any date` : times[value.since]} icon={<Calendar size={14} />} any={t`Any date`} choices={SINCE.map((id) => ({ id, name: times[id] }))} chosen={value.since} onChoose={(since) => onChange({ ...value, since: since as Since | undefined })} />
    </div>
  );
}
