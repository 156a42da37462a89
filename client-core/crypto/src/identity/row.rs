//! The row of the own identity.

use chatty_protocol::DeviceId;
use chatty_protocol::certificate::Certificate;
use chatty_protocol::sign::Signed;
use serde::{Deserialize, Serialize};
use vodozemac::olm::{Account, AccountPickle};

use crate::error::CryptoError;
use crate::identity::Own;
use crate::rows;
use crate::tx::Tx;
use crate::view::Table;

/// Key of the row: public facts.
const IDENTITY: &[u8] = b"identity";
/// Key of the row: Olm account with its private keys.
const ACCOUNT: &[u8] = b"account";
/// Key of the row: recovery secret, until the user confirmed that it is saved.
pub(crate) const RECOVERY: &[u8] = b"recovery";
/// Key of the row: when the newest head statement was signed.
pub(crate) const STATEMENT: &[u8] = b"statement";

/// Public facts of this device.
#[derive(Serialize, Deserialize)]
pub(crate) struct IdentityRow {
    /// Certificate as published.
    #[serde(with = "rows::wire")]
    pub(crate) cert: Signed<Certificate>,
    /// Relay that the account lives on.
    pub(crate) origin: String,
    /// See [`Own::pins_stored`].
    pub(crate) pins_stored: bool,
}

impl IdentityRow {
    /// The row's content as the API shows it.
    pub(crate) fn public(self) -> Result<Own, CryptoError> {
        // Written here and signed by us: no need to verify it on every read.
        let certificate = self.cert.open()?;
        Ok(Own {
            user: certificate.user,
            device: DeviceId::of_certificate(self.cert.inner()),
            ed25519: certificate.ed25519,
            curve25519: certificate.curve25519,
            cert: self.cert,
            origin: self.origin,
            pins_stored: self.pins_stored,
        })
    }
}

/// Reads the identity.
pub(crate) fn load(tx: &Tx<'_>) -> Result<Option<IdentityRow>, CryptoError> {
    rows::load(tx, Table::Own, IDENTITY)
}

/// Writes the identity.
pub(crate) fn store(tx: &mut Tx<'_>, row: &IdentityRow) -> Result<(), CryptoError> {
    rows::store(tx, Table::Own, IDENTITY, row)
}

/// Takes the Olm account out of the store.
pub(crate) fn account(tx: &Tx<'_>) -> Result<Account, CryptoError> {
    rows::load::<AccountPickle>(tx, Table::Own, ACCOUNT)?
        .map(Account::from_pickle)
        .ok_or(CryptoError::NoIdentity)
}

/// Puts the Olm account back.
pub(crate) fn store_account(tx: &mut Tx<'_>, account: &Account) -> Result<(), CryptoError> {
    rows::store(tx, Table::Own, ACCOUNT, &account.pickle())
}
