// Go to anything: chats, people, settings, commands; and the words of all messages.
import { useState, type ReactNode } from "react";
import { Trans, useLingui } from "@lingui/react/macro";
import { useNavigate, useParams } from "@tanstack/react-router";
import { Archive, BellOff, CornerDownRight, Info, Keyboard, MessageCirclePlus, Search, Settings2, Smile, UsersRound, ZoomIn, ZoomOut, type LucideIcon } from "lucide-react";
import { Autocomplete, Dialog, Header, Input, Menu, MenuItem, MenuSection, Modal, ModalOverlay, SearchField } from "react-aria-components";
import { Avatar } from "../components/Avatar/Avatar.tsx";
import { sorted } from "../features/chats/rows.ts";
import { useFound } from "../features/search/useFound.ts";
import { findSettings } from "../features/settings/sections.ts";
import { useChatty } from "../model/use.ts";
import { folded } from "../text/fold.ts";
import { useCommandNames } from "./commandNames.ts";
import { useCommands } from "./commands.ts";
import { KEYS, keysOf, needsChat, onMac, shellHere, shown, type Command } from "./keys.ts";
import { partsOf } from "./marked.ts";
import { closeLayer, useLayer } from "./layers.ts";
import styles from "./Layers.module.css";

const MOST = 6;

export function Palette() {
  const { t } = useLingui();
  const open = useLayer() === "palette";
  return (
    <ModalOverlay isOpen={open} onOpenChange={closeLayer} isDismissable className={styles.scrim ?? ""}>
      <Modal className={styles.palette ?? ""}>
        <Dialog aria-label={t`Go to anything`} className={styles.dialog ?? ""}><Content /></Dialog>
      </Modal>
    </ModalOverlay>
  );
}

interface Entry {
  id: string;
  title: string;
  icon: ReactNode;
  keys: string;
  /** Shown before anything is typed. */
  usual: boolean;
  run: () => void;
}

const ICONS: Partial<Record<Command, LucideIcon>> = { new: MessageCirclePlus, settings: Settings2, guide: Keyboard, searchAll: Search, find: Search, details: Info, archive: Archive, mute: BellOff, emoji: Smile, bigger: ZoomIn, smaller: ZoomOut };
const USUAL: readonly Command[] = ["new", "settings", "guide"];

/** Every command that does something here and now; pinned chats stand among the chats. */
function useEntries(): Entry[] {
  const { t } = useLingui();
  const navigate = useNavigate();
  const commands = useCommands();
  const names = useCommandNames();
  const { chat } = useParams({ strict: false }) as { chat?: string };
  const listed = KEYS.map((one) => one.command).filter((one) => one !== "palette" && !one.startsWith("pinned") && (chat !== undefined || !needsChat(one)));
  const entries = listed.map((command): Entry => {
    const Icon = ICONS[command] ?? CornerDownRight;
    return { id: command, title: names[command], icon: <Icon size={20} />, keys: keysOf(command, shellHere()), usual: USUAL.includes(command), run: commands[command] };
  });
  const group = { id: "group", title: t`New group`, icon: <UsersRound size={20} />, keys: "", usual: true, run: () => void navigate({ to: "/new/group" }) };
  const at = entries.findIndex((one) => one.id === "new") + 1;
  return [...entries.slice(0, at), group, ...entries.slice(at)];
}

