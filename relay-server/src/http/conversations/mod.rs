//! `/conversations`, `/requests`, `/blocks`, `/to-device`.

mod blocks;
mod create;
mod list;
mod log;
mod marks;
mod requests;
mod rows;
mod to_device;

use axum::Router;
use axum::routing::{delete, get, post, put};

use super::error::ApiError;
use super::extract::VerifiedCaller;
use crate::service::conversation::{Actor, EntryRefusal};
use crate::state::SharedApp;

/// Routes of this folder, below `/v1`.
pub fn routes() -> Router<SharedApp> {
    Router::new()
        .route("/conversations", post(create::create).get(list::list))
        .route(
            "/conversations/{conv}/log",
            get(log::read).post(log::append),
        )
        .route("/conversations/{conv}/rows", get(rows::read))
        .route("/conversations/{conv}/marks", get(marks::read))
        .route("/requests/{conv}", delete(requests::hide))
        .route("/blocks", get(blocks::list))
        .route("/blocks/{user}", put(blocks::block).delete(blocks::unblock))
        .route("/to-device", get(to_device::read))
}

impl From<&VerifiedCaller> for Actor {
    fn from(caller: &VerifiedCaller) -> Self {
        Self {
            user: caller.user,
            device: caller.device,
        }
    }
}

impl From<EntryRefusal> for ApiError {
    fn from(refusal: EntryRefusal) -> Self {
        let mut error = Self::new(refusal.code).detail(refusal.detail);
        if let Some(head) = refusal.head {
            error = error.head(head);
        }
        match refusal.retry_ms {
            Some(retry_ms) => error.retry_after(retry_ms),
            None => error,
        }
    }
}
