//! `POST /accounts`.
//!
//! Whether an address is known to the relay is never told: an account whose address belongs to a
//! verified one is created like any other, with tokens, a code row and a mail job. Only the mail
//! differs, and it goes to the owner. Such an account can never verify and ends after 24 hours.
//! With open sign-up there is no code to wait for: the account then works without an address.

use chatty_protocol::certificate::check as check_certificate;
use chatty_protocol::device_log::{DeviceEntry, DeviceLog, DeviceOp};
use chatty_protocol::rest::{SignUp as SignUpBody, SignedUp};
use chatty_protocol::sign::{Signed, ZERO_HASH};
use chatty_protocol::{DeviceId, ErrorCode, UserId, limits};

use super::check::{check_handle, check_new_password};
use super::{normal_email, verify_email};
use crate::cache::{Rate, RateKind};
use crate::service::device::read_entry;
use crate::service::session::issue;
use crate::service::{Refused, Served};
use crate::state::App;
use crate::store::account::{NewAccount, SignUp};
use crate::store::device::{DeviceChange, NewDeviceEntry};

/// Creates an account with its first device.
pub async fn sign_up(app: &App, range: &[u8], body: &SignUpBody) -> Served<SignedUp> {
    check_handle(&body.handle)?;
    check_new_password(&body.password)?;
    let not_an_address = || Refused::new(ErrorCode::Malformed).detail("not an e-mail address");
    let email = normal_email(&body.email).ok_or_else(not_an_address)?;
    let signed = read_entry(&body.entry.0)?;
    let log = DeviceLog::init(&signed)?;
    let (device, entry) = first_device(&signed, &log, app.now_ms())?;
    spend_sign_up(app, range).await?;
    let password = app.hasher.hash(&body.password, &app.random).await?;
    let verified = app.config.open_signup_without_mail;
    let email = if verified {
        own_or_none(app, log.user, email).await?
    } else {
        email
    };
    let account = NewAccount {
        handle: body.handle.clone(),
        email,
        password,
        verified,
        entry,
        released_before: app.now_ms().saturating_sub(limits::HANDLE_RELEASED_MS),
    };
    create(app, account, &body.password).await?;
    if !verified {
        match verify_email::send_code(app, log.user).await {
            // A repeat of a call that was cut off: the first one's code is on its way.
            Err(refused) if refused.code == ErrorCode::RateLimited => {}
            sent => sent?,
        }
    }
    Ok(SignedUp {
        user: log.user,
        tokens: issue(app, log.user, Some(device)).await?,
        verified,
    })
}

/// Open sign-up: an address that is somebody's stays theirs, and the account works without one.
/// The question costs a read whether the answer is yes or no.
async fn own_or_none(app: &App, user: UserId, email: String) -> Served<String> {
    let owner = app.store.by_email(email.clone()).await?;
    let foreign = owner.is_some_and(|owner| owner != user);
    Ok(if foreign { String::new() } else { email })
}

async fn spend_sign_up(app: &App, range: &[u8]) -> Served<()> {
    let rate = Rate {
        burst: app.config.limits.sign_ups_per_range_hour,
        window_ms: limits::HOUR_MS,
    };
    let spent = app
        .cache
        .spend(RateKind::SignUp, range, 1, rate, app.now_ms());
    spent.await.map_err(Refused::rate_limited)
}

async fn create(app: &App, account: NewAccount, password: &str) -> Served<()> {
    let user = account.entry.user;
    match app.store.sign_up(account).await? {
        SignUp::Created { .. } => Ok(()),
        SignUp::Repeated { .. } => {
            // A lost answer comes again with the same password; anybody else is not told more
            // than that the handle is gone.
            let stored = app.store.password(user).await?;
            let same = app.hasher.verify(password, stored.as_deref()).await?;
            if same {
                Ok(())
            } else {
                Err(ErrorCode::HandleTaken.into())
            }
        }
        SignUp::HandleTaken => Err(ErrorCode::HandleTaken.into()),
        // Two sign-ups with one new address at the same moment: the second one asks again.
        SignUp::EmailTaken => Err(ErrorCode::Busy.into()),
        SignUp::UserExists => Err(ErrorCode::Conflict.into()),
    }
}

/// The device of an `init` entry, and the entry as the store takes it.
pub(super) fn first_device(
    signed: &Signed<DeviceEntry>,
    log: &DeviceLog,
    now: u64,
) -> Served<(DeviceId, NewDeviceEntry)> {
    let DeviceOp::Init { cert, class, .. } = signed.open()?.op else {
        return Err(ErrorCode::Malformed.into());
    };
    let checked = check_certificate(&cert)?;
    let change = DeviceChange::Add {
        device: checked.device,
        cert: cert.to_bytes().into(),
        class: u8::try_from(class.number()).unwrap_or(0),
        expires: 0,
    };
    let entry = NewDeviceEntry {
        user: log.user,
        on: None,
        seq: 0,
        prev: ZERO_HASH,
        hash: log.head.hash,
        recover: false,
        close: false,
        bytes: signed.to_bytes().into(),
        changes: vec![change],
        now,
    };
    Ok((checked.device, entry))
}
