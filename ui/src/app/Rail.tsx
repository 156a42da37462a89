// The sections: a rail at the side where there is room, a bar at the bottom where there is not.
import type { ReactNode } from "react";
import { useLingui } from "@lingui/react/macro";
import { Link, useRouterState } from "@tanstack/react-router";
import { MessageCircle, Settings2, User, Users } from "lucide-react";
import { Avatar } from "../components/Avatar/Avatar.tsx";
import { Badge } from "../components/Badge/Badge.tsx";
import { usePerson } from "../model/people.ts";
import { unreadOf } from "../features/chats/rows.ts";
import { useChatty } from "../model/use.ts";
import styles from "./Rail.module.css";

type Section = "chats" | "people" | "settings";

/** The section that an address belongs to. */
export function sectionOf(path: string): Section {
  if (path.startsWith("/settings") || path.startsWith("/me")) return "settings";
  return path.startsWith("/people") ? "people" : "chats";
}

function useSection(): Section {
  return useRouterState({ select: (state) => sectionOf(state.location.pathname) });
}

function useUnread(): number {
  return useChatty((state) => unreadOf(state.chats.values(), Date.now()));
}

/** Devices that signed in and are not confirmed. */
function useWaiting(): number {
  return useChatty((state) => [...state.devices.values()].filter((one) => one.state === "waiting" && !one.current).length);
}

interface ItemProps {
  to: string;
  label: string;
  current: boolean;
  icon: ReactNode;
  count?: number;
  /** What is counted, in words. */
  counted?: string;
}

function Item({ to, label, current, icon, count = 0, counted }: ItemProps) {
  const { t } = useLingui();
  return (
    <Link to={to as never} className={styles.item ?? ""} aria-current={current ? "page" : undefined}>
      {icon}
      <span className={styles.word}>{label}</span>
      {count > 0 && <span className={styles.badge}><Badge count={count} size="small" label={counted ?? t`${count} unread`} /></span>}
    </Link>
  );
}

export function Rail() {
  const { t } = useLingui();
  const section = useSection();
  const unread = useUnread();
  const waiting = useWaiting();
  const who = useChatty((state) => state.who);
  const me = usePerson(who?.user);
  return (
    <nav className={styles.rail} data-pane="" aria-label={t`Sections`}>
      {who && (
        <Link to="/settings/$page" params={{ page: "account" }} search={{}} className={styles.me ?? ""} aria-label={t`You, @${who.handle}`}>
          <Avatar id={who.user} name={me?.name ?? who.handle} size={36} />
        </Link>
      )}
      <Item to="/chats" label={t`Chats`} current={section === "chats"} icon={<MessageCircle size={20} aria-hidden="true" />} count={unread} />
      <Item to="/people" label={t`People`} current={section === "people"} icon={<Users size={20} aria-hidden="true" />} />
      <span className={styles.grow} />
      <Item to="/settings" label={t`Settings`} current={section === "settings"} icon={<Settings2 size={20} aria-hidden="true" />} count={waiting} counted={t`${waiting} devices wait`} />
    </nav>
  );
}

/** Only on top-level screens of a window without a rail. */
export function BottomBar() {
  const { t } = useLingui();
  const section = useSection();
  const unread = useUnread();
  const waiting = useWaiting();
  return (
    <nav className={styles.bottom} aria-label={t`Sections`}>
      <Item to="/chats" label={t`Chats`} current={section === "chats"} icon={<MessageCircle size={20} aria-hidden="true" />} count={unread} />
      <Item to="/people" label={t`People`} current={section === "people"} icon={<Users size={20} aria-hidden="true" />} />
      <Item to="/settings" label={t`Me`} current={section === "settings"} icon={<User size={20} aria-hidden="true" />} count={waiting} counted={t`${waiting} devices wait`} />
    </nav>
  );
}
