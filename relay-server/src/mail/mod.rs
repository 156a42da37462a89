//! Mails leave through this door only.

mod eml;

pub use eml::EmlMailer;

/// A mail in plain text.
#[derive(Clone, PartialEq, Eq)]
pub struct Mail {
    /// Message-ID without angle brackets: the same for a repeat, so that mail programs fold it.
    pub id: String,
    /// Recipient.
    pub to: String,
    /// Subject.
    pub subject: &'static str,
    /// Text.
    pub body: String,
    /// When it was written, Unix ms.
    pub date_ms: u64,
}

impl std::fmt::Debug for Mail {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        // Address and text are user data; the text may hold a code.
        f.debug_struct("Mail")
            .field("subject", &self.subject)
            .finish_non_exhaustive()
    }
}

/// Why a mail did not leave.
#[derive(Debug, thiserror::Error)]
pub enum MailError {
    /// The address is none, so no try will ever help.
    #[error("not an address")]
    Address,
    /// The text could not be put into a mail.
    #[error("not a mail")]
    Shape,
    /// The mail could not be handed over; a later try may help.
    #[error("a mail could not be handed over: {0}")]
    Io(#[from] std::io::Error),
}

/// Hands mails over: a folder now, SMTP later.
#[async_trait::async_trait]
pub trait Mailer: Send + Sync {
    /// Hands one mail over. A repeat with the same id is harmless.
    async fn send(&self, mail: Mail) -> Result<(), MailError>;
}
