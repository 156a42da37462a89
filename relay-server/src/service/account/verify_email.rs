//! `POST /email/verify` and `/email/resend`: six digits that prove an address.

use chatty_protocol::{ErrorCode, UserId, limits};

use super::mail_job::{MailJob, put_mail};
use crate::notice::Notice;
use crate::service::token::sid;
use crate::service::{Refused, Served};
use crate::state::App;
use crate::store::account::{CodePut, CodeTry, NewCode};
use crate::store::session::FamilyId;

/// Purpose of these codes in the store.
const VERIFY: &str = "verify";
/// One more than the greatest code.
const CODES: u32 = 10_u32.pow(limits::EMAIL_CODE_DIGITS);

/// Makes a code and has it mailed. The answer does not depend on whose address it is.
pub(super) async fn send_code(app: &App, user: UserId) -> Served<()> {
    let now = app.now_ms();
    let code = random_code(app)?;
    let new = NewCode {
        purpose: VERIFY,
        user,
        hash: app.tokens.code_hash(&user, &code),
        now,
        expires: now + limits::EMAIL_CODE_MS,
        gap_ms: limits::EMAIL_RESEND_MS,
        per_day: limits::EMAIL_SENDS_PER_DAY,
    };
    match app.store.code_put(new).await? {
        CodePut::Stored { id } => {
            let key = format!("{VERIFY}/{user}/{id}");
            put_mail(app, key, &MailJob::Code { user, code }).await
        }
        CodePut::Wait(ms) => Err(Refused::rate_limited(ms)),
    }
}

/// Six digits, each code as likely as any other.
fn random_code(app: &App) -> Served<String> {
    loop {
        let drawn = u32::from_be_bytes(app.random.bytes::<4>()?);
        // The top of the range would make low codes more likely: draw again.
        if drawn < u32::MAX - u32::MAX % CODES {
            let width = limits::EMAIL_CODE_DIGITS as usize;
            return Ok(format!("{:0width$}", drawn % CODES));
        }
    }
}

/// Mails a new code; the earlier one is void.
pub async fn resend_email(app: &App, user: UserId) -> Served<()> {
    let account = app.store.account(user).await?;
    if account.ok_or(ErrorCode::Unauthorised)?.verified {
        return Err(Refused::new(ErrorCode::Conflict).detail("the address is verified"));
    }
    send_code(app, user).await
}

/// Proves the address. Sessions from before end, except the one that proved it (D5).
pub async fn verify_email(app: &App, user: UserId, session: FamilyId, code: &str) -> Served<()> {
    let account = app.store.account(user).await?;
    if account.ok_or(ErrorCode::Unauthorised)?.verified {
        return Ok(());
    }
    let digits = limits::EMAIL_CODE_DIGITS as usize;
    if code.len() != digits || !code.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err(Refused::new(ErrorCode::Malformed).detail("a code has six digits"));
    }
    let hash = app.tokens.code_hash(&user, code);
    let tried = app
        .store
        .verify_email(user, hash, limits::EMAIL_CODE_TRIES, app.now_ms());
    match tried.await? {
        CodeTry::Consumed => {
            app.store.families_revoke(user, Some(session)).await?;
            app.notices.send(Notice::AccountSessionsEnded {
                user,
                except: Some(sid(&session)),
            });
            Ok(())
        }
        // The owner of the address verified it in the meantime: this claim is worth nothing.
        CodeTry::Wrong(_) | CodeTry::EmailTaken => Err(ErrorCode::CodeWrong.into()),
        CodeTry::Expired => Err(ErrorCode::CodeExpired.into()),
    }
}
