// Written by `cargo test -p chatty-core` from client-core/src/api (CHATTY_UPDATE=1 writes it anew).
// Change the Rust side, never this file.

/**
 * Changes the password of the login; other sessions end.
 */
export type AccountChangePassword = {
/**
 * Present password.
 */
old: Secret,
/**
 * New password.
 */
new: Secret, };
/**
 * Sets a new password with the token of the mail. Never yields keys: scope stays `pending`.
 */
export type AccountConfirmReset = {
/**
 * Relay origin; `None` = the one of this home.
 */
relay?: string,
/**
 * From the mail.
 */
token: Secret,
/**
 * New password.
 */
password: Secret, };
/**
 * Deletes the account: at once, signed by this device; or after 7 days, by password alone.
 */
export type AccountDelete = {
/**
 * Given where no approved device signs.
 */
password?: Secret, };
/**
 * Answer to [`AccountDelete`].
 */
export type AccountDeleted = {
/**
 * When the deletion takes effect, Unix ms; none = done.
 */
due_ms?: number, };
/**
 * Signs this home in to an existing account; the device then waits for approval.
 */
export type AccountLogIn = {
/**
 * Relay origin.
 */
relay: string,
/**
 * Handle or e-mail address.
 */
login: string,
/**
 * Password of the login.
 */
password: Secret,
/**
 * Label of this device.
 */
device_name?: string, };
/**
 * Ends the session. The device revokes itself where it can; the home keeps nothing usable.
 */
export type AccountLogOut = Record<symbol, never>;
/**
 * Asks for a mail with a reset token; the answer is the same for every address.
 */
export type AccountRequestReset = {
/**
 * Relay origin; `None` = the one of this home.
 */
relay?: string,
/**
 * Address of the account.
 */
email: string, };
/**
 * Asks for another mail with a code.
 */
export type AccountResendCode = Record<symbol, never>;
/**
 * Makes an account with this device as its first.
 */
export type AccountSignUp = {
/**
 * Relay origin, `https://host[:port]`.
 */
relay: string,
/**
 * Handle, with or without `@`.
 */
handle: string,
/**
 * Contact address.
 */
email: string,
/**
 * Password of the login.
 */
password: Secret,
/**
 * Label of this device; `None` = the name of the machine's platform.
 */
device_name?: string, };
/**
 * Types the code of the mail.
 */
export type AccountVerifyEmail = {
/**
 * Six digits.
 */
code: string, };
/**
 * Stops an announced change.
 */
export type AccountVeto = {
/**
 * As in [`AccountWait`].
 */
kind: string, };
/**
 * An announced change.
 */
export type AccountWait = {
/**
 * `identity`, `replace-aik` or `close`.
 */
kind: string,
/**
 * When it takes effect, Unix ms.
 */
due_ms: number, };
/**
 * Lists announced changes of the account that this device may stop.
 */
export type AccountWaits = Record<symbol, never>;
/**
 * Who this home belongs to; works offline and while the device waits.
 */
export type AccountWhoAmI = Record<symbol, never>;
/**
 * Something that must not be overlooked.
 */
export type AlarmKind = "clone" | "restored" | "rollback" | "deviceLogForked" | "conversationForked" | "removedDevice" | "devicesStale" | "forged" | "storeDamaged" | "clockSkew" | "deviceRevoked";
/**
 * Why a call was refused. Never carries user data or secrets.
 */
export type ApiError = {
/**
 * For programs.
 */
code: Code,
/**
 * What happened, for people.
 */
message: string,
/**
 * What to do now, for people; may be empty.
 */
hint: string,
/**
 * Trying again sooner has no use.
 */
retry_after_ms?: number, };
/**
 * One approval.
 */
export type Approval = {
/**
 * Id of the approval.
 */
id: string,
/**
 * The device that waits (may be this one).
 */
device: string,
/**
 * Its label, as it says itself.
 */
name: string,
/**
 * Where it stands.
 */
step: ApprovalStep,
/**
 * With step `compare` and later.
 */
sas?: Sas,
/**
 * With step `stopped`.
 */
reason?: string, };
/**
 * Where an approval stands.
 */
export type ApprovalStep = "waiting" | "compare" | "confirmed" | "done" | "stopped";
/**
 * Somebody blocked.
 */
export type Blocked = {
/**
 * The person.
 */
user: string,
/**
 * Their handle, where known.
 */
handle?: string, };
/**
 * One row of the chat list.
 */
export type Chat = {
/**
 * Conversation.
 */
id: string,
/**
 * Direct, group or notes to self.
 */
kind: ChatKind,
/**
 * Group title, or the other person's name or handle.
 */
title: string,
/**
 * The other person of a direct conversation.
 */
with?: string,
/**
 * Whether one can write.
 */
state: ChatState,
/**
 * Why it is held or frozen.
 */
reason?: string,
/**
 * Messages of others not read yet.
 */
unread: number,
/**
 * Time of the newest message, or of the first entry, Unix ms.
 */
last_at_ms: number,
/**
 * The newest row of its timeline.
 */
last?: Message,
/**
 * Whether a message that is not read yet names this user.
 */
mention: boolean,
/**
 * What was typed as a new message and not sent.
 */
draft?: string,
/**
 * Whether it stands above the others.
 */
pinned: boolean,
/**
 * Whether it is put away.
 */
archived: boolean,
/**
 * Until when it stays silent, Unix ms.
 */
muted_until_ms?: number,
/**
 * Disappearing timer of new messages, seconds.
 */
timer_s?: number, };
/**
 * Messages that are held, and those that never came.
 */
