// What an error of the API means for a person: what happened, what it means, and one next step.
import { t } from "@lingui/core/macro";
import type { ApiError, Code } from "../../../client-core/bindings/chatty.ts";
import { left } from "./time.ts";
import { version } from "./version.ts";

export interface ErrorWords {
  title: string;
  body: string;
  /** What to do now. */
  next: string;
}

type Words = (error: ApiError, locale: string) => ErrorWords;

const again = () => t`Try again.`;
const reload = () => t`Reload Chatty.`;
const support = () => t`Copy the details and send them to whoever runs your server.`;

/** "in 20 s", or without a time. */
function wait(error: ApiError, locale: string): string {
  if (error.retry_after_ms === undefined) return t`Wait a little, then try again.`;
  const time = left(error.retry_after_ms, locale);
  return t`Try again in ${time}.`;
}

/** The number that the engine names; a key is never shown again. */
function group(error: ApiError): string | undefined {
  return /\b([1-8])\b/.exec(error.hint)?.[1];
}

const ours = (): ErrorWords => ({ title: t`Something in Chatty broke`, body: t`It is our fault. Your messages are safe on this device.`, next: reload() });
const server = (): ErrorWords => ({ title: t`The server had a problem`, body: t`Nothing is lost. What you wrote waits on this device.`, next: again() });
const odd = (): ErrorWords => ({ title: t`The server gave an answer that makes no sense`, body: t`Nothing was changed here.`, next: support() });
const update = (): ErrorWords => ({ title: t`Chatty is too old for this`, body: t`The server asks for a newer version.`, next: t`Update Chatty, or reload the page.` });
const signIn = (): ErrorWords => ({ title: t`You are signed out`, body: t`This device has no access to your account now.`, next: t`Sign in again.` });
const removed = (): ErrorWords => ({ title: t`This device was removed`, body: t`Another device of yours took it out of your account.`, next: t`Sign in again, then confirm it with another device.` });
const stale = (): ErrorWords => ({ title: t`Something changed meanwhile`, body: t`Another device was faster.`, next: again() });
const gone = (): ErrorWords => ({ title: t`That is not there any more`, body: t`It was deleted, or never was here.`, next: t`Go back and look again.` });
const soon: Words = (error, locale) => ({ title: t`The server is busy`, body: t`Nothing is lost. What you wrote waits on this device.`, next: wait(error, locale) });

