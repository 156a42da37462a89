//! What came by mail.

use chatty_protocol::limits::EMAIL_CODE_DIGITS;

use super::relay::TestRelay;

/// One mail: whom it is for and the whole file.
#[derive(Debug, Clone)]
pub struct Received {
    pub to: String,
    pub text: String,
}

impl Received {
    /// The lines after the headers.
    pub fn body(&self) -> &str {
        self.text.split_once("\r\n\r\n").unwrap().1
    }

    /// Every run of exactly six digits in the file.
    pub fn six_digits(&self) -> Vec<String> {
        let runs = self.text.split(|c: char| !c.is_ascii_digit());
        runs.filter(|run| run.len() == 6)
            .map(str::to_owned)
            .collect()
    }

    /// The code, which stands alone on its line.
    pub fn code(&self) -> String {
        let is_code = |line: &&str| {
            line.len() == EMAIL_CODE_DIGITS as usize && line.bytes().all(|b| b.is_ascii_digit())
        };
        self.body().lines().find(is_code).unwrap().to_owned()
    }

    /// The longest word: a reset token.
    pub fn token(&self) -> String {
        let words = self.body().split_whitespace();
        words.max_by_key(|word| word.len()).unwrap().to_owned()
    }
}

impl TestRelay {
    /// Has due work done, then reads the mail folder, oldest first.
    pub async fn mails(&self) -> Vec<Received> {
        self.relay.run_due().await.unwrap();
        let folder = self.app.config.data.join("mail");
        let mut files: Vec<_> = std::fs::read_dir(folder)
            .unwrap()
            .map(|file| file.unwrap().path())
            .filter(|path| path.extension().is_some_and(|ext| ext == "eml"))
            .collect();
        files.sort();
        let read = |path| {
            let text = std::fs::read_to_string(path).unwrap();
            let to = text.lines().find_map(|line| line.strip_prefix("To: "));
            let to = to.unwrap().trim_matches(['<', '>']).to_owned();
            Received { to, text }
        };
        files.into_iter().map(read).collect()
    }

    /// The newest mail to somebody.
    pub async fn mail_to(&self, address: &str) -> Received {
        let mails = self.mails().await;
        mails.into_iter().rfind(|mail| mail.to == address).unwrap()
    }
}