export type ChatInfo = {
/**
 * Sent by a device that its owner removed; held until its last entry covers them.
 */
held: number,
/**
 * Per person. Known once this device has caught up.
 */
missing: Array<Missing>, };
/**
 * What a conversation is.
 */
export type ChatKind = "direct" | "group" | "self";
/**
 * Lists all conversations, the pinned ones first, then newest first; requests not included.
 */
export type ChatList = Record<symbol, never>;
/**
 * Tells which conversations are on the screen; replaces the list before.
 */
export type ChatOpen = {
/**
 * At most 8.
 */
chats: Array<string>, };
/**
 * Marks everything up to a message as read.
 */
export type ChatRead = {
/**
 * Conversation.
 */
chat: string,
/**
 * Newest message read; `None` = the newest there is.
 */
up_to?: string, };
/**
 * Shows which receipts are given and shown.
 */
export type ChatReceipts = {
/**
 * Conversation; none = what holds where nothing else is said.
 */
chat?: string, };
/**
 * One request.
 */
export type ChatRequest = {
/**
 * Conversation.
 */
id: string,
/**
 * Who asks.
 */
from: string,
/**
 * First text, or the group's title; null while unreadable.
 */
preview: string | null,
/**
 * Time of the newest message, Unix ms.
 */
at_ms: number, };
/**
 * Finds one conversation by what a person types: its id, a prefix of at least 8 characters,
 * `@handle`, an invite link or an exact title.
 */
export type ChatResolve = {
/**
 * As typed.
 */
name: string,
/**
 * Opens a direct conversation when the person has none yet.
 */
create: boolean, };
/**
 * Pins, archives or mutes, on all devices of the account; what is not named stays.
 */
export type ChatSetFlags = {
/**
 * Conversation.
 */
chat: string,
/**
 * Whether it stands above the others.
 */
pinned?: boolean,
/**
 * Whether it is put away.
 */
archived?: boolean,
/**
 * Until when it stays silent, Unix ms; 0 = not muted, 2^53 - 1 = for good.
 */
muted_until_ms?: number, };
/**
 * Sets which receipts are given and shown, on all devices of the account.
 */
export type ChatSetReceipts = {
/**
 * Conversation; none = everywhere where nothing else is said.
 */
chat?: string,
/**
 * The level; none = as everywhere.
 */
level?: ReceiptLevel, };
/**
 * Sets the disappearing timer for new messages.
 */
export type ChatSetTimer = {
/**
 * Conversation.
 */
chat: string,
/**
 * Seconds; 0 = off.
 */
seconds: number, };
/**
 * Shows what stands in no row of the timeline.
 */
export type ChatShowInfo = {
/**
 * Conversation.
 */
chat: string, };
/**
 * Whether one can write in a conversation.
 */
export type ChatState = "open" | "request" | "left" | "held" | "frozen";
/**
 * Says that this user types, or stopped.
 */
export type ChatTyping = {
/**
 * Conversation.
 */
chat: string,
/**
 * Whether typing goes on.
 */
typing: boolean, };
/** Codes of the engine, then those of the relay. */
export type Code = "invalid" | "unknown_method" | "not_signed_in" | "already_signed_in" | "device_waiting" | "not_reachable" | "timeout" | "home_in_use" | "vault_locked" | "vault_missing" | "vault_weak" | "store_damaged" | "store_too_new" | "disk_full" | "storage" | "no_such_chat" | "ambiguous_chat" | "no_such_message" | "no_such_person" | "no_such_device" | "bad_link" | "other_server" | "handle_moved" | "own_link" | "chat_closed" | "trust_changed" | "clone_alarm" | "recovery_mismatch" | "recovery_erased" | "approval_stopped" | "approval_locked" | "bad_answer" | "store_missing" | "handed_over" | "stopping" | "fault" | "malformed" | "too_large" | "needs_update" | "unauthorised" | "token_expired" | "token_reused" | "scope" | "not_verified" | "proof_required" | "rate_limited" | "quota" | "not_found" | "conflict" | "stale_seq" | "stale_log" | "not_member" | "not_allowed" | "device_cloned" | "stale_counter" | "invalid_signature" | "unknown_device" | "device_revoked" | "device_limit" | "group_limit" | "inbox_full" | "claim_refused" | "key_reused" | "handle_taken" | "code_wrong" | "code_expired" | "blocked_or_unknown" | "gone" | "busy" | "draining" | "maintenance" | "storage_full" | "internal";
/**
 * What one knows of another person's account.
 */
export type ContactState = "new" | "known" | "verified" | "changed" | "verifiedChanged";
/**
 * How much of the history a search saw.
 */
