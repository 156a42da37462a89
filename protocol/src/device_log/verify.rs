//! Verification of one entry against a pinned log, in the order of protocol.md §8.

use std::collections::BTreeMap;

use crate::certificate::check;
use crate::codec::{DecodeError, encode};
use crate::sign::{Head, Key, SignContext, Signed, ZERO_HASH, verify};
use crate::{DeviceId, UserId};

use super::{Class, DeviceEntry, DeviceLog, DeviceOp, DeviceRecord};

/// Why an entry is not applied.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum LogError {
    /// Bytes.
    #[error(transparent)]
    Decode(#[from] DecodeError),
    /// Entry of another account.
    #[error("entry of another account")]
    WrongUser,
    /// Not the number after the pinned head.
    #[error("entry {found} where {expected} was expected")]
    WrongSeq {
        /// Number that would fit.
        expected: u64,
        /// Number of the entry.
        found: u64,
    },
    /// Does not follow the pinned head.
    #[error("entry does not follow the head")]
    WrongPrev,
    /// The signer is not live, not full, or may not sign this operation.
    #[error("signer may not do this")]
    WrongSigner,
    /// The signature does not verify.
    #[error("signature does not verify")]
    BadSignature,
    /// The operation breaks its rule.
    #[error("operation not allowed: {0}")]
    Rule(&'static str),
    /// The log is closed.
    #[error("the account is closed")]
    Closed,
}

/// What a valid entry turned out to be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verdict {
    /// Applied; the log has a new head.
    Applied(Head),
    /// Known already, byte for byte the same history.
    Known,
    /// Validly signed and different from what is pinned at the same number: evidence of a fork.
    Fork,
}

/// Who signed, and what they may do at that position.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Signer {
    Aik,
    Device { id: DeviceId, full: bool },
}

impl Signer {
    /// A live full device or the AIK.
    pub(super) fn full_or_aik(self) -> bool {
        matches!(self, Self::Aik | Self::Device { full: true, .. })
    }

    /// A live full device.
    pub(super) fn full(self) -> bool {
        matches!(self, Self::Device { full: true, .. })
    }
}

fn open(signed: &Signed<DeviceEntry>) -> Result<DeviceEntry, LogError> {
    let entry = signed.open()?;
    if entry.ext.has_critical() {
        return Err(DecodeError::NeedsUpdate("device log extension").into());
    }
    Ok(entry)
}

/// What a new AIK signs to accept its role.
pub fn aik_accept_bytes(user: &UserId, seq: u64) -> Vec<u8> {
    encode(&(*user, seq))
}

impl DeviceLog {
    /// Verifies entry 0 and starts the log.
    pub fn init(signed: &Signed<DeviceEntry>) -> Result<Self, LogError> {
        let entry = open(signed)?;
        let DeviceOp::Init { aik, cert, class } = &entry.op else {
            return Err(LogError::Rule("a log begins with init"));
        };
        if entry.user != UserId::of_aik(aik) {
            return Err(LogError::WrongUser);
        }
        if entry.seq != 0 {
            return Err(LogError::WrongSeq {
                expected: 0,
                found: entry.seq,
            });
        }
        if entry.prev != ZERO_HASH {
            return Err(LogError::WrongPrev);
        }
        if entry.signer.is_some() {
            return Err(LogError::WrongSigner);
        }
        if !signed.verified_by(aik, SignContext::DeviceLog) {
            return Err(LogError::BadSignature);
        }
        if *class != Class::Full {
            return Err(LogError::Rule("the first device is full"));
        }
        let hash = DeviceEntry::hash_of(signed);
        let mut log = Self {
            user: entry.user,
            head: Head { seq: 0, hash },
            hashes: vec![hash],
            aik: *aik,
            aiks: vec![(0, *aik)],
            replaced_aiks: Vec::new(),
            epoch: 0,
            branch: 0,
            devices: BTreeMap::new(),
            handle: None,
            handles: Vec::new(),
            checkpoint: None,
            closed: false,
            left: BTreeMap::new(),
        };
        log.insert_device(cert, *class, 0, &entry)?;
        Ok(log)
    }

