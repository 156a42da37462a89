//! The API's methods, each handed to the verb that does it. The order is that of the list.

use std::rc::Rc;

use super::{Context, Fault};
use crate::account::{self, log_in, log_out, password, recovery, sign_up, who};
use crate::api::account::*;
use crate::api::chat::*;
use crate::api::device::*;
use crate::api::draft::*;
use crate::api::group::*;
use crate::api::message::*;
use crate::api::person::*;
use crate::api::presence::*;
use crate::api::sync::*;
use crate::api::{Api, ApiError, Done};
use crate::sync::status;
use crate::{conversation, device, message};

/// What the calls of one engine share.
pub struct Engine {
    context: Rc<Context>,
}

impl Engine {
    /// The engine over its context.
    pub fn new(context: Rc<Context>) -> Self {
        Self { context }
    }

    fn shut_down(&self) -> Result<Done, Fault> {
        self.context.stop();
        Ok(Done {})
    }
}

impl Api for Engine {
    async fn account_sign_up(&self, params: AccountSignUp) -> Result<SignedUp, ApiError> {
        Ok(sign_up::sign_up(&self.context, params).await?)
    }

    async fn account_verify_email(&self, params: AccountVerifyEmail) -> Result<Done, ApiError> {
        Ok(password::verify_email(&self.context, &params).await?)
    }

    async fn account_resend_code(&self, _: AccountResendCode) -> Result<Done, ApiError> {
        Ok(password::resend_code(&self.context).await?)
    }

    async fn account_log_in(&self, params: AccountLogIn) -> Result<WhoAmI, ApiError> {
        Ok(log_in::log_in(&self.context, params).await?)
    }

    async fn account_log_out(&self, _: AccountLogOut) -> Result<Done, ApiError> {
        Ok(log_out::log_out(&self.context).await?)
    }

    async fn account_who_am_i(&self, _: AccountWhoAmI) -> Result<WhoAmI, ApiError> {
        Ok(who::who_am_i(&self.context)?)
    }

    async fn account_change_password(
        &self,
        params: AccountChangePassword,
    ) -> Result<Done, ApiError> {
        Ok(password::change(&self.context, &params).await?)
    }

    async fn account_request_reset(&self, params: AccountRequestReset) -> Result<Done, ApiError> {
        Ok(password::request_reset(&self.context, &params).await?)
    }

    async fn account_confirm_reset(&self, params: AccountConfirmReset) -> Result<Done, ApiError> {
        Ok(password::confirm_reset(&self.context, &params).await?)
    }

    async fn account_delete(&self, params: AccountDelete) -> Result<AccountDeleted, ApiError> {
        Ok(account::delete::delete(&self.context, &params).await?)
    }

    async fn account_waits(&self, _: AccountWaits) -> Result<Vec<AccountWait>, ApiError> {
        Ok(account::delete::waits(&self.context).await?)
    }

    async fn account_veto(&self, params: AccountVeto) -> Result<Done, ApiError> {
        Ok(account::delete::veto(&self.context, &params).await?)
    }

    async fn recovery_show(&self, _: RecoveryShow) -> Result<RecoveryKey, ApiError> {
        Ok(recovery::show(&self.context)?)
    }

    async fn recovery_confirm(&self, params: RecoveryConfirm) -> Result<Done, ApiError> {
        Ok(recovery::confirm(&self.context, &params)?)
    }

    async fn device_list(&self, _: DeviceList) -> Result<Vec<Device>, ApiError> {
        Ok(device::list::list(&self.context).await?)
    }

    async fn device_approve(&self, params: DeviceApprove) -> Result<Approval, ApiError> {
        Ok(device::approve::approve(&self.context, &params).await?)
    }

    async fn device_confirm(&self, params: DeviceConfirm) -> Result<Approval, ApiError> {
        Ok(device::approve::confirm(&self.context, &params).await?)
    }

    async fn device_approvals(&self, _: DeviceApprovals) -> Result<Vec<Approval>, ApiError> {
        Ok(device::run::views(&self.context))
    }

    async fn device_revoke(&self, params: DeviceRevoke) -> Result<Done, ApiError> {
        Ok(device::revoke::revoke(&self.context, &params).await?)
    }

    async fn device_rename(&self, params: DeviceRename) -> Result<Done, ApiError> {
        Ok(device::label::rename(&self.context, &params)?)
    }

