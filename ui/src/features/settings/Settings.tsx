// Settings: the tree at the side with its search, the chosen page beside it.
import { useState, type ComponentType } from "react";
import { Trans, useLingui } from "@lingui/react/macro";
import { getRouteApi, Link, Navigate, Outlet, useParams } from "@tanstack/react-router";
import { Accessibility as AccessibilityIcon, Bell, CircleHelp, KeyRound, Laptop, Lock, MessageCircle, Palette, Server as ServerIcon, User, type LucideIcon } from "lucide-react";
import { Panes } from "../../app/Panes.tsx";
import { Badge } from "../../components/Badge/Badge.tsx";
import { SearchField } from "../../components/SearchField/SearchField.tsx";
import { useChatty } from "../../model/use.ts";
import { Accessibility } from "./pages/Accessibility.tsx";
import { Account } from "./pages/Account.tsx";
import { Appearance } from "./pages/Appearance.tsx";
import { Chats } from "./pages/Chats.tsx";
import { Devices } from "./pages/Devices.tsx";
import { Help } from "./pages/Help.tsx";
import { Notifications } from "./pages/Notifications.tsx";
import { Privacy } from "./pages/Privacy.tsx";
import { Recovery } from "./pages/Recovery.tsx";
import { Server } from "./pages/Server.tsx";
import { findSettings, SECTIONS, type SectionId } from "./sections.ts";
import styles from "./Settings.module.css";

const PAGES: Record<SectionId, ComponentType> = { account: Account, devices: Devices, recovery: Recovery, privacy: Privacy, notifications: Notifications, appearance: Appearance, chats: Chats, accessibility: Accessibility, server: Server, help: Help };
const ICONS: Record<SectionId, LucideIcon> = { account: User, devices: Laptop, recovery: KeyRound, privacy: Lock, notifications: Bell, appearance: Palette, chats: MessageCircle, accessibility: AccessibilityIcon, server: ServerIcon, help: CircleHelp };

export function SettingsPanes() {
  const { t } = useLingui();
  return <Panes name={t`Settings`} list={<Tree />}><Outlet /></Panes>;
}

function Tree() {
  const { t, i18n } = useLingui();
  const [text, setText] = useState("");
  const { page = "account" } = useParams({ strict: false }) as { page?: string };
  const waiting = useChatty((state) => [...state.devices.values()].filter((one) => one.state === "waiting").length);
  const hits = findSettings(text, (of) => i18n._(of), i18n.locale);
  return (
    <div className={styles.nav}>
      <header className={styles.navHead}><h1><Trans>Settings</Trans></h1></header>
      <div className={styles.search}><SearchField label={t`Search settings`} value={text} onChange={setText} /></div>
      <nav aria-label={t`Settings`}>
        {text.trim() !== "" && hits.length === 0 && <p className={styles.note} role="status"><Trans>No setting has these words.</Trans></p>}
        {text.trim() === ""
          ? SECTIONS.map(({ id, title }) => {
              const Icon = ICONS[id];
              return (
                <Link key={id} to="/settings/$page" params={{ page: id }} search={{}} className={styles.item ?? ""} aria-current={page === id ? "page" : undefined}>
                  <Icon size={20} aria-hidden="true" />
                  <span>{i18n._(title)}</span>
                  {id === "devices" && <Badge count={waiting} label={t`${waiting} waiting`} />}
                </Link>
              );
            })
          : hits.map(({ section, row, title }) => {
              const Icon = ICONS[section.id];
              return (
                <Link key={`${section.id}/${row}`} to="/settings/$page" params={{ page: section.id }} search={{ row }} className={styles.item ?? ""}>
                  <Icon size={20} aria-hidden="true" />
                  <span>{i18n._(title)}<small>{i18n._(section.title)}</small></span>
                </Link>
              );
            })}
      </nav>
    </div>
  );
}

/** Beside the tree while no page is chosen. */
export const FirstPage = Account;

const here = getRouteApi("/app/settings/settings/$page");

export function SettingsPage() {
  const { page } = here.useParams();
  if (!(page in PAGES)) return <Navigate to="/settings" replace />;
  const Chosen = PAGES[page as SectionId];
  return <Chosen />;
}
