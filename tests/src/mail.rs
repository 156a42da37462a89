//! Mails as the relay's `.eml` mailer leaves them.

use std::path::Path;

use crate::relay::Relay;

/// One mail.
pub struct Mail(String);

impl Relay {
    /// The newest mail to an address, after everything due was done.
    pub async fn mail_to(&self, address: &str) -> Mail {
        self.run_due().await;
        newest(&self.data().join("mail"), address).expect("a mail came")
    }
}

fn newest(folder: &Path, address: &str) -> Option<Mail> {
    let files = std::fs::read_dir(folder).ok()?;
    let mut files: Vec<_> = files.filter_map(|file| Some(file.ok()?.path())).collect();
    files.sort();
    let texts = files.iter().rev().map(std::fs::read_to_string);
    let mut texts = texts.filter_map(Result::ok);
    texts.find(|text| is_to(text, address)).map(Mail)
}

fn is_to(text: &str, address: &str) -> bool {
    let to = text.lines().find_map(|line| line.strip_prefix("To: "));
    to.is_some_and(|to| to.trim_matches(['<', '>']) == address)
}

impl Mail {
    fn body(&self) -> &str {
        self.0.split_once("\r\n\r\n").map_or("", |(_, body)| body)
    }

    /// The code, which stands alone on its line.
    pub fn code(&self) -> String {
        let is_code = |line: &&str| line.len() == 6 && line.bytes().all(|b| b.is_ascii_digit());
        self.body()
            .lines()
            .find(is_code)
            .expect("a code")
            .to_owned()
    }

    /// The reset token: the longest word.
    pub fn token(&self) -> String {
        let words = self.body().split_whitespace();
        words
            .max_by_key(|word| word.len())
            .expect("a token")
            .to_owned()
    }
}
