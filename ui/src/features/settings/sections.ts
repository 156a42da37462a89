// The settings tree, and what the search finds in it.
import { msg } from "@lingui/core/macro";
import type { MessageDescriptor } from "@lingui/core";
import { folded } from "../../text/fold.ts";

export type SectionId = "account" | "devices" | "recovery" | "privacy" | "notifications" | "appearance" | "chats" | "accessibility" | "server" | "help";

export interface Section {
  id: SectionId;
  title: MessageDescriptor;
  /** Rows by the name that their page gives them. */
  rows: Readonly<Record<string, MessageDescriptor>>;
}

export const SECTIONS: readonly Section[] = [
  { id: "account", title: msg`Account`, rows: { name: msg`Name`, code: msg`My code`, email: msg`Email`, password: msg`Change password`, out: msg`Sign out`, delete: msg`Delete account` } },
  { id: "devices", title: msg`Devices`, rows: { this: msg`This device`, link: msg`Link a device` } },
  { id: "recovery", title: msg`Recovery`, rows: { key: msg`Recovery key` } },
  { id: "privacy", title: msg`Privacy`, rows: { receipts: msg`Read receipts`, typing: msg`Show when I type`, online: msg`Show when I am online`, blocked: msg`Blocked people` } },
  { id: "notifications", title: msg`Notifications`, rows: { level: msg`What a notification shows` } },
  { id: "appearance", title: msg`Appearance`, rows: { theme: msg`Theme`, density: msg`Density`, size: msg`Text size`, motion: msg`Motion`, language: msg`Language` } },
  { id: "chats", title: msg`Chats`, rows: { enter: msg`Enter sends` } },
  { id: "accessibility", title: msg`Accessibility`, rows: { announce: msg`Announce new messages`, letters: msg`Single-key shortcuts`, plain: msg`Plain message list` } },
  { id: "server", title: msg`Server`, rows: { address: msg`Address`, state: msg`Connection`, storage: msg`Space on this device` } },
  { id: "help", title: msg`Help`, rows: { keys: msg`Keyboard shortcuts`, version: msg`Version`, details: msg`Details for support` } },
];

export interface SettingHit {
  section: Section;
  row: string;
  title: MessageDescriptor;
}

/** Every row whose words, or whose page's words, hold the text. */
export function findSettings(text: string, words: (of: MessageDescriptor) => string, locale: string): SettingHit[] {
  const fold = (one: string) => folded(one, locale);
  const wanted = fold(text.trim());
  if (wanted === "") return [];
  return SECTIONS.flatMap((section) =>
    Object.entries(section.rows)
      .filter(([, title]) => fold(`${words(title)} ${words(section.title)}`).includes(wanted))
      .map(([row, title]) => ({ section, row, title })),
  );
}
