//! `/conversations`, `/requests`, `/blocks`, `/to-device`.

pub(super) mod blocks;
pub(super) mod create;
pub(super) mod list;
pub(super) mod log;
pub(super) mod marks;
pub(super) mod requests;
pub(super) mod rows;
pub(super) mod to_device;

use super::error::ApiError;
use super::extract::VerifiedCaller;
use crate::service::conversation::{Actor, EntryRefusal};

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