    /// Verifies one entry on top of this log in the order of protocol.md §8 and applies it.
    /// On any error, and on [`Verdict::Fork`], the log is unchanged.
    pub fn apply(&mut self, signed: &Signed<DeviceEntry>) -> Result<Verdict, LogError> {
        let entry = open(signed)?;
        if entry.user != self.user {
            return Err(LogError::WrongUser);
        }
        let hash = DeviceEntry::hash_of(signed);
        let head = Head {
            seq: entry.seq,
            hash,
        };
        if self.contains(&head) {
            return Ok(Verdict::Known);
        }
        if let DeviceOp::Recover { .. } = entry.op {
            let mut next = self.clone();
            next.recover(signed, &entry, head)?;
            *self = next;
            return Ok(Verdict::Applied(head));
        }
        if entry.seq > self.head.seq + 1 || entry.seq == 0 {
            return Err(LogError::WrongSeq {
                expected: self.head.seq + 1,
                found: entry.seq,
            });
        }
        let before = entry.seq - 1;
        if !self.contains(&Head {
            seq: before,
            hash: entry.prev,
        }) {
            return Err(LogError::WrongPrev);
        }
        let signer = self.verified_signer(signed, &entry, before)?;
        if entry.seq <= self.head.seq {
            // Whoever could sign this signed two histories; which operation it is matters no more.
            return Ok(Verdict::Fork);
        }
        if self.closed {
            return Err(LogError::Closed);
        }
        let mut next = self.clone();
        next.apply_op(&entry, signer)?;
        next.head = head;
        next.hashes.push(hash);
        *self = next;
        Ok(Verdict::Applied(head))
    }

    /// Finds the signer as of entry `before` and verifies the signature.
    pub(super) fn verified_signer(
        &self,
        signed: &Signed<DeviceEntry>,
        entry: &DeviceEntry,
        before: u64,
    ) -> Result<Signer, LogError> {
        let (signer, key) = match entry.signer {
            None => (Signer::Aik, self.aik_at(before)),
            Some(id) => {
                let record = self.live_at(&id, before).ok_or(LogError::WrongSigner)?;
                let full = record.class_at(before) == Class::Full;
                (Signer::Device { id, full }, record.ed25519)
            }
        };
        if !signed.verified_by(&key, SignContext::DeviceLog) {
            return Err(LogError::BadSignature);
        }
        Ok(signer)
    }

    /// A new AIK must itself have agreed to this place in this log.
    pub(super) fn accepted(&self, aik: &Key, accept: &[u8; 64], seq: u64) -> Result<(), LogError> {
        let bytes = aik_accept_bytes(&self.user, seq);
        if *aik == self.aik || !verify(aik, SignContext::AikAccept, &bytes, accept) {
            return Err(LogError::Rule("the new account key did not accept"));
        }
        Ok(())
    }

    /// Adds a device whose id this log has never seen.
    pub(super) fn insert_device(
        &mut self,
        cert: &Signed<crate::certificate::Certificate>,
        class: Class,
        expires: u64,
        entry: &DeviceEntry,
    ) -> Result<(), LogError> {
        let checked = check(cert)?;
        if checked.certificate.user != self.user {
            return Err(LogError::Rule("certificate of another account"));
        }
        if self.devices.contains_key(&checked.device) {
            return Err(LogError::Rule("device ids are never used again"));
        }
        self.devices.insert(
            checked.device,
            DeviceRecord {
                cert: cert.clone(),
                ed25519: checked.certificate.ed25519,
                curve25519: checked.certificate.curve25519,
                class,
                expires,
                added_at: entry.seq,
                added_by_op1: entry.op.number() == 1,
                added_time: entry.time,
                revoked: None,
                history: vec![(entry.seq, class, expires)],
            },
        );
        Ok(())
    }
}