export type Coverage = {
/**
 * Readable messages on this device that were searched.
 */
messages: number,
/**
 * Time of the oldest of them, Unix ms; null when there is none.
 */
since_ms: number | null,
/**
 * Whether that is all that this device holds (short words search the newest 5,000 only).
 */
complete: boolean, };
/**
 * One device.
 */
export type Device = {
/**
 * The device.
 */
id: string,
/**
 * Its label.
 */
name: string,
/**
 * What it may do.
 */
class: DeviceClass,
/**
 * Where it runs, as it says itself.
 */
platform: string,
/**
 * Whether it is in use.
 */
state: DeviceState,
/**
 * Whether it is this one.
 */
current: boolean,
/**
 * Of its certificate, Unix ms.
 */
created_ms: number,
/**
 * To the hour, Unix ms; 0 = never seen.
 */
last_seen_ms: number, };
/**
 * Lists the approvals that run now (on either side).
 */
export type DeviceApprovals = Record<symbol, never>;
/**
 * Starts the approval of a waiting device from this full one; answers when there are pictures
 * to compare, or when nothing came within the timeout.
 */
export type DeviceApprove = {
/**
 * The waiting device.
 */
device: string,
/**
 * Longest wait for the other device, ms.
 */
timeout_ms: number, };
/**
 * What a device may do in its account.
 */
export type DeviceClass = "full" | "limited";
/**
 * Says whether the pictures on both devices are the same. On either side; answers when the
 * other side has answered too, or after the timeout.
 */
export type DeviceConfirm = {
/**
 * Id of the approval.
 */
approval: string,
/**
 * Whether the user saw the same pictures.
 */
same: boolean,
/**
 * Longest wait for the other device, ms.
 */
timeout_ms: number, };
/**
 * Lists the account's devices, the waiting ones included.
 */
export type DeviceList = Record<symbol, never>;
/**
 * Changes a device's label, seen by own devices only.
 */
export type DeviceRename = {
/**
 * The device; `None` = this one.
 */
device?: string,
/**
 * New label, at most 64 characters.
 */
name: string, };
/**
 * Removes a device from the account for good.
 */
export type DeviceRevoke = {
/**
 * The device; this one signs itself out.
 */
device: string, };
/**
 * A device in its account.
 */
export type DeviceState = "waiting" | "approved" | "unconfirmed" | "expired" | "revoked";
/**
 * Answer of a method that has nothing to say but that it worked.
 */
export type Done = Record<symbol, never>;
/**
 * What was typed and not sent.
 */
export type Draft = {
/**
 * The text.
 */
text: string,
/**
 * The message it answers.
 */
reply_to?: string,
/**
 * The own message whose text it changes.
 */
editing?: string,
/**
 * People named in it.
 */
mentions?: Array<string>,
/**
 * When it was typed, Unix ms; 0 = there is none.
 */
at_ms: number, };
/**
 * Reads what was typed: the edit that was begun, else the new message. Never an error for
 * want of a draft: then its text is empty and its time 0.
 */
export type DraftGet = {
/**
 * Conversation.
 */
chat: string, };
/**
 * Keeps what was typed; durable when this answers. A conversation has one draft of a new
 * message and, beside it, one of an edit; `message.send` and `message.edit` remove theirs.
 */
export type DraftSet = {
/**
 * Conversation.
 */
chat: string,
/**
 * At most 64 KiB of UTF-8. Nothing typed and nothing answered removes the draft.
 */
text: string,
/**
 * The message it answers.
 */
reply_to?: string,
/**
 * The own message whose text it changes.
 */
editing?: string,
/**
 * People named in it.
 */
mentions?: Array<string>, };
/**
 * Stops the engine: commits, closes the socket, ends its thread.
 */
export type EngineShutdown = Record<symbol, never>;
/**
 * One event; `{"event": name, …}` on every transport. Rows carry their whole new state.
 */
export type Event = { "event": "sync.changed",
/**
 * New state.
 */
status: SyncStatus, } | { "event": "account.changed",
/**
 * New state; none when signed out.
 */
who: WhoAmI | null, } | { "event": "chat.changed",
/**
 * New state.
 */
chat: Chat, } | { "event": "chat.removed",
/**
 * Conversation.
 */
chat: string, } | { "event": "message.added",
/**
 * The row.
 */
message: Message, } | { "event": "message.changed",
/**
 * The row.
 */
message: Message, } | { "event": "message.removed",
/**
 * Conversation.
 */
chat: string,
/**
 * The message.
 */
id: string, } | { "event": "message.missing",
/**
 * Conversation.
 */
chat: string,
/**
 * Whose.
 */
user: string,
/**
 * How many gaps there are now; 0 = nothing of this person is missing any more.
 */
count: number,
/**
 * Whether the timer explains it: expired while this device was away.
 */
expired: boolean, } | { "event": "chat.typing",
/**
 * Conversation.
 */
chat: string,
/**
 * Who.
 */
user: string,
/**
 * Whether it goes on.
 */
typing: boolean, } | { "event": "request.added",
/**
 * The request.
 */
request: ChatRequest, } | { "event": "device.changed",
/**
 * New state.
 */
device: Device, } | { "event": "approval.changed",
/**
 * New state.
 */
approval: Approval, } | { "event": "person.changed",
/**
 * Who.
 */
user: string,
/**
 * New state.
 */
state: ContactState, } | { "event": "presence.changed",
/**
 * New state.
 */
presence: Presence, } | { "event": "alarm",
/**
 * What.
 */
kind: AlarmKind,
/**
 * The conversation concerned.
 */
chat?: string,
/**
 * The person concerned.
 */
user?: string, } | { "event": "outbox.changed",
/**
 * Things that wait.
 */
waiting: number, } | { "event": "events.lost", };
/**
 * Answer to [`SyncFlush`].
 */
