//! `POST /conversations`.

use axum::Json;
use axum::extract::State;
use chatty_protocol::rest::{ConversationCreated, CreateConversation};

use crate::http::error::ApiResult;
use crate::http::extract::{Body, VerifiedCaller};
use crate::state::SharedApp;

/// Creates a conversation from its signed entry 0.
pub async fn create(
    State(app): State<SharedApp>,
    caller: VerifiedCaller,
    Body(body): Body<CreateConversation>,
) -> ApiResult<Json<ConversationCreated>> {
    let conversations = &app.live.conversations;
    let (conv, seq) = conversations
        .create((&caller).into(), body.create.0)
        .await?;
    Ok(Json(ConversationCreated { conv, seq }))
}