    async fn chat_list(&self, _: ChatList) -> Result<Vec<Chat>, ApiError> {
        account::current(&self.context)?;
        Ok(conversation::list::list(&self.context)?)
    }

    async fn chat_resolve(&self, params: ChatResolve) -> Result<Chat, ApiError> {
        account::current(&self.context)?;
        Ok(conversation::resolve::resolve(&self.context, &params).await?)
    }

    async fn chat_info(&self, params: ChatShowInfo) -> Result<ChatInfo, ApiError> {
        Ok(conversation::info::info(&self.context, &params)?)
    }

    async fn chat_read(&self, params: ChatRead) -> Result<Done, ApiError> {
        Ok(message::read::read(&self.context, &params)?)
    }

    async fn chat_set_flags(&self, params: ChatSetFlags) -> Result<Chat, ApiError> {
        Ok(conversation::flags::set(&self.context, &params)?)
    }

    async fn chat_set_timer(&self, params: ChatSetTimer) -> Result<Done, ApiError> {
        Ok(conversation::timer::set(&self.context, &params).await?)
    }

    async fn chat_receipts(&self, params: ChatReceipts) -> Result<Receipts, ApiError> {
        Ok(conversation::receipts::get(&self.context, &params)?)
    }

    async fn chat_set_receipts(&self, params: ChatSetReceipts) -> Result<Receipts, ApiError> {
        Ok(conversation::receipts::set(&self.context, &params)?)
    }

    async fn chat_open(&self, params: ChatOpen) -> Result<Done, ApiError> {
        Ok(message::typing::open(&self.context, params).await?)
    }

    async fn chat_typing(&self, params: ChatTyping) -> Result<Done, ApiError> {
        Ok(message::typing::typing(&self.context, &params).await?)
    }

    async fn draft_get(&self, params: DraftGet) -> Result<Draft, ApiError> {
        account::current(&self.context)?;
        Ok(message::draft::get(&self.context, &params)?)
    }

    async fn draft_set(&self, params: DraftSet) -> Result<Done, ApiError> {
        Ok(message::draft::set(&self.context, params)?)
    }

    async fn message_list(&self, params: MessageList) -> Result<Vec<Message>, ApiError> {
        account::current(&self.context)?;
        Ok(message::list::list(&self.context, &params)?)
    }

    async fn message_get(&self, params: MessageGet) -> Result<Message, ApiError> {
        account::current(&self.context)?;
        Ok(message::get::get(&self.context, &params)?)
    }

    async fn message_versions(
        &self,
        params: MessageVersions,
    ) -> Result<Vec<MessageVersion>, ApiError> {
        account::current(&self.context)?;
        Ok(message::versions::versions(&self.context, &params)?)
    }

    async fn message_receipts(
        &self,
        params: MessageReceipts,
    ) -> Result<Vec<MessageReceipt>, ApiError> {
        Ok(message::receipts::receipts(&self.context, &params)?)
    }

    async fn message_send(&self, params: MessageSend) -> Result<Sent, ApiError> {
        Ok(message::send::send(&self.context, params)?)
    }

    async fn message_wait(&self, params: MessageWait) -> Result<Sent, ApiError> {
        Ok(message::send::wait(&self.context, &params).await?)
    }

    async fn message_edit(&self, params: MessageEdit) -> Result<Sent, ApiError> {
        Ok(message::change::edit(&self.context, params)?)
    }

    async fn message_delete(&self, params: MessageDelete) -> Result<Sent, ApiError> {
        Ok(message::change::delete(&self.context, &params)?)
    }

    async fn message_react(&self, params: MessageReact) -> Result<Sent, ApiError> {
        Ok(message::change::react(&self.context, params)?)
    }

    async fn message_cancel(&self, params: MessageCancel) -> Result<Done, ApiError> {
        Ok(message::send::cancel(&self.context, &params)?)
    }

    async fn message_search(&self, params: MessageSearch) -> Result<Found, ApiError> {
        account::current(&self.context)?;
        Ok(message::search::search(&self.context, &params)?)
    }

    async fn group_create(&self, params: GroupCreate) -> Result<Group, ApiError> {
        Ok(conversation::create::group(&self.context, params).await?)
    }

    async fn group_invite(&self, params: GroupInvite) -> Result<Group, ApiError> {
        Ok(conversation::invite::invite(&self.context, params).await?)
    }

    async fn group_remove(&self, params: GroupRemove) -> Result<Group, ApiError> {
        Ok(conversation::remove::remove(&self.context, params).await?)
    }

