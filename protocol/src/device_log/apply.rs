//! The rule and effect of each operation, once its signature holds.

use crate::limits::DEVICES_LIVE;
use crate::sign::{Head, SignContext, Signed};
use crate::{DeviceId, handle, origin};

use super::verify::Signer;
use super::{DeviceEntry, DeviceLog, DeviceOp, LogError, RevokeReason};

impl DeviceLog {
    /// Checks the rule of an operation other than `recover` and applies its effect.
    pub(super) fn apply_op(&mut self, entry: &DeviceEntry, signer: Signer) -> Result<(), LogError> {
        let may = match &entry.op {
            DeviceOp::Add { .. } | DeviceOp::Renew { .. } | DeviceOp::Close => signer.full_or_aik(),
            DeviceOp::Revoke { device, .. } => {
                signer.full_or_aik() || matches!(signer, Signer::Device { id, .. } if id == *device)
            }
            DeviceOp::Handle { .. } | DeviceOp::Checkpoint { .. } | DeviceOp::ReplaceAik { .. } => {
                signer.full()
            }
            DeviceOp::RotateAik { .. } => signer == Signer::Aik,
            DeviceOp::Init { .. } | DeviceOp::Recover { .. } => {
                return Err(LogError::Rule("a log begins once"));
            }
        };
        if !may {
            return Err(LogError::WrongSigner);
        }
        match &entry.op {
            DeviceOp::Add {
                cert,
                class,
                expires,
            } => {
                if self.live_devices().count() >= DEVICES_LIVE {
                    return Err(LogError::Rule("too many devices"));
                }
                self.insert_device(cert, *class, *expires, entry)?;
            }
            DeviceOp::Renew {
                device,
                class,
                expires,
            } => {
                self.renew(device, *class, *expires, entry.seq)?;
            }
            DeviceOp::Revoke { device, reason } => self.revoke(device, *reason, entry.seq)?,
            DeviceOp::Handle { handle, origin } => self.set_handle(handle, origin, entry.seq)?,
            DeviceOp::Checkpoint {
                version,
                count,
                root,
            } => {
                if self
                    .checkpoint
                    .is_some_and(|(newest, _, _)| *version < newest)
                {
                    return Err(LogError::Rule("backup version went back"));
                }
                self.checkpoint = Some((*version, *count, *root));
            }
            DeviceOp::Close => self.closed = true,
            DeviceOp::RotateAik { aik, accept } | DeviceOp::ReplaceAik { aik, accept } => {
                self.accepted(aik, accept, entry.seq)?;
                if signer != Signer::Aik {
                    self.replaced_aiks.push(self.aik);
                }
                self.aik = *aik;
                self.aiks.push((entry.seq, *aik));
            }
            DeviceOp::Init { .. } | DeviceOp::Recover { .. } => {}
        }
        Ok(())
    }

    fn renew(
        &mut self,
        device: &DeviceId,
        class: super::Class,
        expires: u64,
        seq: u64,
    ) -> Result<(), LogError> {
        if self.live(device).is_none() {
            return Err(LogError::Rule("the device is not live"));
        }
        if let Some(record) = self.devices.get_mut(device) {
            record.class = class;
            record.expires = expires;
            record.history.push((seq, class, expires));
        }
        Ok(())
    }

    fn revoke(
        &mut self,
        device: &DeviceId,
        reason: RevokeReason,
        seq: u64,
    ) -> Result<(), LogError> {
        if self.live(device).is_none() {
            return Err(LogError::Rule("the device is not live"));
        }
        if let Some(record) = self.devices.get_mut(device) {
            record.revoked = Some((seq, reason));
        }
        Ok(())
    }

    fn set_handle(&mut self, name: &str, at: &str, seq: u64) -> Result<(), LogError> {
        if !handle::is_well_formed(name) || origin::canonical(at).as_deref() != Ok(at) {
            return Err(LogError::Rule("not a handle of a relay"));
        }
        self.handle = Some((name.to_owned(), at.to_owned()));
        self.handles.push((seq, name.to_owned(), at.to_owned()));
        Ok(())
    }

