//! One small table of IndexedDB, for the key that cannot be a file.

use futures::channel::oneshot;
use js_sys::{Object, Reflect};
use wasm_bindgen::closure::Closure;
use wasm_bindgen::prelude::wasm_bindgen;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{
    DomException, IdbDatabase, IdbFactory, IdbObjectStore, IdbOpenDbRequest, IdbRequest,
    IdbTransaction,
};

use super::js;

// web-sys leaves the third parameter out, because it counts it among what may still change.
#[wasm_bindgen]
extern "C" {
    type DurableDatabase;

    #[wasm_bindgen(method, catch)]
    fn transaction(
        this: &DurableDatabase,
        table: &str,
        mode: &str,
        options: &Object,
    ) -> Result<IdbTransaction, JsValue>;
}

/// Name of the database.
const DATABASE: &str = "chatty";
/// Version of its layout.
const VERSION: u32 = 1;
/// Its one table.
const TABLE: &str = "vault";

/// The open database.
pub struct Idb(IdbDatabase);

impl Drop for Idb {
    fn drop(&mut self) {
        self.0.close();
    }
}

impl Idb {
    /// Opens or makes it.
    pub async fn open() -> Result<Self, JsValue> {
        let factory: IdbFactory = js::scope()
            .ok_or(JsValue::UNDEFINED)?
            .indexed_db()?
            .ok_or(JsValue::UNDEFINED)?;
        let request: IdbOpenDbRequest = factory.open_with_u32(DATABASE, VERSION)?;
        let making = request.clone();
        let upgrade = Closure::once(move |_: JsValue| {
            let made = making
                .result()
                .ok()
                .map(JsCast::unchecked_into::<IdbDatabase>);
            if let Some(database) = made {
                // A failure here fails the request itself.
                let _ = database.create_object_store(TABLE);
            }
        });
        request.set_onupgradeneeded(Some(upgrade.as_ref().unchecked_ref()));
        let opened = done(&request).await?;
        request.set_onupgradeneeded(None);
        Ok(Self(opened.unchecked_into()))
    }

    /// A value, or none.
    pub async fn get(&self, name: &str) -> Result<Option<JsValue>, JsValue> {
        let table = self.0.transaction_with_str(TABLE)?.object_store(TABLE)?;
        let found = done(&table.get(&name.into())?).await?;
        Ok((!found.is_undefined()).then_some(found))
    }

    /// Adds a value that must not be there yet; on disk when this returns.
    pub async fn add(&self, name: &str, value: &JsValue) -> Result<(), JsValue> {
        let options = Object::new();
        Reflect::set(&options, &"durability".into(), &"strict".into())?;
        let database: &DurableDatabase = self.0.unchecked_ref();
        let transaction = database.transaction(TABLE, "readwrite", &options)?;
        let table: IdbObjectStore = transaction.object_store(TABLE)?;
        table.add_with_key(value, &name.into())?;
        committed(&transaction).await
    }
}

/// The result of a request.
async fn done(request: &IdbRequest) -> Result<JsValue, JsValue> {
    let (tell, told) = oneshot::channel();
    let (success, failure) = pair(tell);
    request.set_onsuccess(Some(success.as_ref().unchecked_ref()));
    request.set_onerror(Some(failure.as_ref().unchecked_ref()));
    let went_well = told.await.unwrap_or(false);
    request.set_onsuccess(None);
    request.set_onerror(None);
    match went_well {
        true => request.result(),
        false => Err(exception(request.error().ok().flatten())),
    }
}

/// Ends when the transaction is on disk.
async fn committed(transaction: &IdbTransaction) -> Result<(), JsValue> {
    let (tell, told) = oneshot::channel();
    let (success, failure) = pair(tell);
    transaction.set_oncomplete(Some(success.as_ref().unchecked_ref()));
    // An error of a request aborts its transaction.
    transaction.set_onabort(Some(failure.as_ref().unchecked_ref()));
    let went_well = told.await.unwrap_or(false);
    transaction.set_oncomplete(None);
    transaction.set_onabort(None);
    match went_well {
        true => Ok(()),
        false => Err(exception(transaction.error())),
    }
}

type Listener = Closure<dyn FnMut(JsValue)>;

/// Two listeners of which the first to be called decides.
fn pair(tell: oneshot::Sender<bool>) -> (Listener, Listener) {
    let tell = std::rc::Rc::new(std::cell::Cell::new(Some(tell)));
    let other = tell.clone();
    let listener = |tell: std::rc::Rc<std::cell::Cell<Option<oneshot::Sender<bool>>>>, word| {
        Closure::new(move |_: JsValue| {
            if let Some(tell) = tell.take() {
                let _ = tell.send(word);
            }
        })
    };
    (listener(tell, true), listener(other, false))
}

fn exception(error: Option<DomException>) -> JsValue {
    error.map_or(JsValue::UNDEFINED, JsValue::from)
}

/// A field of a stored value.
pub fn field(value: &JsValue, name: &str) -> Option<JsValue> {
    let found = Reflect::get(value, &name.into()).ok()?;
    (!found.is_undefined()).then_some(found)
}