    async fn group_set_role(&self, params: GroupSetRole) -> Result<Group, ApiError> {
        Ok(conversation::role::set(&self.context, params).await?)
    }

    async fn group_leave(&self, params: GroupLeave) -> Result<Done, ApiError> {
        Ok(conversation::leave::leave(&self.context, params).await?)
    }

    async fn group_members(&self, params: GroupMembers) -> Result<Vec<Member>, ApiError> {
        Ok(conversation::group::members(&self.context, &params.chat)?)
    }

    async fn group_rename(&self, params: GroupRename) -> Result<Done, ApiError> {
        Ok(conversation::meta::set(&self.context, params).await?)
    }

    async fn request_list(&self, _: RequestList) -> Result<Vec<ChatRequest>, ApiError> {
        account::current(&self.context)?;
        Ok(conversation::request::list(&self.context)?)
    }

    async fn request_accept(&self, params: RequestAccept) -> Result<Done, ApiError> {
        Ok(conversation::request::accept(&self.context, &params).await?)
    }

    async fn request_delete(&self, params: RequestDelete) -> Result<Done, ApiError> {
        Ok(conversation::request::delete(&self.context, &params).await?)
    }

    async fn request_block(&self, params: RequestBlock) -> Result<Done, ApiError> {
        Ok(conversation::request::block(&self.context, &params).await?)
    }

    async fn person_list(&self, _: PersonList) -> Result<Vec<Person>, ApiError> {
        Ok(conversation::person::list(&self.context)?)
    }

    async fn person_acknowledge(&self, params: PersonAcknowledge) -> Result<Person, ApiError> {
        Ok(conversation::acknowledge::acknowledge(
            &self.context,
            &params,
        )?)
    }

    async fn person_safety(&self, params: PersonSafety) -> Result<SafetyNumber, ApiError> {
        Ok(conversation::verify::safety(&self.context, &params)?)
    }

    async fn person_set_verified(&self, params: PersonSetVerified) -> Result<Person, ApiError> {
        Ok(conversation::verify::set(&self.context, &params)?)
    }

    async fn invite_link(&self, _: InviteShow) -> Result<InviteLink, ApiError> {
        Ok(conversation::link::own(&self.context)?)
    }

    async fn invite_look(&self, params: InviteLook) -> Result<Person, ApiError> {
        Ok(conversation::link::look(&self.context, &params).await?)
    }

    async fn person_block(&self, params: PersonBlock) -> Result<Done, ApiError> {
        Ok(conversation::block::block(&self.context, &params).await?)
    }

    async fn person_unblock(&self, params: PersonUnblock) -> Result<Done, ApiError> {
        Ok(conversation::block::unblock(&self.context, &params).await?)
    }

    async fn person_blocked(&self, _: PersonBlocked) -> Result<Vec<Blocked>, ApiError> {
        Ok(conversation::block::list(&self.context)?)
    }

    async fn profile_get(&self, params: ProfileGet) -> Result<Profile, ApiError> {
        Ok(conversation::profile::get(&self.context, &params).await?)
    }

    async fn profile_set(&self, params: ProfileSet) -> Result<Profile, ApiError> {
        Ok(conversation::profile::set(&self.context, &params)?)
    }

    async fn presence_get(&self, _: PresenceGet) -> Result<Presence, ApiError> {
        Ok(conversation::presence::get(&self.context)?)
    }

    async fn presence_set(&self, params: PresenceSet) -> Result<Presence, ApiError> {
        Ok(conversation::presence::set(&self.context, &params)?)
    }

    async fn sync_state(&self, _: SyncState) -> Result<SyncStatus, ApiError> {
        Ok(status::status(&self.context)?)
    }

    async fn sync_retry(&self, _: SyncRetry) -> Result<SyncStatus, ApiError> {
        Ok(status::retry(&self.context)?)
    }

    async fn sync_wait(&self, params: SyncWait) -> Result<SyncStatus, ApiError> {
        Ok(status::wait(&self.context, params.timeout_ms).await?)
    }

    async fn sync_flush(&self, params: SyncFlush) -> Result<Flushed, ApiError> {
        Ok(status::flush(&self.context, params.timeout_ms).await?)
    }

    async fn engine_shutdown(&self, _: EngineShutdown) -> Result<Done, ApiError> {
        Ok(self.shut_down()?)
    }
}
