//! The vault of a browser: the root key, sealed by a WebCrypto key that can be used and not read.
//!
//! That key is kept by IndexedDB as an opaque object, so copying the origin's files does not give
//! the store away. It does not stop a script of this origin from *using* it: against that stand
//! the content security policy and the limited class of browser devices (ARCHITECTURE.md §4).

use chatty_core::platform::{Platform, PlatformRandom};
use chatty_core::vault::{RootKey, VaultError};
use js_sys::{Array, Object, Reflect, Uint8Array};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{AesGcmParams, CryptoKey, SubtleCrypto};
use zeroize::Zeroize;

use super::failure::StartError;
use super::idb::{Idb, field};
use super::js;

/// The sealed root key.
const ENTRY: &str = "root";
/// There has been a store.
const STORE_MADE: &str = "store";
/// Fields of that entry.
const KEY: &str = "key";
const NONCE: &str = "nonce";
const SEALED: &str = "sealed";
/// Bound to the sealed bytes: what they are.
const PURPOSE: &[u8] = b"chatty/v1/browser-vault";
const NONCE_BYTES: usize = 12;

/// The vault of this origin, open.
pub struct Vault(Idb);

impl Vault {
    /// Opens or makes it.
    pub async fn open() -> Result<Self, VaultError> {
        let idb = Idb::open().await.map_err(|error| unavailable(&error))?;
        Ok(Self(idb))
    }

    /// The root key of this origin; made when there is neither a vault nor a store.
    ///
    /// The same rule as [`chatty_core::vault::unlock`], whose key stores cannot wait for a promise:
    /// a store without its key never gets a new one. Nor does a key whose store the browser has
    /// removed open an empty one, as if there had been nothing.
    pub async fn unlock(
        &self,
        platform: &dyn Platform,
        store_exists: bool,
    ) -> Result<RootKey, StartError> {
        if let Some(entry) = self.get(ENTRY).await? {
            if !store_exists && self.get(STORE_MADE).await?.is_some() {
                return Err(StartError::StoreGone);
            }
            return Ok(open(&entry).await?);
        }
        if store_exists {
            return Err(VaultError::Missing.into());
        }
        let root = RootKey::generate(&mut PlatformRandom(platform));
        let mut nonce = [0; NONCE_BYTES];
        platform.random(&mut nonce);
        let entry = seal(&root, &nonce)
            .await
            .map_err(|error| unavailable(&error))?;
        self.add(ENTRY, &entry).await?;
        Ok(root)
    }

    /// Notes that there is a store, so that its absence will mean something. Whether that was known.
    pub async fn note_store(&self) -> Result<bool, VaultError> {
        let known = self.get(STORE_MADE).await?.is_some();
        if !known {
            self.add(STORE_MADE, &JsValue::TRUE).await?;
        }
        Ok(known)
    }

    async fn get(&self, name: &str) -> Result<Option<JsValue>, VaultError> {
        let found = self.0.get(name).await;
        found.map_err(|error| unavailable(&error))
    }

    async fn add(&self, name: &str, value: &JsValue) -> Result<(), VaultError> {
        let added = self.0.add(name, value).await;
        added.map_err(|error| unavailable(&error))
    }
}

async fn open(entry: &JsValue) -> Result<RootKey, VaultError> {
    let part = |name| field(entry, name).ok_or(VaultError::Damaged);
    let key: CryptoKey = part(KEY)?.dyn_into().map_err(|_| VaultError::Damaged)?;
    let nonce: Uint8Array = part(NONCE)?.dyn_into().map_err(|_| VaultError::Damaged)?;
    let sealed: Uint8Array = part(SEALED)?.dyn_into().map_err(|_| VaultError::Damaged)?;
    let subtle = subtle().map_err(|error| unavailable(&error))?;
    let promise = subtle
        .decrypt_with_object_and_js_u8_array(&parameters(&nonce), &key, &sealed)
        .map_err(|error| unavailable(&error))?;
    // The one reason for a refusal here is that the bytes are not what was sealed.
    let opened = JsFuture::from(promise)
        .await
        .map_err(|_| VaultError::Damaged)?;
    let opened = Uint8Array::new(&opened);
    let mut bytes = [0; 32];
    if opened.length() != 32 {
        return Err(VaultError::Damaged);
    }
    opened.copy_to(&mut bytes);
    // The browser's copy too, as far as it can be reached.
    opened.fill(0, 0, 32);
    let root = RootKey::from_bytes(bytes);
    bytes.zeroize();
    Ok(root)
}

async fn seal(root: &RootKey, nonce: &[u8; NONCE_BYTES]) -> Result<JsValue, JsValue> {
    let subtle = subtle()?;
    let usages = Array::of2(&"encrypt".into(), &"decrypt".into());
    let algorithm = Object::new();
    Reflect::set(&algorithm, &"name".into(), &"AES-GCM".into())?;
    Reflect::set(&algorithm, &"length".into(), &256.into())?;
    let making = subtle.generate_key_with_object(&algorithm, false, &usages)?;
    let key: CryptoKey = JsFuture::from(making).await?.dyn_into()?;
    let nonce = Uint8Array::from(nonce.as_slice());
    let sealing =
        subtle.encrypt_with_object_and_u8_array(&parameters(&nonce), &key, root.expose())?;
    let sealed = Uint8Array::new(&JsFuture::from(sealing).await?);
    let entry = Object::new();
    Reflect::set(&entry, &KEY.into(), &key)?;
    Reflect::set(&entry, &NONCE.into(), &nonce)?;
    Reflect::set(&entry, &SEALED.into(), &sealed)?;
    Ok(entry.into())
}

fn parameters(nonce: &Uint8Array) -> AesGcmParams {
    let parameters = AesGcmParams::new("AES-GCM", nonce);
    parameters.set_additional_data(&Uint8Array::from(PURPOSE));
    parameters
}

/// Missing outside of secure contexts (https, or a loopback address).
fn subtle() -> Result<SubtleCrypto, JsValue> {
    let crypto = js::scope().ok_or(JsValue::UNDEFINED)?.crypto()?;
    let subtle = Reflect::get(&crypto, &"subtle".into())?;
    subtle.dyn_into()
}

fn unavailable(error: &JsValue) -> VaultError {
    VaultError::Unavailable(js::error_name(error))
}
