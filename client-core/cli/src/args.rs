//! The command line. Secrets are never arguments: they would show in the process list.

use std::path::PathBuf;

use clap::{Parser, Subcommand};

/// End-to-end-encrypted chat from the command line.
#[derive(Parser)]
#[command(name = "chatty", version, max_term_width = 100)]
pub struct Args {
    /// Folder of this device's data.
    #[arg(long, env = "CHATTY_HOME", global = true, value_name = "DIR")]
    pub home: Option<PathBuf>,
    /// Server address, `https://host[:port]`; remembered after sign-up and log-in.
    #[arg(long, env = "CHATTY_RELAY", global = true, value_name = "URL")]
    pub relay: Option<String>,
    /// One JSON object per line on stdout, and nothing else there.
    #[arg(long, global = true)]
    pub json: bool,
    /// Do not connect.
    #[arg(long, global = true)]
    pub offline: bool,
    /// Longest wait for the server, seconds.
    #[arg(long, global = true, default_value_t = 60, value_name = "S")]
    pub timeout: u64,
    /// Wait this long for another chatty that uses the same home, seconds.
    #[arg(long, global = true, default_value_t = 0, value_name = "S")]
    pub wait_lock: u64,
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
}

/// Every command.
#[derive(Subcommand)]
pub enum Command {
    /// Make an account; the password is the first line of stdin, else CHATTY_PASSWORD.
    Signup {
        /// Public name, 3 to 32 of a-z, 0-9 and _.
        #[arg(long)]
        handle: String,
        /// Address for codes; never shown to anybody.
        #[arg(long)]
        email: String,
    },
    /// Type the six-digit code of the mail.
    VerifyEmail {
        /// The code.
        code: String,
    },
    /// Ask for another mail with a code.
    ResendCode,
    /// Sign this home in to an account; another device then approves it.
    Login {
        /// Handle or e-mail address of the account.
        #[arg(long)]
        handle: String,
        /// Stay and take part in the approval for this long, seconds.
        #[arg(long, value_name = "S")]
        wait: Option<u64>,
        /// Confirm without comparing pictures (for scripts).
        #[arg(long)]
        yes: bool,
    },
    /// Sign this device out and remove it from the account.
    Logout,
    /// Who this home belongs to.
    Whoami,
    /// The recovery key.
    #[command(subcommand)]
    Recovery(Recovery),
    /// The password of the login.
    #[command(subcommand)]
    Password(Password),
    /// The whole account.
    #[command(subcommand)]
    Account(Account),
    /// The devices of the account.
    #[command(subcommand)]
    Devices(Devices),
    /// List chats.
    Chats,
    /// Send a text.
    Send {
        /// Id, prefix of 8 or more characters, @handle or exact title.
        chat: String,
        /// The text.
        text: String,
        /// Leave it in the outbox when the server is slow.
        #[arg(long)]
        no_wait: bool,
    },
    /// Show messages, oldest first.
    Messages {
        /// Which chat.
        chat: String,
        /// How many.
        #[arg(long, default_value_t = 50, value_parser = clap::value_parser!(u64).range(1..=500))]
        limit: u64,
        /// Only those before this message.
        #[arg(long, value_name = "ID")]
        before: Option<String>,
    },
    /// Search the texts on this device.
    Search {
        /// Words; each must occur.
        text: String,
        /// How many.
        #[arg(long, default_value_t = 50, value_parser = clap::value_parser!(u64).range(1..=500))]
        limit: u64,
    },
    /// Answer a message.
    Reply {
        /// Which chat.
        chat: String,
        /// The message.
        message: String,
        /// The text.
        text: String,
    },
    /// Change an own message.
    Edit {
        /// Which chat.
        chat: String,
        /// The message.
        message: String,
        /// The new text.
        text: String,
    },
    /// Delete an own message for everyone.
    Delete {
        /// Which chat.
        chat: String,
        /// The message.
        message: String,
    },
    /// React to a message; an empty emoji takes it back.
    React {
        /// Which chat.
        chat: String,
        /// The message.
        message: String,
        /// The emoji.
        emoji: String,
    },
    /// Mark a chat as read.
    Read {
        /// Which chat.
        chat: String,
    },
    /// Set the timer of disappearing messages.
    Timer {
        /// Which chat.
        chat: String,
        /// off, or a number with s, m, h, d or w: 30s, 1h, 7d.
        time: String,
    },
    /// Groups.
    #[command(subcommand)]
    Group(Group),
    /// List requests of strangers, or decide one.
    Requests {
        /// accept, delete or block.
        #[command(subcommand)]
        decision: Option<Decision>,
    },
    /// Block a person.
    Block {
        /// @handle or user id.
        person: String,
    },
    /// Take a block back.
    Unblock {
        /// @handle or user id.
        person: String,
    },
    /// List blocked people.
    Blocked,
    /// Show one's own invite link, or who a link leads to.
    Invite {
        /// Somebody's link; none = one's own is shown.
        link: Option<String>,
    },
    /// Show a profile, or set one's own name.
    Profile {
        /// @handle or user id; none = one's own.
        person: Option<String>,
        /// New display name of one's own.
        #[arg(long, conflicts_with = "person")]
        name: Option<String>,
    },
    /// Print events until stopped.
    Follow,
    /// The whole API as JSON lines on stdin and stdout.
    Rpc,
}

