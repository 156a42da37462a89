//! Entries of a device log: operations and their bytes.

use crate::certificate::Certificate;
use crate::codec::{
    Bytes, Decode, Decoder, Encode, Encoder, Ext, V1, array_of, malformed, needs_update,
};
use crate::sign::{Hash32, Head, Key, SignContext, Signed};
use crate::{DeviceId, UserId};

/// What a device may do.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize,
)]
#[serde(rename_all = "lowercase")]
pub enum Class {
    /// Everything.
    Full,
    /// A browser beside a native device: no log entries, no backup key, expires.
    Limited,
    /// Reserved.
    Bot,
}

impl Class {
    /// Number on the wire.
    pub fn number(self) -> u64 {
        match self {
            Self::Full => 1,
            Self::Limited => 2,
            Self::Bot => 3,
        }
    }

    /// Reads the number of the wire.
    pub fn from_number(number: u64) -> Option<Self> {
        [Self::Full, Self::Limited, Self::Bot]
            .into_iter()
            .find(|class| class.number() == number)
    }
}

crate::wire_number!(Class);

/// Why a device was revoked; shown, never acted on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RevokeReason {
    /// Not said.
    None,
    /// The device signed out.
    SignedOut,
    /// The device was lost.
    Lost,
    /// The device expired.
    Expired,
    /// The device was copied.
    Cloned,
}

impl RevokeReason {
    const ALL: [Self; 5] = [
        Self::None,
        Self::SignedOut,
        Self::Lost,
        Self::Expired,
        Self::Cloned,
    ];

    /// Number on the wire.
    pub fn number(self) -> u64 {
        Self::ALL
            .iter()
            .position(|reason| *reason == self)
            .unwrap_or(0) as u64
    }

    /// Reads the number of the wire.
    pub fn from_number(number: u64) -> Option<Self> {
        usize::try_from(number)
            .ok()
            .and_then(|index| Self::ALL.get(index).copied())
    }
}

crate::wire_number!(RevokeReason);

/// An operation of the log with its body; who may sign which is in `verify`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum DeviceOp {
    /// 0: the account begins.
    Init {
        /// First account identity key.
        aik: Key,
        /// Certificate of the sign-up device.
        cert: Signed<Certificate>,
        /// Its class; always full.
        class: Class,
    },
    /// 1: a device joins.
    Add {
        /// Its certificate.
        cert: Signed<Certificate>,
        /// Its class.
        class: Class,
        /// Unix ms, 0 = never.
        expires: u64,
    },
    /// 2: class or expiry of a live device changes.
    Renew {
        /// The device.
        device: DeviceId,
        /// New class.
        class: Class,
        /// New expiry, 0 = never.
        expires: u64,
    },
    /// 3: a device leaves for ever.
    Revoke {
        /// The device.
        device: DeviceId,
        /// Display only.
        reason: RevokeReason,
    },
    /// 4: the handle that clients show.
    Handle {
        /// Handle without `@`.
        handle: String,
        /// Relay where it is valid.
        origin: String,
    },
    /// 5: a new start from the recovery key; the only entry that may leave a fork.
    Recover {
        /// Rises above every epoch seen.
        epoch: u64,
        /// Entry that this one follows.
        base: Head,
        /// Devices that stay.
        keep: Vec<DeviceId>,
        /// Certificate of the restored device, if it is new.
        cert: Option<Signed<Certificate>>,
        /// Its class.
        class: Class,
    },
    /// 6: a new AIK, made with the old one.
    RotateAik {
        /// New key.
        aik: Key,
        /// Its signature for `aik-accept` over `[user, seq]`.
        accept: [u8; 64],
    },
    /// 7: the backup's head.
    Checkpoint {
        /// Backup version, never lower than before.
        version: u64,
        /// Records.
        count: u64,
        /// Merkle root.
        root: Hash32,
    },
    /// 8: the account ends.
    Close,
    /// 9: a new AIK without the old one, announced before.
    ReplaceAik {
        /// New key.
        aik: Key,
        /// Its signature as in [`DeviceOp::RotateAik`].
        accept: [u8; 64],
    },
}

impl DeviceOp {
    /// Number on the wire.
    pub fn number(&self) -> u64 {
        match self {
            Self::Init { .. } => 0,
            Self::Add { .. } => 1,
            Self::Renew { .. } => 2,
            Self::Revoke { .. } => 3,
            Self::Handle { .. } => 4,
            Self::Recover { .. } => 5,
            Self::RotateAik { .. } => 6,
            Self::Checkpoint { .. } => 7,
            Self::Close => 8,
            Self::ReplaceAik { .. } => 9,
        }
    }
}

/// Inner structure of an entry: `dentry` of wire.md §2.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeviceEntry {
    /// Account.
    pub user: UserId,
    /// Number, from 0.
    pub seq: u64,
    /// Hash of the entry before; zeros at 0.
    pub prev: Hash32,
    /// Operation and body.
    pub op: DeviceOp,
    /// Claimed time, Unix ms; display only.
    pub time: u64,
    /// Signing device, or none for the current AIK.
    pub signer: Option<DeviceId>,
    /// Extensions.
    pub ext: Ext,
}

impl DeviceEntry {
    /// Hash of a signed entry.
    pub fn hash_of(signed: &Signed<Self>) -> Hash32 {
        signed.entry_hash(SignContext::DeviceLog)
    }
}

impl<C> Encode<C> for DeviceEntry {
    fn encode<W: minicbor::encode::Write>(
        &self,
        e: &mut Encoder<W>,
        ctx: &mut C,
    ) -> Result<(), minicbor::encode::Error<W::Error>> {
        e.array(9)?;
        V1.encode(e, ctx)?;
        self.user.encode(e, ctx)?;
        e.u64(self.seq)?;
        self.prev.encode(e, ctx)?;
        e.u64(self.op.number())?.u64(self.time)?;
        self.signer.encode(e, ctx)?;
        encode_body(&self.op, e, ctx)?;
        self.ext.encode(e, ctx)
    }
}