function Content() {
  const { t, i18n } = useLingui();
  const navigate = useNavigate();
  const [text, setText] = useState("");
  const chats = useChatty((state) => state.chats);
  const wanted = folded(text.trim(), i18n.locale);
  const has = (title: string) => folded(title, i18n.locale).includes(wanted);
  const marked = (title: string): ReactNode => {
    const parts = partsOf(title, wanted, i18n.locale);
    return parts === undefined ? title : <>{parts[0]}<mark>{parts[1]}</mark>{parts[2]}</>;
  };

  const rows = sorted(chats.values()).filter((chat) => chat.state !== "request" && has(chat.title)).slice(0, MOST);
  const settings = wanted === "" ? [] : findSettings(text, (of) => i18n._(of), i18n.locale).slice(0, MOST);
  const messages = useFound(text);
  const commands = useEntries().filter((one) => (wanted === "" ? one.usual : has(one.title)));

  function go(key: string): void {
    closeLayer();
    const [kind, id = "", more = ""] = key.split("|");
    if (kind === "chat") void navigate({ to: "/c/$chat", params: { chat: id } });
    if (kind === "message") void navigate({ to: "/c/$chat", params: { chat: id }, search: { at: more } });
    if (kind === "search") void navigate({ to: "/search", search: { q: text.trim() } });
    if (kind === "setting") void navigate({ to: "/settings/$page", params: { page: id }, search: { row: more } });
    if (kind === "command") commands.find((one) => one.id === id)?.run();
  }
  const nothing = rows.length + settings.length + commands.length + messages.length === 0;
  return (
    <Autocomplete inputValue={text} onInputChange={setText}>
      <SearchField className={styles.field ?? ""} aria-label={t`Go to anything`} autoFocus>
        <Search size={20} aria-hidden="true" />
        <Input className={styles.input ?? ""} dir={text === "" ? undefined : "auto"} placeholder={t`Chats, people, settings, messages`} />
        <kbd>{t`Esc`}</kbd>
      </SearchField>
      {/* The focus stays in the field, so what scrolls is in the tab order itself. */}
      <div className={styles.results} role="group" aria-label={t`Results`} tabIndex={0}>
        <Menu aria-label={t`Results`} className={styles.menu ?? ""} onAction={(key) => go(String(key))}>
          {rows.length > 0 && (
            <MenuSection>
              <Header className={styles.header ?? ""}><Trans>Chats</Trans></Header>
              {rows.map((chat) => (
                <MenuItem key={chat.id} id={`chat|${chat.id}`} textValue={chat.title} className={styles.result ?? ""}>
                  <Avatar id={chat.with ?? chat.id} name={chat.title} group={chat.kind === "group"} size={32} /><span className={styles.words}><bdi>{marked(chat.title)}</bdi></span>
                </MenuItem>
              ))}
            </MenuSection>
          )}
          {settings.length > 0 && (
            <MenuSection>
              <Header className={styles.header ?? ""}><Trans>Settings</Trans></Header>
              {settings.map(({ section, row, title }) => (
                <MenuItem key={`${section.id}${row}`} id={`setting|${section.id}|${row}`} textValue={i18n._(title)} className={styles.result ?? ""}>
                  <Settings2 size={20} aria-hidden="true" /><span className={styles.words}>{marked(i18n._(title))}</span><small>{i18n._(section.title)}</small>
                </MenuItem>
              ))}
            </MenuSection>
          )}
          {messages.length > 0 && (
            <MenuSection>
              <Header className={styles.header ?? ""}><Trans>Messages</Trans></Header>
              {messages.map((hit) => (
                <MenuItem key={hit.id} id={`message|${hit.conv}|${hit.id}`} textValue={hit.text ?? ""} className={styles.result ?? ""}>
                  <Avatar id={chats.get(hit.conv)?.with ?? hit.conv} name={chats.get(hit.conv)?.title ?? ""} size={32} /><span className={styles.words}><bdi>{hit.text}</bdi></span><small><bdi>{chats.get(hit.conv)?.title}</bdi></small>
                </MenuItem>
              ))}
              <MenuItem id="search|" textValue={t`All messages found`} className={styles.result ?? ""}>
                <Search size={20} aria-hidden="true" /><span className={styles.words}><Trans>All messages found</Trans></span>
              </MenuItem>
            </MenuSection>
          )}
          {commands.length > 0 && (
            <MenuSection>
              <Header className={styles.header ?? ""}><Trans>Commands</Trans></Header>
              {commands.map((one) => (
                <MenuItem key={one.id} id={`command|${one.id}`} textValue={one.title} className={styles.result ?? ""}>
                  <span aria-hidden="true">{one.icon}</span><span className={styles.words}>{marked(one.title)}</span>{one.keys !== "" && <kbd dir="ltr">{shown(one.keys, onMac())}</kbd>}
                </MenuItem>
              ))}
            </MenuSection>
          )}
        </Menu>
      </div>
      {nothing && <p className={styles.nothing} role="status"><Trans>Nothing found.</Trans></p>}
      <p className={styles.foot} aria-hidden="true"><span><kbd>↑</kbd><kbd>↓</kbd><Trans>move</Trans></span><span><kbd>↵</kbd><Trans>open</Trans></span></p>
    </Autocomplete>
  );
}
