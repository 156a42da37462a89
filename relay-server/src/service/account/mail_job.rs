//! Mails are jobs: whatever the request finds out about an address, its answer is the same and
//! comes at the same time; only the job behind it differs (D6).

use chatty_protocol::sign::{hash, sha256};
use chatty_protocol::{ErrorCode, UserId, limits};
use data_encoding::BASE64URL_NOPAD;
use serde::{Deserialize, Serialize};

use crate::mail::{Mail, MailError};
use crate::service::{Refused, Served};
use crate::state::App;
use crate::store::account::{CodePut, NewCode};
use crate::store::job::Job;

/// Kind of these jobs.
pub const MAIL: &str = "mail";
/// Purpose of reset tokens in the store.
pub(super) const RESET: &str = "reset";

/// What to write. Kept in the job's row until the mail left.
#[derive(Clone, Serialize, Deserialize)]
pub enum MailJob {
    /// The code for a new account's address, or a notice to the owner of that address.
    Code {
        /// The new account.
        user: UserId,
        /// Its code.
        code: String,
    },
    /// A reset token for whoever owns the address, if anybody does.
    Reset {
        /// The address.
        email: String,
    },
}

/// Puts a mail job; the same key again is the same mail.
pub async fn put_mail(app: &App, key: String, job: &MailJob) -> Served<()> {
    let payload = serde_json::to_vec(job).map_err(|_| Refused::new(ErrorCode::Internal))?;
    app.store
        .job_put(MAIL, key, app.now_ms(), payload.into())
        .await?;
    app.job_hint.notify_one();
    Ok(())
}

/// Writes and hands over the mail of one leased job. `Ok` also when there is nothing to write.
pub async fn run_mail(app: &App, job: &Job) -> Served<()> {
    let Ok(what) = serde_json::from_slice::<MailJob>(&job.payload) else {
        tracing::error!(job = job.id, "a mail job does not decode");
        return Ok(());
    };
    let composed = match what {
        MailJob::Code { user, code } => code_mail(app, user, &code).await?,
        MailJob::Reset { email } => reset_mail(app, email, &job.key).await?,
    };
    let Some((to, subject, body)) = composed else {
        return Ok(());
    };
    let mail = Mail {
        id: format!("{}@{}", letters(&job.key), host(&app.origin)),
        to,
        subject,
        body,
        date_ms: app.now_ms(),
    };
    match app.mailer.send(mail).await {
        Ok(()) => {
            tracing::info!(subject, "a mail was handed over");
            Ok(())
        }
        Err(MailError::Io(error)) => {
            tracing::warn!(error = %error.kind(), "a mail could not be handed over");
            Err(ErrorCode::Busy.into())
        }
        // No later try would help.
        Err(error) => {
            tracing::warn!(%error, "a mail was dropped");
            Ok(())
        }
    }
}

type Composed = Option<(String, &'static str, String)>;

async fn code_mail(app: &App, user: UserId, code: &str) -> Served<Composed> {
    let account = app.store.account(user).await?;
    let Some(account) = account.filter(|a| !a.verified && !a.closed && !a.email.is_empty()) else {
        return Ok(None);
    };
    if app.store.by_email(account.email.clone()).await?.is_some() {
        return Ok(Some((
            account.email,
            "Somebody used your address",
            known_text(&app.origin),
        )));
    }
    // The code alone on its line, and no other number of six digits anywhere.
    let text = format!(
        "Your code for {}\n\n{code}\n\nIt is good for 15 minutes.\n\
         If you did not sign up, do nothing: the account ends by itself.\n",
        app.origin
    );
    Ok(Some((account.email, "Your Chatty code", text)))
}

fn known_text(origin: &str) -> String {
    format!(
        "Somebody tried to sign up with this address at\n{origin}\n\n\
         You have an account there, so nothing changed.\n\
         If it was you, log in with your handle or this address.\n\
         If you forgot your password, ask for a new one.\n"
    )
}

/// Makes the token here and not in the request: the request does the same for every address.
async fn reset_mail(app: &App, email: String, key: &str) -> Served<Composed> {
    let Some(user) = app.store.by_email(email.clone()).await? else {
        return Ok(None);
    };
    let now = app.now_ms();
    let token = app.tokens.reset_token(key);
    let new = NewCode {
        purpose: RESET,
        user,
        hash: sha256(token.as_bytes()).0,
        now,
        expires: now + limits::RESET_TOKEN_MS,
        gap_ms: 0,
        per_day: limits::EMAIL_SENDS_PER_DAY,
    };
    if let CodePut::Wait(_) = app.store.code_put(new).await? {
        return Ok(None);
    }
    let text = format!(
        "Somebody asked for a new password for your account at\n{}\n\n\
         To set one, enter this code where you asked for it:\n\n{}\n\n\
         It is good for 20 minutes and signs all devices out.\n\
         Your messages stay where they are: a new password opens none of them.\n\
         If it was not you, do nothing.\n",
        app.origin, *token
    );
    Ok(Some((email, "Set a new password", text)))
}

/// A name without digits, so that a mail holds no six digits but its code.
fn letters(key: &str) -> String {
    let digest = hash("mail-id", key.as_bytes()).0;
    let pairs = digest.iter().flat_map(|byte| [byte >> 4, byte & 15]);
    pairs
        .map(|nibble| char::from(b'a' + nibble))
        .take(32)
        .collect()
}

fn host(origin: &str) -> &str {
    let rest = origin.split_once("://").map_or(origin, |(_, rest)| rest);
    let host = rest.rsplit_once(':').map_or(rest, |(host, _)| host);
    if host.starts_with(|c: char| c.is_ascii_alphabetic()) {
        host
    } else {
        "localhost"
    }
}

/// A job key that shows no address.
pub(super) fn reset_key(email: &str, now_ms: u64, nonce: [u8; 8]) -> String {
    let address = BASE64URL_NOPAD.encode(&hash("mail-to", email.as_bytes()).0);
    format!(
        "{RESET}/{address}/{now_ms}/{}",
        BASE64URL_NOPAD.encode(&nonce)
    )
}