export type Flushed = {
/**
 * Things that still wait.
 */
waiting: number, };
/**
 * Answer to [`MessageSearch`], newest hit first.
 */
export type Found = {
/**
 * The hits.
 */
rows: Array<FoundMessage>,
/**
 * What was searched.
 */
coverage: Coverage, };
/**
 * One hit: a message row and where the words stand in its text.
 */
export type FoundMessage = {
/**
 * `[start, end]` of each hit, in Unicode characters of `text`.
 */
snippet: Array<[number, number]>,
/**
 * Message; fixed when it is written, the same for life.
 */
id: string,
/**
 * Conversation.
 */
conv: string,
/**
 * Stream number; null while in the outbox.
 */
seq: number | null,
/**
 * Sender.
 */
from: string,
/**
 * Sender's device.
 */
from_device: string,
/**
 * Time of acceptance at the relay (own unsent: of writing), Unix ms.
 */
at_ms: number,
/**
 * Where it stands, or why `text` is null.
 */
state: MessageState,
/**
 * The text; null where it cannot be read.
 */
text: string | null,
/**
 * Links and mentions in the text, in its order, without overlap.
 */
spans?: Array<Span>,
/**
 * Whether the sender changed it.
 */
edited: boolean,
/**
 * Whether the sender deleted it.
 */
deleted: boolean,
/**
 * The message it answers.
 */
reply_to?: string,
/**
 * One row per emoji.
 */
reactions: Array<Reaction>,
/**
 * When it disappears, Unix ms.
 */
expires_at_ms?: number,
/**
 * People named in it.
 */
mentions?: Array<string>,
/**
 * With state `failed`: the code. With a held state: what is waited for. With `keyLost`: what
 * the owner of the key said, if anything. With a text: `cloned`, two devices write under the
 * sender's identity and either may have written it.
 */
reason?: string,
/**
 * Who had left already when it was accepted; the sender did not know yet.
 */
older_membership?: string, };
/**
 * Why messages of somebody are not here.
 */
export type GapState = "missing" | "expired";
/**
 * A group with its members.
 */
export type Group = {
/**
 * Conversation.
 */
id: string,
/**
 * Its title.
 */
title: string,
/**
 * Members and invited people.
 */
members: Array<Member>, };
/**
 * Makes a group with this user as its admin.
 */
export type GroupCreate = {
/**
 * At most 128 bytes.
 */
title: string,
/**
 * Whom to invite.
 */
people: Array<string>, };
/**
 * Invites people.
 */
export type GroupInvite = {
/**
 * Conversation.
 */
chat: string,
/**
 * Whom.
 */
people: Array<string>, };
/**
 * Leaves a group, or declines an invite.
 */
export type GroupLeave = {
/**
 * Conversation.
 */
chat: string,
/**
 * Who becomes admin when the last admin leaves; `None` = the longest member.
 */
successor?: string, };
/**
 * Lists members and invited people.
 */
export type GroupMembers = {
/**
 * Conversation.
 */
chat: string, };
/**
 * Removes somebody.
 */
export type GroupRemove = {
/**
 * Conversation.
 */
chat: string,
/**
 * Whom.
 */
person: string, };
/**
 * Changes the title.
 */
export type GroupRename = {
/**
 * Conversation.
 */
chat: string,
/**
 * At most 128 bytes.
 */
title: string, };
/**
 * Changes what a member may do.
 */
export type GroupSetRole = {
/**
 * Conversation.
 */
chat: string,
/**
 * Whom.
 */
person: string,
/**
 * New role.
 */
role: Role, };
/**
 * A link that leads to this user.
 */
export type InviteLink = {
/**
 * Relay origin, `/i/`, handle, `#`, user id.
 */
link: string, };
/**
 * Looks up who an invite link leads to; opens no conversation.
 */
export type InviteLook = {
/**
 * As it was given.
 */
link: string, };
/**
 * Shows one's own invite link.
 */
export type InviteShow = Record<symbol, never>;
/**
 * The connection to the relay.
 */
export type LinkState = "online" | "connecting" | "noInternet" | "serverDown" | "signedOut";
/**
 * Somebody in a group.
 */
