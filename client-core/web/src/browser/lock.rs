//! One worker of this origin at a time (A27): a Web Lock, held for life by the worker itself.
//! The browser gives it back when the worker ends, however it ends.

use std::cell::RefCell;
use std::rc::Rc;

use futures::channel::oneshot;
use js_sys::{Function, Object, Promise, Reflect};
use wasm_bindgen::closure::Closure;
use wasm_bindgen::prelude::wasm_bindgen;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;

use super::failure::StartError;
use super::js;

// web-sys counts this interface among those that may still change and leaves it out.
#[wasm_bindgen]
extern "C" {
    type LockManager;

    #[wasm_bindgen(method)]
    fn request(this: &LockManager, name: &str, options: &Object, callback: &Function) -> Promise;
}

/// Name of the lock in this origin.
const NAME: &str = "chatty/store";

/// The lock; given back when it is dropped.
pub struct Held {
    release: Function,
}

impl Drop for Held {
    fn drop(&mut self) {
        // Resolving a promise cannot fail.
        let _ = self.release.call0(&JsValue::UNDEFINED);
    }
}

/// Takes the lock if it is free; `None` = another tab holds it.
pub async fn try_take() -> Result<Option<Held>, StartError> {
    request(true).await
}

/// Waits for the lock.
pub async fn take() -> Result<Held, StartError> {
    request(false).await?.ok_or(StartError::Browser("the lock"))
}

async fn request(only_if_free: bool) -> Result<Option<Held>, StartError> {
    let locks = manager().ok_or(StartError::Browser("locks"))?;
    let options = Object::new();
    // Setting a field of a fresh object cannot fail.
    let _ = Reflect::set(&options, &"ifAvailable".into(), &only_if_free.into());
    let (granted, answer) = oneshot::channel();
    let granted = Rc::new(RefCell::new(Some(granted)));
    // The lock is held until the promise that this returns is resolved.
    let callback = Closure::once_into_js(move |lock: JsValue| -> JsValue {
        let (promise, held) = if lock.is_null() {
            (JsValue::UNDEFINED, None)
        } else {
            let (promise, release) = open_promise();
            (promise.into(), release.map(|release| Held { release }))
        };
        if let Some(granted) = granted.borrow_mut().take() {
            // Nobody waits any more: the lock goes back at once.
            let _ = granted.send(held);
        }
        promise
    });
    let request = locks.request(NAME, &options, callback.unchecked_ref());
    // Rejected when the document is being torn down; the answer then never comes.
    let rejected = async {
        if JsFuture::from(request).await.is_ok() {
            std::future::pending::<()>().await;
        }
    };
    futures::pin_mut!(rejected);
    futures::pin_mut!(answer);
    match futures::future::select(answer, rejected).await {
        futures::future::Either::Left((Ok(held), _)) => Ok(held),
        _ => Err(StartError::Browser("the lock")),
    }
}

/// Missing outside of secure contexts.
fn manager() -> Option<LockManager> {
    let locks = Reflect::get(js::navigator()?.as_ref(), &"locks".into()).ok()?;
    (!locks.is_undefined()).then(|| locks.unchecked_into())
}

/// A promise and the function that resolves it.
fn open_promise() -> (Promise, Option<Function>) {
    let mut release = None;
    let promise = Promise::new(&mut |resolve, _| release = Some(resolve));
    (promise, release)
}
