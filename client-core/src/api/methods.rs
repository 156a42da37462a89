//! The one list of methods, to read aloud.

use super::Done;
use super::account::*;
use super::chat::*;
use super::device::*;
use super::draft::*;
use super::group::*;
use super::message::*;
use super::person::*;
use super::presence::*;
use super::sync::*;

api! {
    /// Makes an account with this device as its first.
    "account.sign_up" => account_sign_up: AccountSignUp -> SignedUp;
    /// Types the code of the mail.
    "account.verify_email" => account_verify_email: AccountVerifyEmail -> Done;
    /// Asks for another mail with a code.
    "account.resend_code" => account_resend_code: AccountResendCode -> Done;
    /// Signs this home in to an existing account.
    "account.log_in" => account_log_in: AccountLogIn -> WhoAmI;
    /// Ends the session.
    "account.log_out" => account_log_out: AccountLogOut -> Done;
    /// Says who this home belongs to.
    "account.who_am_i" => account_who_am_i: AccountWhoAmI -> WhoAmI;
    /// Changes the password of the login.
    "account.change_password" => account_change_password: AccountChangePassword -> Done;
    /// Asks for a mail with a reset token.
    "account.request_reset" => account_request_reset: AccountRequestReset -> Done;
    /// Sets a new password with that token.
    "account.confirm_reset" => account_confirm_reset: AccountConfirmReset -> Done;
    /// Deletes the account.
    "account.delete" => account_delete: AccountDelete -> AccountDeleted;
    /// Lists announced changes of the account.
    "account.waits" => account_waits: AccountWaits -> Vec<AccountWait>;
    /// Stops an announced change.
    "account.veto" => account_veto: AccountVeto -> Done;
    /// Shows the recovery key until it is confirmed.
    "recovery.show" => recovery_show: RecoveryShow -> RecoveryKey;
    /// Types the recovery key back and erases its secret.
    "recovery.confirm" => recovery_confirm: RecoveryConfirm -> Done;

    /// Lists the account's devices.
    "device.list" => device_list: DeviceList -> Vec<Device>;
    /// Starts the approval of a waiting device.
    "device.approve" => device_approve: DeviceApprove -> Approval;
    /// Says whether the pictures are the same.
    "device.confirm" => device_confirm: DeviceConfirm -> Approval;
    /// Lists running approvals.
    "device.approvals" => device_approvals: DeviceApprovals -> Vec<Approval>;
    /// Removes a device for good.
    "device.revoke" => device_revoke: DeviceRevoke -> Done;
    /// Changes a device's label.
    "device.rename" => device_rename: DeviceRename -> Done;

    /// Lists conversations.
    "chat.list" => chat_list: ChatList -> Vec<Chat>;
    /// Finds one conversation by what a person types.
    "chat.resolve" => chat_resolve: ChatResolve -> Chat;
    /// Shows what stands in no row of the timeline.
    "chat.info" => chat_info: ChatShowInfo -> ChatInfo;
    /// Marks as read.
    "chat.read" => chat_read: ChatRead -> Done;
    /// Pins, archives or mutes.
    "chat.set_flags" => chat_set_flags: ChatSetFlags -> Chat;
    /// Sets the disappearing timer.
    "chat.set_timer" => chat_set_timer: ChatSetTimer -> Done;
    /// Shows which receipts are given and shown.
    "chat.receipts" => chat_receipts: ChatReceipts -> Receipts;
    /// Sets which receipts are given and shown.
    "chat.set_receipts" => chat_set_receipts: ChatSetReceipts -> Receipts;
    /// Tells what is on the screen.
    "chat.open" => chat_open: ChatOpen -> Done;
    /// Says that this user types.
    "chat.typing" => chat_typing: ChatTyping -> Done;

    /// Reads what was typed and not sent.
    "draft.get" => draft_get: DraftGet -> Draft;
    /// Keeps what was typed.
    "draft.set" => draft_set: DraftSet -> Done;

    /// Reads a page of messages.
    "message.list" => message_list: MessageList -> Vec<Message>;
    /// Reads one message.
    "message.get" => message_get: MessageGet -> Message;
    /// Reads the versions of a changed text, oldest first.
    "message.versions" => message_versions: MessageVersions -> Vec<MessageVersion>;
    /// Shows who has an own message and who read it.
    "message.receipts" => message_receipts: MessageReceipts -> Vec<MessageReceipt>;
    /// Writes a message.
    "message.send" => message_send: MessageSend -> Sent;
    /// Waits until something sent is accepted.
    "message.wait" => message_wait: MessageWait -> Sent;
    /// Changes an own message.
    "message.edit" => message_edit: MessageEdit -> Sent;
    /// Deletes an own message for everyone.
    "message.delete" => message_delete: MessageDelete -> Sent;
    /// Reacts to a message.
    "message.react" => message_react: MessageReact -> Sent;
    /// Takes a message out of the outbox.
    "message.cancel" => message_cancel: MessageCancel -> Done;
    /// Searches the texts on this device.
    "message.search" => message_search: MessageSearch -> Found;

    /// Makes a group.
    "group.create" => group_create: GroupCreate -> Group;
    /// Invites people.
    "group.invite" => group_invite: GroupInvite -> Group;
    /// Removes somebody.
    "group.remove" => group_remove: GroupRemove -> Group;
    /// Changes what a member may do.
    "group.set_role" => group_set_role: GroupSetRole -> Group;
    /// Leaves a group.
    "group.leave" => group_leave: GroupLeave -> Done;
    /// Lists members.
    "group.members" => group_members: GroupMembers -> Vec<Member>;
    /// Changes the title.
    "group.rename" => group_rename: GroupRename -> Done;

    /// Lists requests of strangers.
    "request.list" => request_list: RequestList -> Vec<ChatRequest>;
    /// Accepts a request.
    "request.accept" => request_accept: RequestAccept -> Done;
    /// Deletes a request.
    "request.delete" => request_delete: RequestDelete -> Done;
    /// Deletes a request and blocks its sender.
    "request.block" => request_block: RequestBlock -> Done;
    /// Lists everybody this device knows.
    "person.list" => person_list: PersonList -> Vec<Person>;
    /// Goes on with a person whose account changed.
    "person.acknowledge" => person_acknowledge: PersonAcknowledge -> Person;
    /// Shows the number that two people compare.
    "person.safety" => person_safety: PersonSafety -> SafetyNumber;
    /// Says whether it was the same.
    "person.set_verified" => person_set_verified: PersonSetVerified -> Person;
    /// Shows one's own invite link.
    "invite.link" => invite_link: InviteShow -> InviteLink;
    /// Looks up who an invite link leads to.
    "invite.look" => invite_look: InviteLook -> Person;
    /// Blocks a person.
    "person.block" => person_block: PersonBlock -> Done;
    /// Takes a block back.
    "person.unblock" => person_unblock: PersonUnblock -> Done;
    /// Lists blocked people.
    "person.blocked" => person_blocked: PersonBlocked -> Vec<Blocked>;
    /// Shows a profile.
    "profile.get" => profile_get: ProfileGet -> Profile;
    /// Sets one's own display name.
    "profile.set" => profile_set: ProfileSet -> Profile;

    /// Shows whether presence is shared, and who is online.
    "presence.get" => presence_get: PresenceGet -> Presence;
    /// Shares presence or stops that.
    "presence.set" => presence_set: PresenceSet -> Presence;

    /// Says how the connection stands.
    "sync.state" => sync_state: SyncState -> SyncStatus;
    /// Connects now instead of at the next attempt.
    "sync.retry" => sync_retry: SyncRetry -> SyncStatus;
    /// Waits until caught up.
    "sync.wait" => sync_wait: SyncWait -> SyncStatus;
    /// Waits until the outbox is empty.
    "sync.flush" => sync_flush: SyncFlush -> Flushed;
    /// Stops the engine.
    "engine.shutdown" => engine_shutdown: EngineShutdown -> Done;
}