export type Member = {
/**
 * The person.
 */
user: string,
/**
 * Their handle, where known.
 */
handle?: string,
/**
 * Their display name, where known.
 */
name?: string,
/**
 * Invited or joined.
 */
status: MemberStatus,
/**
 * Member or admin.
 */
role: Role, };
/**
 * Whether somebody is in a group already.
 */
export type MemberStatus = "invited" | "member";
/**
 * One message row.
 */
export type Message = {
/**
 * Message; fixed when it is written, the same for life.
 */
id: string,
/**
 * Conversation.
 */
conv: string,
/**
 * Stream number; null while in the outbox.
 */
seq: number | null,
/**
 * Sender.
 */
from: string,
/**
 * Sender's device.
 */
from_device: string,
/**
 * Time of acceptance at the relay (own unsent: of writing), Unix ms.
 */
at_ms: number,
/**
 * Where it stands, or why `text` is null.
 */
state: MessageState,
/**
 * The text; null where it cannot be read.
 */
text: string | null,
/**
 * Links and mentions in the text, in its order, without overlap.
 */
spans?: Array<Span>,
/**
 * Whether the sender changed it.
 */
edited: boolean,
/**
 * Whether the sender deleted it.
 */
deleted: boolean,
/**
 * The message it answers.
 */
reply_to?: string,
/**
 * One row per emoji.
 */
reactions: Array<Reaction>,
/**
 * When it disappears, Unix ms.
 */
expires_at_ms?: number,
/**
 * People named in it.
 */
mentions?: Array<string>,
/**
 * With state `failed`: the code. With a held state: what is waited for. With `keyLost`: what
 * the owner of the key said, if anything. With a text: `cloned`, two devices write under the
 * sender's identity and either may have written it.
 */
reason?: string,
/**
 * Who had left already when it was accepted; the sender did not know yet.
 */
older_membership?: string, };
/**
 * Takes a message back that is still in the outbox.
 */
export type MessageCancel = {
/**
 * Conversation.
 */
chat: string,
/**
 * The message.
 */
message: string, };
/**
 * Deletes an own message for everyone.
 */
export type MessageDelete = {
/**
 * Conversation.
 */
chat: string,
/**
 * The message.
 */
message: string, };
/**
 * Changes the text of an own message.
 */
export type MessageEdit = {
/**
 * Conversation.
 */
chat: string,
/**
 * The message.
 */
message: string,
/**
 * New text.
 */
text: string,
/**
 * People named in it.
 */
mentions?: Array<string>, };
/**
 * Reads one message.
 */
export type MessageGet = {
/**
 * Conversation.
 */
chat: string,
/**
 * The message.
 */
message: string, };
/**
 * Reads a page of a conversation, oldest first: its newest rows, or those around one place.
 */
export type MessageList = {
/**
 * Conversation.
 */
chat: string,
/**
 * At most this many rows, 1 to 500.
 */
limit: number,
/**
 * Only rows before this message.
 */
before?: string,
/**
 * Only rows after this message. One place at most is named.
 */
after?: string,
/**
 * This message with half of the rows before it and half after it.
 */
around?: string, };
/**
 * Reacts to a message; one reaction per person, an empty emoji takes it back.
 */
export type MessageReact = {
/**
 * Conversation.
 */
chat: string,
/**
 * The message.
 */
message: string,
/**
 * The emoji, or empty.
 */
emoji: string, };
/**
 * One person's receipt.
 */
export type MessageReceipt = {
/**
 * The person.
 */
user: string,
/**
 * `delivered` or `read`.
 */
state: MessageState, };
/**
 * Shows who has an own message and who read it; receipts give no time of their own.
 */
export type MessageReceipts = {
/**
 * Conversation.
 */
chat: string,
/**
 * The message.
 */
message: string, };
/**
 * Searches the texts on this device: each word is a substring, case and accents ignored.
 */
export type MessageSearch = {
/**
 * At most 256 characters.
 */
text: string,
/**
 * Only in this conversation.
 */
chat?: string,
/**
 * At most this many rows, 1 to 500.
 */
limit: number, };
/**
 * Writes a message.
 */
export type MessageSend = {
/**
 * Conversation.
 */
chat: string,
/**
 * At most 64 KiB of UTF-8.
 */
text: string,
/**
 * The message it answers.
 */
reply_to?: string,
/**
 * People named in it.
 */
mentions?: Array<string>,
/**
 * Leaves the conversation's draft of a new message alone, which otherwise goes in the same
 * transaction: for what was not written in that field.
 */
keep_draft?: boolean,
/**
 * An id of the caller's, 16 fresh random bytes: a repeat with the same one sends nothing more.
 */
id?: string, };
/**
 * Life of a message. The first six are of readable messages, the others say why `text` is null.
 */
export type MessageState = "draft" | "waiting" | "sent" | "delivered" | "read" | "failed" | "keyComing" | "keyLate" | "beforeLink" | "beforeJoin" | "keyLost" | "needsUpdate" | "unsupported" | "waitingCut" | "logMismatch";
/**
 * One version of a text.
 */
export type MessageVersion = {
/**
 * The text.
 */
text: string,
/**
 * When the relay took it (own unsent: of writing), Unix ms; 0 = not known any more.
 */
at_ms: number,
/**
 * People named in it.
 */
mentions?: Array<string>, };
/**
 * Reads what a message said before it was changed.
 */
