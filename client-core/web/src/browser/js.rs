//! Small help around JavaScript values.

use js_sys::Reflect;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{DedicatedWorkerGlobalScope, WorkerNavigator};

/// The worker's global object. `None` when this does not run in a dedicated worker.
pub fn scope() -> Option<DedicatedWorkerGlobalScope> {
    js_sys::global().dyn_into().ok()
}

/// The worker's navigator.
pub fn navigator() -> Option<WorkerNavigator> {
    Some(scope()?.navigator())
}

/// Name of a thrown error, for example `QuotaExceededError`; the message could quote a URL or a
/// value and is left out.
pub fn error_name(error: &JsValue) -> String {
    let name = Reflect::get(error, &"name".into()).ok();
    name.and_then(|name| name.as_string())
        .unwrap_or_else(|| "unknown error".to_owned())
}
