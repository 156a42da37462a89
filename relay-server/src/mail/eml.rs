//! Mails as `.eml` files in a folder: what one person's relay does instead of SMTP.

use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use lettre::message::header::ContentType;
use lettre::message::{Mailbox, Message};

use super::{Mail, MailError, Mailer};

/// Writes each mail into its own file.
pub struct EmlMailer {
    folder: PathBuf,
    from: Mailbox,
}

impl EmlMailer {
    /// Mails go into `folder`, which is made.
    pub fn new(folder: &Path, from: &str) -> Result<Self, MailError> {
        std::fs::create_dir_all(folder)?;
        let from = from.parse().map_err(|_| MailError::Address)?;
        Ok(Self {
            folder: folder.to_owned(),
            from,
        })
    }

    fn write(&self, mail: Mail) -> Result<(Vec<u8>, PathBuf), MailError> {
        let to: Mailbox = mail.to.parse().map_err(|_| MailError::Address)?;
        let date = SystemTime::UNIX_EPOCH + Duration::from_millis(mail.date_ms);
        let message = Message::builder()
            .from(self.from.clone())
            .to(to)
            .subject(mail.subject)
            .date(date)
            .message_id(Some(format!("<{}>", mail.id)))
            .header(ContentType::TEXT_PLAIN)
            .body(mail.body)
            .map_err(|_| MailError::Shape)?;
        // Time first, so that a listing of the folder is in order.
        let name = mail.id.split('@').next().unwrap_or_default();
        let file = self.folder.join(format!("{:013}-{name}.eml", mail.date_ms));
        Ok((message.formatted(), file))
    }
}

#[async_trait::async_trait]
impl Mailer for EmlMailer {
    async fn send(&self, mail: Mail) -> Result<(), MailError> {
        let (bytes, file) = self.write(mail)?;
        let part = file.with_extension("part");
        tokio::fs::write(&part, bytes).await?;
        // A reader of the folder never sees half a mail.
        tokio::fs::rename(&part, &file).await?;
        Ok(())
    }
}