export type MessageVersions = {
/**
 * Conversation.
 */
chat: string,
/**
 * The message.
 */
message: string, };
/**
 * Waits until something sent is accepted or refused for good (then that error is answered).
 */
export type MessageWait = {
/**
 * Conversation.
 */
chat: string,
/**
 * As [`Sent`] named it.
 */
message: string,
/**
 * Longest wait, ms; afterwards the answer says `queued`.
 */
timeout_ms: number, };
/**
 * Messages of one person that are not here.
 */
export type Missing = {
/**
 * Whose.
 */
user: string,
/**
 * How many gaps.
 */
count: number,
/**
 * Why.
 */
state: GapState, };
/**
 * Somebody known.
 */
export type Person = {
/**
 * The person.
 */
user: string,
/**
 * Handle as their device log states it.
 */
handle?: string,
/**
 * Display name.
 */
name?: string,
/**
 * Trust.
 */
state: ContactState,
/**
 * The direct conversation, where there is one.
 */
chat?: string,
/**
 * Whether this user blocked them.
 */
blocked: boolean, };
/**
 * Says that the user saw a person's change and goes on; who was verified is so no more.
 */
export type PersonAcknowledge = {
/**
 * The person.
 */
user: string, };
/**
 * Blocks a person: they look like talking to an unknown user.
 */
export type PersonBlock = {
/**
 * `@handle` or user id.
 */
person: string, };
/**
 * Lists blocked people.
 */
export type PersonBlocked = Record<symbol, never>;
/**
 * Lists everybody this device knows, by name.
 */
export type PersonList = Record<symbol, never>;
/**
 * Shows the number that two people compare; it changes exactly when one of them is another
 * person.
 */
export type PersonSafety = {
/**
 * The other person.
 */
user: string, };
/**
 * Says that the number is the same on both sides, or takes that back.
 */
export type PersonSetVerified = {
/**
 * The person.
 */
user: string,
/**
 * Whether it was compared.
 */
verified: boolean, };
/**
 * Takes a block back.
 */
export type PersonUnblock = {
/**
 * `@handle` or user id.
 */
person: string, };
/**
 * Presence as it is now.
 */
export type Presence = {
/**
 * Whether it is shared; without it nobody is seen either.
 */
share: boolean,
/**
 * People of the direct chats on the screen who are online now.
 */
online: Array<string>, };
/**
 * Shows whether presence is shared, and who is online.
 */
export type PresenceGet = Record<symbol, never>;
/**
 * Shares presence or stops that, on all devices of the account. It works both ways.
 */
export type PresenceSet = {
/**
 * Whether others may see when this user is online.
 */
share: boolean, };
/**
 * What is known of a person.
 */
export type Profile = {
/**
 * The person.
 */
user: string,
/**
 * Handle as their device log states it.
 */
handle?: string,
/**
 * Display name.
 */
name?: string,
/**
 * Trust; one's own is `known`.
 */
state: ContactState, };
/**
 * Shows a profile.
 */
export type ProfileGet = {
/**
 * `@handle` or user id; `None` = one's own.
 */
person?: string, };
/**
 * Sets one's own display name; it travels to contacts inside the encryption.
 */
export type ProfileSet = {
/**
 * At most 64 characters.
 */
name: string, };
/**
 * The people who reacted with one emoji.
 */
export type Reaction = {
/**
 * The emoji.
 */
emoji: string,
/**
 * Who, in the order of reacting.
 */
by: Array<string>, };
/**
 * How much others learn of what arrived and was read here. It holds both ways: who does not
 * tell, is not told.
 */
export type ReceiptLevel = "read" | "delivered" | "none";
/**
 * Which receipts are given and shown.
 */
export type Receipts = {
/**
 * What holds.
 */
level: ReceiptLevel,
/**
 * What was set for exactly this; none = it follows.
 */
own: ReceiptLevel | null, };
/**
 * Types the recovery key back; then its secret is erased from this device.
 */
export type RecoveryConfirm = {
/**
 * As typed: any case, spaces and hyphens ignored.
 */
recovery_key: Secret, };
/**
 * Answer to [`RecoveryShow`].
 */
export type RecoveryKey = {
/**
 * In its text form, 8 groups of 5.
 */
recovery_key: Secret, };
/**
 * Shows the recovery key again, until it was confirmed.
 */
export type RecoveryShow = Record<symbol, never>;
/**
 * Accepts: joins the conversation.
 */
export type RequestAccept = {
/**
 * Conversation.
 */
chat: string, };
/**
 * Deletes the request and blocks who sent it.
 */
export type RequestBlock = {
/**
 * Conversation.
 */
chat: string, };
/**
 * Hides the request, here and on the relay; nobody is told.
 */
export type RequestDelete = {
/**
 * Conversation.
 */
chat: string, };
/**
 * Lists conversations of strangers that wait for a decision.
 */
export type RequestList = Record<symbol, never>;
/**
 * What a member may do.
 */