    /// Op 5: judged at `base`, leaves whatever came after it.
    pub(super) fn recover(
        &mut self,
        signed: &Signed<DeviceEntry>,
        entry: &DeviceEntry,
        head: Head,
    ) -> Result<(), LogError> {
        let DeviceOp::Recover {
            epoch,
            base,
            keep,
            cert,
            class,
        } = &entry.op
        else {
            return Err(LogError::Rule("not a recover entry"));
        };
        if !self.contains(base) {
            return Err(LogError::WrongPrev);
        }
        if entry.seq != base.seq + 1 {
            return Err(LogError::WrongSeq {
                expected: base.seq + 1,
                found: entry.seq,
            });
        }
        if entry.prev != base.hash {
            return Err(LogError::WrongPrev);
        }
        if self.closed && base.seq >= self.head.seq {
            return Err(LogError::Closed);
        }
        if entry.signer.is_some() {
            return Err(LogError::WrongSigner);
        }
        let aik = self.aik_at(base.seq);
        if !signed.verified_by(&aik, SignContext::DeviceLog) {
            return Err(LogError::BadSignature);
        }
        // A key that came by op 9 never overrules the one that it replaced.
        let overruled = self.replaced_aiks.contains(&aik) && self.aik != aik;
        if *epoch <= self.epoch && !overruled {
            return Err(LogError::Rule("epoch must rise"));
        }
        self.check_keep(keep, base.seq)?;
        self.leave_branch(base.seq);
        let new_seq = base.seq + 1;
        for (id, record) in &mut self.devices {
            if record.revoked.is_none() && !keep.contains(id) {
                record.revoked = Some((new_seq, RevokeReason::None));
            }
        }
        if let Some(cert) = cert {
            self.insert_device(cert, *class, 0, entry)?;
        }
        self.head = head;
        self.hashes.push(head.hash);
        self.epoch = self.epoch.max(*epoch);
        self.branch += 1;
        if self.live_devices().count() > DEVICES_LIVE {
            return Err(LogError::Rule("too many devices"));
        }
        Ok(())
    }

    /// `keep` names devices that were live at the base, each once.
    fn check_keep(&self, keep: &[DeviceId], base: u64) -> Result<(), LogError> {
        for (index, id) in keep.iter().enumerate() {
            let live = self.devices.get(id).is_some_and(|record| {
                record.added_at <= base && record.revoked.is_none_or(|(at, _)| at > base)
            });
            if !live || keep[..index].contains(id) {
                return Err(LogError::Rule("keep names a device that was not live"));
            }
        }
        Ok(())
    }

    /// Goes back to the state at `base`, except that whatever was revoked stays revoked and no
    /// device id becomes free again.
    fn leave_branch(&mut self, base: u64) {
        for (seq, hash) in self.hashes.iter().enumerate().skip(base as usize + 1) {
            self.left.insert(*hash, (seq as u64, base));
        }
        for (_, at) in self.left.values_mut() {
            *at = (*at).min(base);
        }
        self.hashes.truncate(base as usize + 1);
        self.aiks.retain(|(at, _)| *at <= base);
        self.aik = self.aik_at(base);
        self.replaced_aiks
            .retain(|key| self.aiks.iter().any(|(_, known)| known == key));
        self.handles.retain(|(at, _, _)| *at <= base);
        self.handle = self
            .handles
            .last()
            .map(|(_, name, at)| (name.clone(), at.clone()));
        self.closed = false;
        for record in self.devices.values_mut() {
            if let Some((at, _)) = &mut record.revoked {
                *at = (*at).min(base + 1);
            }
            if record.added_at > base {
                record.revoked = Some((base + 1, RevokeReason::None));
                continue;
            }
            record.history.retain(|(at, _, _)| *at <= base);
            if let Some((_, class, expires)) = record.history.last() {
                (record.class, record.expires) = (*class, *expires);
            }
        }
    }
}
