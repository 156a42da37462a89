//! HTTP by fetch.

use chatty_core::platform::{HttpAnswer, HttpRequest, MAX_ANSWER, NetError};
use futures::future::{Either, select};
use js_sys::{Reflect, Uint8Array};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{
    AbortController, Headers, ReadableStreamDefaultReader, ReferrerPolicy, Request, RequestCache,
    RequestCredentials, RequestInit, RequestRedirect, Response,
};

use super::{clock, js};

/// Does one request. It is aborted when it takes too long or nobody waits any more.
pub async fn request(request: HttpRequest) -> Result<HttpAnswer, NetError> {
    let abort = Abort(AbortController::new().map_err(|_| NetError::Malformed)?);
    let prepared = prepare(&request, &abort.0).map_err(|_| NetError::Malformed)?;
    let work = exchange(prepared);
    let patience = clock::sleep(request.timeout_ms);
    futures::pin_mut!(work, patience);
    match select(work, patience).await {
        Either::Left((answer, _)) => answer,
        Either::Right(((), _)) => Err(NetError::Timeout),
    }
}

/// Aborts what still runs when it is dropped; an exchange that is over does not notice.
struct Abort(AbortController);

impl Drop for Abort {
    fn drop(&mut self) {
        self.0.abort();
    }
}

fn prepare(request: &HttpRequest, abort: &AbortController) -> Result<Request, JsValue> {
    let headers = Headers::new()?;
    if let Some(token) = &request.bearer {
        headers.set("Authorization", &format!("Bearer {token}"))?;
    }
    let init = RequestInit::new();
    init.set_method(request.method);
    if let Some(body) = &request.body {
        headers.set("Content-Type", "application/json")?;
        init.set_body(&Uint8Array::from(body.as_slice()));
    }
    init.set_headers(&headers);
    init.set_signal(Some(&abort.signal()));
    // Our own token and nothing that the browser might add; a redirect would carry it elsewhere.
    init.set_credentials(RequestCredentials::Omit);
    init.set_redirect(RequestRedirect::Error);
    init.set_cache(RequestCache::NoStore);
    init.set_referrer_policy(ReferrerPolicy::NoReferrer);
    Request::new_with_str_and_init(&request.url, &init)
}

async fn exchange(request: Request) -> Result<HttpAnswer, NetError> {
    let scope = js::scope().ok_or(NetError::Unreachable)?;
    let answered = JsFuture::from(scope.fetch_with_request(&request)).await;
    let response: Response = answered
        .and_then(JsCast::dyn_into)
        .map_err(|_| unreachable_or_offline())?;
    let retry_after_ms = response
        .headers()
        .get("Retry-After")
        .ok()
        .flatten()
        .and_then(|text| text.parse::<u64>().ok())
        .map(|seconds| seconds.saturating_mul(1_000));
    Ok(HttpAnswer {
        status: response.status(),
        retry_after_ms,
        body: body(&response).await?,
    })
}

/// The body piece by piece, so that an endless one is given up early.
async fn body(response: &Response) -> Result<Vec<u8>, NetError> {
    let mut whole = Vec::new();
    let Some(stream) = response.body() else {
        return Ok(whole);
    };
    let reader: ReadableStreamDefaultReader = stream
        .get_reader()
        .dyn_into()
        .map_err(|_| NetError::Malformed)?;
    loop {
        let part = JsFuture::from(reader.read())
            .await
            .map_err(|_| unreachable_or_offline())?;
        let get = |name: &str| Reflect::get(&part, &name.into()).unwrap_or(JsValue::UNDEFINED);
        if get("done").is_truthy() {
            return Ok(whole);
        }
        let bytes = Uint8Array::new(&get("value"));
        if whole.len() + bytes.length() as usize > MAX_ANSWER {
            return Err(NetError::Malformed);
        }
        whole.extend_from_slice(&bytes.to_vec());
    }
}

/// A browser says only "failed": not why, and nothing about certificates.
pub fn unreachable_or_offline() -> NetError {
    match js::navigator().is_some_and(|navigator| !navigator.on_line()) {
        true => NetError::Offline,
        false => NetError::Unreachable,
    }
}