export type Role = "member" | "admin";
/**
 * The number, the same on both sides.
 */
export type SafetyNumber = {
/**
 * Twelve groups of five digits.
 */
groups: Array<string>,
/**
 * Whether this user said that it is the same.
 */
verified: boolean, };
/**
 * What both devices show.
 */
export type Sas = {
/**
 * Seven pictures.
 */
emoji: Array<SasEmoji>,
/**
 * Three numbers of four digits, for people who cannot compare pictures.
 */
numbers: Array<number>, };
/**
 * One picture.
 */
export type SasEmoji = {
/**
 * The emoji.
 */
symbol: string,
/**
 * Its English name.
 */
name: string, };
/**
 * A password, passphrase or recovery key on its way through the API. Debug shows nothing of it
 * and its memory is overwritten when it is dropped.
 */
export type Secret = string;
/**
 * Whether a sent thing has reached the relay.
 */
export type SendState = "accepted" | "queued";
/**
 * Where something sent stands: also the answer to edit, delete and react.
 */
export type Sent = {
/**
 * The message that carries it.
 */
id: string,
/**
 * Conversation.
 */
conv: string,
/**
 * Whether the relay has it.
 */
state: SendState,
/**
 * Stream number, once accepted.
 */
seq?: number, };
/**
 * A new account. The recovery key is shown here and by `recovery.show` until confirmed.
 */
export type SignedUp = {
/**
 * The account.
 */
user: string,
/**
 * Its handle, without `@`.
 */
handle: string,
/**
 * This device.
 */
device: string,
/**
 * The only way back when all devices are lost.
 */
recovery_key: Secret, };
/**
 * A stretch of a text with a meaning.
 */
export type Span = {
/**
 * Its first place, in UTF-16 units.
 */
start: number,
/**
 * The place behind it.
 */
end: number,
/**
 * What it is.
 */
kind: SpanKind,
/**
 * The address, as it stands in the text, or the person's id.
 */
target: string, };
/**
 * What a stretch of a text is.
 */
export type SpanKind = "link" | "mention";
/**
 * Waits until the outbox (messages, keys, receipts) is empty.
 */
export type SyncFlush = {
/**
 * Longest wait, ms.
 */
timeout_ms: number, };
/**
 * Tries to connect now, where the next attempt would come later.
 */
export type SyncRetry = Record<symbol, never>;
/**
 * Says how the connection stands.
 */
export type SyncState = Record<symbol, never>;
/**
 * The connection and what is on its way.
 */
export type SyncStatus = {
/**
 * The connection.
 */
link: LinkState,
/**
 * Whether this connection has drained the inbox and brought every conversation's newest
 * rows.
 */
caught_up: boolean,
/**
 * Rows known to be missing here.
 */
behind: number,
/**
 * Things in the outbox.
 */
outbox: number,
/**
 * Next attempt to connect, ms from now.
 */
retry_in_ms?: number, };
/**
 * Waits until the inbox is drained and every conversation's newest rows are here.
 */
export type SyncWait = {
/**
 * Longest wait, ms; then the error `timeout`, or `not_reachable` when there is no relay.
 */
timeout_ms: number, };
/**
 * This home's account and device.
 */
export type WhoAmI = {
/**
 * The account.
 */
user: string,
/**
 * Its handle, without `@`.
 */
handle: string,
/**
 * This device.
 */
device: string,
/**
 * What it may do.
 */
class: DeviceClass,
/**
 * Whether it is approved.
 */
device_state: DeviceState,
/**
 * Whether the address was verified, as last seen.
 */
verified_email: boolean, };

