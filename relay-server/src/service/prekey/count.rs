//! `GET /keys/count`.

use chatty_protocol::DeviceId;
use chatty_protocol::rest::KeyCount as KeyCountBody;

use crate::service::Served;
use crate::state::App;
use crate::store::prekey::KeyCount;

/// Keys of the caller's device that are left.
pub async fn count(app: &App, device: DeviceId) -> Served<KeyCountBody> {
    Ok(body(app.store.key_count(device).await?))
}

pub(super) fn body(count: KeyCount) -> KeyCountBody {
    KeyCountBody {
        one_time_left: count.one_time_left,
        fallback_used: count.fallback_used,
    }
}
