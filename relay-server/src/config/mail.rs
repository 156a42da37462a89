//! Who mails come from.

/// Settings of the mailer.
#[derive(Debug, Clone, PartialEq, Eq, serde::Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct MailConfig {
    /// Address in `From`.
    pub from: String,
}

impl Default for MailConfig {
    fn default() -> Self {
        Self {
            from: "chatty@localhost.localdomain".into(),
        }
    }
}
