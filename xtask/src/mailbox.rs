//! The development mailer's folder: says each mail that comes, with its code.

use std::collections::HashSet;
use std::path::{Path, PathBuf};
use std::time::Duration;

/// A person waits for a code with the page open.
const PAUSE: Duration = Duration::from_millis(300);
/// Digits of a code.
const DIGITS: usize = 6;

/// Prints mails as they come, for as long as this program runs. What lies there already is old.
pub fn watch(folder: PathBuf) {
    let mut seen: HashSet<PathBuf> = mails(&folder).into_iter().collect();
    std::thread::spawn(move || {
        loop {
            for file in mails(&folder) {
                if seen.insert(file.clone()) {
                    let mail = std::fs::read_to_string(&file).unwrap_or_default();
                    println!("{}", line(&mail, &file));
                }
            }
            std::thread::sleep(PAUSE);
        }
    });
}

fn mails(folder: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(folder).into_iter().flatten().flatten();
    let files = entries.map(|entry| entry.path());
    let mut mails: Vec<PathBuf> = files
        .filter(|file| file.extension().is_some_and(|end| end == "eml"))
        .collect();
    mails.sort();
    mails
}

/// Whom it is for, the code if it has one, and where it lies.
fn line(mail: &str, file: &Path) -> String {
    let to = mail.lines().find_map(|line| line.strip_prefix("To: "));
    let code = mail.lines().find(|line| is_code(line)).unwrap_or("mail");
    format!(
        "{code} for {}  ({})",
        to.unwrap_or("somebody"),
        file.display()
    )
}

fn is_code(line: &str) -> bool {
    let line = line.trim();
    line.len() == DIGITS && line.bytes().all(|byte| byte.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mail_is_one_line_with_its_code() {
        let mail =
            "From: Chatty <a@b>\r\nTo: ann@example.org\r\n\r\nHello\r\n\r\n123456\r\n1234567\r\n";
        assert_eq!(
            line(mail, Path::new("/m/1.eml")),
            "123456 for ann@example.org  (/m/1.eml)"
        );
        assert_eq!(
            line("", Path::new("/m/2.eml")),
            "mail for somebody  (/m/2.eml)"
        );
    }
}