fn encode_body<C, W: minicbor::encode::Write>(
    op: &DeviceOp,
    e: &mut Encoder<W>,
    ctx: &mut C,
) -> Result<(), minicbor::encode::Error<W::Error>> {
    match op {
        DeviceOp::Init { aik, cert, class } => {
            e.array(4)?;
            aik.encode(e, ctx)?;
            cert.encode(e, ctx)?;
            e.u64(class.number())?.u64(0)?.ok()
        }
        DeviceOp::Add {
            cert,
            class,
            expires,
        } => {
            e.array(3)?;
            cert.encode(e, ctx)?;
            e.u64(class.number())?.u64(*expires)?.ok()
        }
        DeviceOp::Renew {
            device,
            class,
            expires,
        } => {
            e.array(3)?;
            device.encode(e, ctx)?;
            e.u64(class.number())?.u64(*expires)?.ok()
        }
        DeviceOp::Revoke { device, reason } => {
            e.array(2)?;
            device.encode(e, ctx)?;
            e.u64(reason.number())?.ok()
        }
        DeviceOp::Handle { handle, origin } => e.array(2)?.str(handle)?.str(origin)?.ok(),
        DeviceOp::Recover {
            epoch,
            base,
            keep,
            cert,
            class,
        } => {
            e.array(5)?.u64(*epoch)?;
            base.encode(e, ctx)?;
            keep.encode(e, ctx)?;
            cert.encode(e, ctx)?;
            e.u64(class.number())?.ok()
        }
        DeviceOp::RotateAik { aik, accept } | DeviceOp::ReplaceAik { aik, accept } => {
            e.array(2)?;
            aik.encode(e, ctx)?;
            e.bytes(accept)?.ok()
        }
        DeviceOp::Checkpoint {
            version,
            count,
            root,
        } => {
            e.array(3)?.u64(*version)?.u64(*count)?;
            root.encode(e, ctx)
        }
        DeviceOp::Close => e.array(0)?.ok(),
    }
}

impl<'b, C> Decode<'b, C> for DeviceEntry {
    fn decode(d: &mut Decoder<'b>, ctx: &mut C) -> Result<Self, minicbor::decode::Error> {
        array_of(d, 9)?;
        V1::decode(d, ctx)?;
        let user = Decode::decode(d, ctx)?;
        let seq = d.u64()?;
        let prev = Decode::decode(d, ctx)?;
        let op = d.u64()?;
        let time = d.u64()?;
        let signer = Decode::decode(d, ctx)?;
        let op = decode_body(op, d, ctx)?;
        Ok(Self {
            user,
            seq,
            prev,
            op,
            time,
            signer,
            ext: Decode::decode(d, ctx)?,
        })
    }
}

fn decode_class(d: &mut Decoder<'_>) -> Result<Class, minicbor::decode::Error> {
    Class::from_number(d.u64()?).ok_or_else(needs_update)
}

fn decode_signature<C>(
    d: &mut Decoder<'_>,
    ctx: &mut C,
) -> Result<[u8; 64], minicbor::decode::Error> {
    let Bytes(bytes) = Bytes::decode(d, ctx)?;
    bytes
        .try_into()
        .map_err(|_| malformed("signature of the wrong length"))
}

fn decode_body<C>(
    op: u64,
    d: &mut Decoder<'_>,
    ctx: &mut C,
) -> Result<DeviceOp, minicbor::decode::Error> {
    let count = match op {
        0 => 4,
        1 | 2 | 7 => 3,
        3 | 4 | 6 | 9 => 2,
        5 => 5,
        8 => 0,
        _ => return Err(needs_update()),
    };
    array_of(d, count)?;
    Ok(match op {
        0 => {
            let aik = Decode::decode(d, ctx)?;
            let cert = Decode::decode(d, ctx)?;
            let class = decode_class(d)?;
            if d.u64()? != 0 {
                return Err(malformed("the first epoch is 0"));
            }
            DeviceOp::Init { aik, cert, class }
        }
        1 => DeviceOp::Add {
            cert: Decode::decode(d, ctx)?,
            class: decode_class(d)?,
            expires: d.u64()?,
        },
        2 => DeviceOp::Renew {
            device: Decode::decode(d, ctx)?,
            class: decode_class(d)?,
            expires: d.u64()?,
        },
        3 => DeviceOp::Revoke {
            device: Decode::decode(d, ctx)?,
            reason: RevokeReason::from_number(d.u64()?).ok_or_else(needs_update)?,
        },
        4 => DeviceOp::Handle {
            handle: d.str()?.to_owned(),
            origin: d.str()?.to_owned(),
        },
        5 => DeviceOp::Recover {
            epoch: d.u64()?,
            base: Decode::decode(d, ctx)?,
            keep: Decode::decode(d, ctx)?,
            cert: Decode::decode(d, ctx)?,
            class: decode_class(d)?,
        },
        6 => DeviceOp::RotateAik {
            aik: Decode::decode(d, ctx)?,
            accept: decode_signature(d, ctx)?,
        },
        7 => DeviceOp::Checkpoint {
            version: d.u64()?,
            count: d.u64()?,
            root: Decode::decode(d, ctx)?,
        },
        9 => DeviceOp::ReplaceAik {
            aik: Decode::decode(d, ctx)?,
            accept: decode_signature(d, ctx)?,
        },
        _ => DeviceOp::Close,
    })
}
