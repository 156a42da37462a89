//! Names and pictures that people send about themselves (type 22).

use chatty_protocol::codec::Any;
use chatty_protocol::{DeviceId, UserId, limits};
use serde::{Deserialize, Serialize};

use crate::content::to_device::{Profile, ToDeviceBody};
use crate::error::CryptoError;
use crate::olm::Peer;
use crate::tx::Tx;
use crate::view::Table;
use crate::{identity, rows};

/// What a person says about themselves.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProfileInfo {
    /// Who.
    pub user: UserId,
    /// Display name, at most 64 characters; empty = none.
    pub name: String,
    /// Reference of a picture, not interpreted yet.
    pub avatar: Option<Any>,
    /// Revision.
    pub rev: u64,
}

#[derive(Serialize, Deserialize)]
struct ProfileRow {
    rev: u64,
    device: DeviceId,
    name: String,
    avatar: Option<Vec<u8>>,
}

/// What is known of a person (or of the own account).
pub fn get(tx: &Tx<'_>, user: &UserId) -> Result<Option<ProfileInfo>, CryptoError> {
    let row: Option<ProfileRow> = rows::load(tx, Table::Profile, user.as_bytes())?;
    Ok(row.map(|row| info(user, row)))
}

/// Sets the own name. Devices of others learn it beside the next key.
pub fn set_own(tx: &mut Tx<'_>, name: &str) -> Result<ProfileInfo, CryptoError> {
    if name.chars().count() > limits::NAME_CHARS {
        return Err(CryptoError::NotAllowed("name too long"));
    }
    let own = identity::own_or_fail(tx)?;
    let before = get(tx, &own.user)?;
    let row = ProfileRow {
        rev: before.as_ref().map_or(1, |before| before.rev + 1),
        device: own.device,
        name: name.to_owned(),
        avatar: before.and_then(|before| before.avatar).map(|any| any.0),
    };
    rows::store(tx, Table::Profile, own.user.as_bytes(), &row)?;
    Ok(info(&own.user, row))
}

/// The own profile, if that device lacks this revision; noted as given. Send it beside a key.
pub fn due(tx: &mut Tx<'_>, to: &Peer) -> Result<Option<ToDeviceBody>, CryptoError> {
    let own = identity::own_or_fail(tx)?;
    let Some(profile) = get(tx, &own.user)? else {
        return Ok(None);
    };
    let key = to.device.as_bytes();
    let given: Option<u64> = rows::load(tx, Table::Profile, key)?;
    if given.is_some_and(|given| given >= profile.rev) {
        return Ok(None);
    }
    rows::store(tx, Table::Profile, key, &profile.rev)?;
    Ok(Some(ToDeviceBody::Profile(Profile {
        rev: profile.rev,
        name: profile.name,
        avatar: profile.avatar,
    })))
}

/// Takes what a device says about its own account; the greatest (rev, device) wins.
pub(crate) fn take(
    tx: &mut Tx<'_>,
    from: &Peer,
    body: &Profile,
) -> Result<Option<ProfileInfo>, CryptoError> {
    if body.name.chars().count() > limits::NAME_CHARS {
        return Ok(None);
    }
    let before: Option<ProfileRow> = rows::load(tx, Table::Profile, from.user.as_bytes())?;
    if before.is_some_and(|row| (row.rev, row.device) >= (body.rev, from.device)) {
        return Ok(None);
    }
    let row = ProfileRow {
        rev: body.rev,
        device: from.device,
        name: body.name.clone(),
        avatar: body.avatar.as_ref().map(|any| any.0.clone()),
    };
    rows::store(tx, Table::Profile, from.user.as_bytes(), &row)?;
    Ok(Some(info(&from.user, row)))
}

fn info(user: &UserId, row: ProfileRow) -> ProfileInfo {
    ProfileInfo {
        user: *user,
        name: row.name,
        avatar: row.avatar.map(Any),
        rev: row.rev,
    }
}