/** Every code has words; a new one does not compile without. */
const WORDS: { [C in Code]: Words } = {
  invalid: () => ({ title: t`That can't be right`, body: t`Something in it has a form that Chatty doesn't know.`, next: t`Check what you typed.` }),
  unknown_method: ours,
  not_signed_in: signIn,
  already_signed_in: () => ({ title: t`You are signed in already`, body: t`This device belongs to an account.`, next: t`Sign out first to use another one.` }),
  device_waiting: () => ({ title: t`Confirm this device`, body: t`Until then this one can't read or send.`, next: t`Use another device or your recovery key.` }),
  not_reachable: () => ({ title: t`Can't reach the server`, body: t`What you wrote waits on this device and is sent later.`, next: t`Check your internet, then try again.` }),
  timeout: () => ({ title: t`That took too long`, body: t`The server didn't answer in time.`, next: again() }),
  home_in_use: () => ({ title: t`Chatty is open in another tab`, body: t`Only one tab can use your messages at a time.`, next: t`Go to that tab, or close it.` }),
  vault_locked: () => ({ title: t`Your messages are locked`, body: t`The password for this device was not right.`, next: again() }),
  vault_missing: () => ({ title: t`The key to your messages is gone`, body: t`The browser removed it. What lies here can't be read any more.`, next: t`Sign in again with another device or your recovery key.` }),
  store_missing: () => ({ title: t`Your messages on this device are gone`, body: t`The browser removed them to free space. Your account is still there.`, next: t`Start over here, then confirm this device with another one.` }),
  handed_over: () => ({ title: t`Not sure if that was done`, body: t`Chatty moved to another tab, or started again, in the middle of it.`, next: t`Look whether it was done, then try again.` }),
  vault_weak: () => ({ title: t`The lock of this device is too weak`, body: t`Somebody may have changed its files.`, next: t`Sign in on this device anew.` }),
  store_damaged: () => ({ title: t`Part of your messages can't be read`, body: t`The disk returned errors. You can read, but not send.`, next: t`Sign in on another device before you go on.` }),
  store_too_new: () => ({ title: t`Chatty is older than your messages`, body: t`A newer version wrote them.`, next: t`Update Chatty, or reload the page.` }),
  disk_full: () => ({ title: t`This device is full`, body: t`Nothing new can be kept here.`, next: t`Free some space, then try again.` }),
  storage: () => ({ title: t`This device's disk failed`, body: t`Chatty could not read or write its files.`, next: t`Restart the device, then try again.` }),
  no_such_chat: () => ({ title: t`No such chat`, body: t`It is not on this device.`, next: t`Go back to your chats.` }),
  ambiguous_chat: () => ({ title: t`More than one chat has that name`, body: t`Chatty can't tell which one you mean.`, next: t`Choose it in the list.` }),
  no_such_message: () => ({ title: t`That message is gone`, body: t`It was deleted, or it disappeared.`, next: t`Go back to the chat.` }),
  no_such_person: () => ({ title: t`Nobody found`, body: t`No one on this server has that name.`, next: t`Check the spelling, or ask for an invite link.` }),
  no_such_device: () => ({ title: t`No such device`, body: t`It is not in your account any more.`, next: t`Look at the list again.` }),
  bad_link: () => ({ title: t`That isn't a whole invite link`, body: t`A piece of it is missing, or it is something else.`, next: t`Copy all of it and try again.` }),
  other_server: () => ({ title: t`This link is for another server`, body: t`People on different servers can't chat yet.`, next: t`Ask for a link on your server, or create an account on theirs.` }),
  handle_moved: () => ({ title: t`This link leads to somebody else now`, body: t`The name in it belongs to another person than before.`, next: t`Ask the person you mean for a new link.` }),
  own_link: () => ({ title: t`This is your own invite link`, body: t`It is for people who want to write to you.`, next: t`Send it to somebody.` }),
  chat_closed: () => ({ title: t`You can't write here now`, body: t`You left, it waits for your answer, or it is held.`, next: t`Open the chat's details to see why.` }),
  trust_changed: () => ({ title: t`Check who this is`, body: t`A person you verified has changed. Sending is paused.`, next: t`Verify again, or continue unverified.` }),
  clone_alarm: () => ({ title: t`Two devices use the same identity`, body: t`Nothing more is sent from here, so that nobody writes in your name.`, next: t`Remove this device from your account and sign in anew.` }),
  recovery_mismatch: (error) => {
    const place = group(error);
    const title = place === undefined ? t`The recovery key doesn't match` : t`Check group ${place}`;
    return { title, body: t`It doesn't match. Letter O is read as 0, I and L as 1.`, next: t`Correct it, or use another device.` };
  },
  recovery_erased: () => ({ title: t`Your recovery key can't be shown again`, body: t`You confirmed it, so this device forgot it.`, next: t`Look where you saved it.` }),
  approval_stopped: () => ({ title: t`Linking was stopped`, body: t`The pictures were not the same, or the other device stopped it. Nothing was shared.`, next: t`Start again if both devices are yours.` }),
  approval_locked: (error, locale) => ({ title: t`Too many tries`, body: t`Linking is closed for a while, to keep your account safe.`, next: wait(error, locale) }),
  bad_answer: odd,
  stopping: () => ({ title: t`Chatty is closing`, body: t`What you wrote is kept on this device.`, next: t`Open Chatty again.` }),
  fault: ours,

  malformed: ours,
  too_large: () => ({ title: t`That is too big`, body: t`The server takes less at once.`, next: t`Send less, or in parts.` }),
  needs_update: update,
  unauthorised: () => ({ title: t`Name or password is not right`, body: t`The server doesn't know this pair.`, next: t`Check both, or set a new password.` }),
  token_expired: signIn,
  token_reused: () => ({ title: t`You were signed out`, body: t`Your sign-in was used in two places. It may have been copied.`, next: t`Sign in again and change your password.` }),
  scope: () => ({ title: t`This device may not do that`, body: t`Only a confirmed device can.`, next: t`Confirm this device first.` }),
  not_verified: () => ({ title: t`Confirm your email first`, body: t`Until then only a few things work.`, next: t`Type the code from the email.` }),
  proof_required: (error, locale) => ({ title: t`The server asks for more`, body: t`It wants to know that you are no robot.`, next: wait(error, locale) }),
  rate_limited: (error, locale) => ({ title: t`That was too often`, body: t`The server limits how fast one person may do this.`, next: wait(error, locale) }),
  quota: () => ({ title: t`A limit of this server is reached`, body: t`It allows no more of these.`, next: t`Remove something, or ask whoever runs the server.` }),
  not_found: gone,
  conflict: stale,
  stale_seq: stale,
  stale_log: stale,
  not_member: () => ({ title: t`You are not in this group`, body: t`You left, or somebody removed you.`, next: t`Ask an admin to invite you.` }),
  not_allowed: () => ({ title: t`You may not do that`, body: t`Only an admin can.`, next: t`Ask an admin of the group.` }),
  device_cloned: () => ({ title: t`Two devices use the same identity`, body: t`Nothing more is sent from here, so that nobody writes in your name.`, next: t`Remove this device from your account and sign in anew.` }),
  stale_counter: stale,
  invalid_signature: odd,
  unknown_device: removed,
  device_revoked: removed,
  device_limit: () => ({ title: t`You have too many devices`, body: t`The account takes no more.`, next: t`Remove one you don't use.` }),
  group_limit: () => ({ title: t`The group is full`, body: t`The server allows no more members.`, next: t`Start a second group.` }),
  inbox_full: () => ({ title: t`Not delivered yet`, body: t`The other side has been away too long and takes nothing more.`, next: t`Try again when they are back.` }),
  claim_refused: stale,
  key_reused: stale,
  handle_taken: () => ({ title: t`That name is taken`, body: t`Somebody else on this server has it.`, next: t`Choose another one.` }),
  code_wrong: () => ({ title: t`That is not the code`, body: t`One digit is off, or a newer email came.`, next: t`Use the code of the newest email.` }),
  code_expired: () => ({ title: t`This code no longer counts`, body: t`It is good for a short time and a few tries.`, next: t`Ask for a new one.` }),
  // Never says who blocked whom.
  blocked_or_unknown: () => ({ title: t`You can't message this person`, body: t`They don't take messages from you, or aren't here.`, next: t`Go back to your chats.` }),
  gone,
  busy: soon,
  draining: soon,
  maintenance: (error, locale) => ({ title: t`The server is being worked on`, body: t`What you wrote waits on this device.`, next: wait(error, locale) }),
  storage_full: () => ({ title: t`The server is full`, body: t`It can't keep anything new. What you wrote waits on this device.`, next: t`Tell whoever runs the server.` }),
  internal: server,
};

