//! A relay and people.

use std::path::PathBuf;
use std::sync::atomic::{AtomicUsize, Ordering};

use chatty_core::api::Secret;
use chatty_core::api::account::{AccountLogIn, AccountSignUp};
use chatty_core::api::device::{
    Approval, ApprovalStep, DeviceApprovals, DeviceApprove, DeviceConfirm, DeviceList,
};
use chatty_core::api::group::{GroupCreate, GroupMembers, Member};
use chatty_core::api::state::{DeviceState, MemberStatus};
use chatty_protocol::ConvId;
use tempfile::TempDir;

use crate::grep::files_with;
use crate::link::Link;
use crate::person::Device;
use crate::relay::Relay;
use crate::wait::until;

/// Password of everybody's login.
pub const PASSWORD: &str = "correct horse battery staple";
const APPROVAL_MS: u64 = 30_000;

/// One relay and the homes of everybody, in a folder that goes away.
pub struct World {
    /// The relay.
    pub relay: Relay,
    folder: TempDir,
    homes: AtomicUsize,
}

impl World {
    /// A relay without accounts.
    pub async fn new() -> Self {
        Self::of(false).await
    }

    /// As [`World::new`], but accounts prove their address by the code of a mail.
    pub async fn with_codes() -> Self {
        Self::of(true).await
    }

    async fn of(codes: bool) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let relay = Relay::start_with(folder.path().join("relay"), None, codes).await;
        Self {
            relay,
            folder,
            homes: AtomicUsize::new(0),
        }
    }

    /// Folder of the relay's data.
    pub fn relay_folder(&self) -> PathBuf {
        self.folder.path().join("relay")
    }

    /// An unused folder for a home.
    pub fn new_home(&self) -> PathBuf {
        let number = self.homes.fetch_add(1, Ordering::SeqCst);
        self.folder.path().join(format!("home-{number}"))
    }

    /// Signs somebody up and waits until the device is connected.
    pub async fn person(&self, handle: &str) -> Device {
        self.person_on(handle, Link::default()).await
    }

    /// As [`World::person`], on a line that was made ready before.
    pub async fn person_on(&self, handle: &str, link: Link) -> Device {
        let device = self.sign_up_on(handle, link).await;
        device.sync().await;
        device
    }

    /// Signs somebody up.
    pub async fn sign_up(&self, handle: &str) -> Device {
        self.sign_up_on(handle, Link::default()).await
    }

    async fn sign_up_on(&self, handle: &str, link: Link) -> Device {
        let (running, home, link) = Device::begin(self.new_home(), link).await;
        let sign_up = AccountSignUp {
            relay: self.relay.origin.clone(),
            handle: handle.to_owned(),
            email: format!("{handle}@example.org"),
            password: Secret::new(PASSWORD),
            device_name: Some(format!("{handle}'s first")),
        };
        running.handle.call(sign_up).await.expect("signed up");
        Device::of(running, home, link).await
    }

    /// Signs somebody in on another home; the device then waits for approval.
    pub async fn log_in(&self, handle: &str) -> Device {
        self.log_in_on(handle, PASSWORD, Link::default()).await
    }

    /// The same, with another password.
    pub async fn log_in_with(&self, handle: &str, password: &str) -> Device {
        self.log_in_on(handle, password, Link::default()).await
    }

    /// As [`World::log_in`], on a line that was made ready before.
    pub async fn log_in_on(&self, handle: &str, password: &str, link: Link) -> Device {
        let (running, home, link) = Device::begin(self.new_home(), link).await;
        let log_in = AccountLogIn {
            relay: self.relay.origin.clone(),
            login: handle.to_owned(),
            password: Secret::new(password),
            device_name: Some(format!("{handle}'s next")),
        };
        running.handle.call(log_in).await.expect("logged in");
        Device::of(running, home, link).await
    }

    /// Another device of somebody, approved by comparing pictures on both.
    pub async fn second_device(&self, first: &Device) -> Device {
        self.second_device_on(first, Link::default()).await
    }

    /// As [`World::second_device`], on a line that was made ready before.
    pub async fn second_device_on(&self, first: &Device, link: Link) -> Device {
        let new = self.log_in_on(&first.handle, PASSWORD, link).await;
        approve(first, &new).await;
        until("the new device is approved", async || {
            let rows = new.must(DeviceList {}).await;
            let mine = rows.iter().find(|row| row.current)?;
            (mine.state == DeviceState::Approved).then_some(())
        })
        .await;
        new.sync().await;
        new
    }

    /// Two people who know each other: their direct conversation, joined by both.
    pub async fn friends(&self, a: &Device, b: &Device) -> ConvId {
        let chat = a.chat(&b.at()).await;
        a.send(chat, "hello").await;
        b.accepts(chat).await;
        b.send(chat, "hello back").await;
        a.reads(chat, "hello back").await;
        b.reads(chat, "hello").await;
        a.settle().await;
        b.settle().await;
        chat
    }

    /// A group of friends: everybody has joined by themselves.
    pub async fn group(&self, admin: &Device, others: &[&Device], title: &str) -> ConvId {
        let create = GroupCreate {
            title: title.to_owned(),
            people: others.iter().map(|device| device.at()).collect(),
        };
        let group = admin.must(create).await;
        joined(admin, group.id, others.len() + 1).await;
        for device in others {
            device.sees(group.id).await;
        }
        group.id
    }

    /// Fails when these bytes lie anywhere in the clear: relay or any home.
    pub fn assert_nowhere(&self, canary: &str) {
        let found = files_with(self.folder.path(), canary.as_bytes());
        assert!(
            found.is_empty(),
            "{canary:?} lies in the clear in {found:?}"
        );
    }
}

/// Waits until so many have joined, as `device` sees it.
pub async fn joined(device: &Device, chat: ConvId, count: usize) -> Vec<Member> {
    until(&format!("{count} members"), async || {
        let rows = device.must(GroupMembers { chat }).await;
        let joined = rows.iter().filter(|row| row.status == MemberStatus::Member);
        (joined.count() == count).then_some(rows)
    })
    .await
}

/// Runs an approval to the pictures on both sides: (trusted's, new one's).
pub async fn compare(trusted: &Device, new: &Device) -> (Approval, Approval) {
    until("the waiting device is listed", async || {
        let rows = trusted.call(DeviceList {}).await.ok()?;
        rows.into_iter()
            .find(|row| row.id == new.id && row.state == DeviceState::Waiting)
    })
    .await;
    let approve = DeviceApprove {
        device: new.id,
        timeout_ms: APPROVAL_MS,
    };
    let ours = trusted.must(approve).await;
    let theirs = until("the new device shows pictures", async || {
        let rows = new.must(DeviceApprovals {}).await;
        rows.into_iter()
            .find(|row| row.step == ApprovalStep::Compare)
    })
    .await;
    (ours, theirs)
}

/// Approves a device as two careful people do.
pub async fn approve(trusted: &Device, new: &Device) {
    let (ours, theirs) = compare(trusted, new).await;
    assert!(ours.sas.is_some());
    assert_eq!(ours.sas, theirs.sas, "both see the same pictures");
    let confirm = |approval: &Approval| DeviceConfirm {
        approval: approval.id.clone(),
        same: true,
        timeout_ms: APPROVAL_MS,
    };
    let (a, b) = (confirm(&ours), confirm(&theirs));
    let (a, b) = futures::join!(trusted.must(a), new.must(b));
    assert_ne!(a.step, ApprovalStep::Stopped, "{:?}", a.reason);
    assert_ne!(b.step, ApprovalStep::Stopped, "{:?}", b.reason);
}