/// The recovery key.
#[derive(Subcommand)]
pub enum Recovery {
    /// Print it again, until it was confirmed.
    Show,
    /// Type it back (first line of stdin); then it is erased here.
    Confirm,
}

/// The password.
#[derive(Subcommand)]
pub enum Password {
    /// Old and new one: two lines of stdin, else CHATTY_PASSWORD and CHATTY_NEW_PASSWORD.
    Change,
    /// Ask for a mail; with --confirm: token and new password from stdin.
    Reset {
        /// Address of the account.
        #[arg(long, required_unless_present = "confirm")]
        email: Option<String>,
        /// Token and new password are two lines of stdin.
        #[arg(long)]
        confirm: bool,
    },
}

/// The account.
#[derive(Subcommand)]
pub enum Account {
    /// Delete it for good.
    Delete {
        /// Do not ask.
        #[arg(long)]
        yes: bool,
    },
    /// List announced changes that this device may stop.
    Waits,
    /// Stop an announced change.
    Veto {
        /// identity, replace-aik or close.
        kind: String,
    },
}

/// The devices.
#[derive(Subcommand)]
pub enum Devices {
    /// List them, the waiting ones included.
    List,
    /// Approve a waiting device; both screens show the same pictures.
    Approve {
        /// The device, or a prefix of 8 or more characters.
        id: String,
        /// Confirm without comparing (for scripts).
        #[arg(long)]
        yes: bool,
    },
    /// Remove a device for good.
    Revoke {
        /// The device, or a prefix of 8 or more characters.
        id: String,
    },
    /// Change a device's label.
    Name {
        /// The new label.
        name: String,
        /// The device; none = this one.
        #[arg(long)]
        device: Option<String>,
    },
}

/// Groups.
#[derive(Subcommand)]
pub enum Group {
    /// Make one.
    Create {
        /// Its title.
        title: String,
        /// Whom to invite: @handle or user id.
        people: Vec<String>,
    },
    /// Invite people.
    Invite {
        /// Which chat.
        chat: String,
        /// Whom.
        #[arg(required = true)]
        people: Vec<String>,
    },
    /// Remove somebody.
    Remove {
        /// Which chat.
        chat: String,
        /// Whom.
        person: String,
    },
    /// Change what a member may do.
    Role {
        /// Which chat.
        chat: String,
        /// Whom.
        person: String,
        /// member or admin.
        #[arg(default_value = "admin")]
        role: String,
    },
    /// Leave, or decline an invite.
    Leave {
        /// Which chat.
        chat: String,
        /// Who becomes admin.
        #[arg(long)]
        successor: Option<String>,
    },
    /// List members.
    Members {
        /// Which chat.
        chat: String,
    },
    /// Change the title.
    Rename {
        /// Which chat.
        chat: String,
        /// The new title.
        title: String,
    },
}

/// What to do with a request.
#[derive(Subcommand)]
pub enum Decision {
    /// Join the conversation.
    Accept {
        /// Which one.
        chat: String,
    },
    /// Hide it; nobody is told.
    Delete {
        /// Which one.
        chat: String,
    },
    /// Hide it and block who sent it.
    Block {
        /// Which one.
        chat: String,
    },
}