/** The codes that have words, for tests. */
export const CODES = Object.keys(WORDS) as Code[];

/** The words for an error, in the language that is active. */
export function errorText(error: ApiError, locale: string): ErrorWords {
  return WORDS[error.code](error, locale);
}

/** Whatever was thrown, as an error of the API. */
export function asApiError(thrown: unknown): ApiError {
  if (typeof thrown === "object" && thrown !== null && "code" in thrown && typeof thrown.code === "string" && thrown.code in WORDS) return thrown as ApiError;
  return { code: "fault", message: thrown instanceof Error ? thrown.message : String(thrown), hint: "" };
}

const BEYOND: ReadonlySet<Words> = new Set([ours, server, odd]);
const OF_DISK: ReadonlySet<Code> = new Set(["storage", "store_damaged", "vault_weak", "vault_missing", "store_missing", "handed_over", "token_reused", "clone_alarm", "device_cloned"]);

/** Whether somebody else may have to look: not what a person mistyped or has to wait for. */
export function isForSupport(code: Code): boolean {
  return BEYOND.has(WORDS[code]) || OF_DISK.has(code);
}

/** For "Copy details": what support needs, and nothing of the person: no text, name, id or address. */
export function errorDetails(error: ApiError, at: Date): string {
  return [`Chatty ${version()}`, `error: ${error.code}`, `time: ${at.toISOString()}`].join("\n");
}