/** Every method with its parameters and its reply. */
export interface Methods {
  "account.sign_up": { params: AccountSignUp; reply: SignedUp };
  "account.verify_email": { params: AccountVerifyEmail; reply: Done };
  "account.resend_code": { params: AccountResendCode; reply: Done };
  "account.log_in": { params: AccountLogIn; reply: WhoAmI };
  "account.log_out": { params: AccountLogOut; reply: Done };
  "account.who_am_i": { params: AccountWhoAmI; reply: WhoAmI };
  "account.change_password": { params: AccountChangePassword; reply: Done };
  "account.request_reset": { params: AccountRequestReset; reply: Done };
  "account.confirm_reset": { params: AccountConfirmReset; reply: Done };
  "account.delete": { params: AccountDelete; reply: AccountDeleted };
  "account.waits": { params: AccountWaits; reply: Array<AccountWait> };
  "account.veto": { params: AccountVeto; reply: Done };
  "recovery.show": { params: RecoveryShow; reply: RecoveryKey };
  "recovery.confirm": { params: RecoveryConfirm; reply: Done };
  "device.list": { params: DeviceList; reply: Array<Device> };
  "device.approve": { params: DeviceApprove; reply: Approval };
  "device.confirm": { params: DeviceConfirm; reply: Approval };
  "device.approvals": { params: DeviceApprovals; reply: Array<Approval> };
  "device.revoke": { params: DeviceRevoke; reply: Done };
  "device.rename": { params: DeviceRename; reply: Done };
  "chat.list": { params: ChatList; reply: Array<Chat> };
  "chat.resolve": { params: ChatResolve; reply: Chat };
  "chat.info": { params: ChatShowInfo; reply: ChatInfo };
  "chat.read": { params: ChatRead; reply: Done };
  "chat.set_flags": { params: ChatSetFlags; reply: Chat };
  "chat.set_timer": { params: ChatSetTimer; reply: Done };
  "chat.receipts": { params: ChatReceipts; reply: Receipts };
  "chat.set_receipts": { params: ChatSetReceipts; reply: Receipts };
  "chat.open": { params: ChatOpen; reply: Done };
  "chat.typing": { params: ChatTyping; reply: Done };
  "draft.get": { params: DraftGet; reply: Draft };
  "draft.set": { params: DraftSet; reply: Done };
  "message.list": { params: MessageList; reply: Array<Message> };
  "message.get": { params: MessageGet; reply: Message };
  "message.versions": { params: MessageVersions; reply: Array<MessageVersion> };
  "message.receipts": { params: MessageReceipts; reply: Array<MessageReceipt> };
  "message.send": { params: MessageSend; reply: Sent };
  "message.wait": { params: MessageWait; reply: Sent };
  "message.edit": { params: MessageEdit; reply: Sent };
  "message.delete": { params: MessageDelete; reply: Sent };
  "message.react": { params: MessageReact; reply: Sent };
  "message.cancel": { params: MessageCancel; reply: Done };
  "message.search": { params: MessageSearch; reply: Found };
  "group.create": { params: GroupCreate; reply: Group };
  "group.invite": { params: GroupInvite; reply: Group };
  "group.remove": { params: GroupRemove; reply: Group };
  "group.set_role": { params: GroupSetRole; reply: Group };
  "group.leave": { params: GroupLeave; reply: Done };
  "group.members": { params: GroupMembers; reply: Array<Member> };
  "group.rename": { params: GroupRename; reply: Done };
  "request.list": { params: RequestList; reply: Array<ChatRequest> };
  "request.accept": { params: RequestAccept; reply: Done };
  "request.delete": { params: RequestDelete; reply: Done };
  "request.block": { params: RequestBlock; reply: Done };
  "person.list": { params: PersonList; reply: Array<Person> };
  "person.acknowledge": { params: PersonAcknowledge; reply: Person };
  "person.safety": { params: PersonSafety; reply: SafetyNumber };
  "person.set_verified": { params: PersonSetVerified; reply: Person };
  "invite.link": { params: InviteShow; reply: InviteLink };
  "invite.look": { params: InviteLook; reply: Person };
  "person.block": { params: PersonBlock; reply: Done };
  "person.unblock": { params: PersonUnblock; reply: Done };
  "person.blocked": { params: PersonBlocked; reply: Array<Blocked> };
  "profile.get": { params: ProfileGet; reply: Profile };
  "profile.set": { params: ProfileSet; reply: Profile };
  "presence.get": { params: PresenceGet; reply: Presence };
  "presence.set": { params: PresenceSet; reply: Presence };
  "sync.state": { params: SyncState; reply: SyncStatus };
  "sync.retry": { params: SyncRetry; reply: SyncStatus };
  "sync.wait": { params: SyncWait; reply: SyncStatus };
  "sync.flush": { params: SyncFlush; reply: Flushed };
  "engine.shutdown": { params: EngineShutdown; reply: Done };
}

/** Methods that do nothing more when they come a second time. */
export const REPEATABLE = [
  "account.who_am_i",
  "account.waits",
  "recovery.show",
  "device.list",
  "device.approvals",
  "device.rename",
  "chat.list",
  "chat.resolve",
  "chat.info",
  "chat.read",
  "chat.set_flags",
  "chat.receipts",
  "chat.set_receipts",
  "chat.open",
  "chat.typing",
  "draft.get",
  "draft.set",
  "message.list",
  "message.get",
  "message.versions",
  "message.send",
  "message.wait",
  "message.react",
  "message.search",
  "message.receipts",
  "group.members",
  "request.list",
  "person.list",
  "person.acknowledge",
  "person.safety",
  "person.set_verified",
  "invite.link",
  "invite.look",
  "person.block",
  "person.unblock",
  "person.blocked",
  "profile.get",
  "profile.set",
  "presence.get",
  "presence.set",
  "sync.state",
  "sync.retry",
  "sync.wait",
  "sync.flush",
] as const satisfies readonly (keyof Methods)[];

/** How a shell reaches the engine: Tauri, a worker, or stdin and stdout. */
export interface Transport {
  call(method: string, params: unknown): Promise<unknown>;
  listen(listener: (event: Event) => void): () => void;
}

/** The typed client over any transport; errors are rejected as `ApiError`. */
export interface Client {
  call<M extends keyof Methods>(method: M, params: Methods[M]["params"]): Promise<Methods[M]["reply"]>;
  listen(listener: (event: Event) => void): () => void;
}

export function client(transport: Transport): Client {
  return {
    call: (method, params) => transport.call(method, params) as Promise<never>,
    listen: (listener) => transport.listen(listener),
  };
}
