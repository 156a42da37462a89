//! `POST /tickets`: a one-use socket ticket, so that no token travels in a socket's URL (D14).

use chatty_protocol::rest::Ticket;
use chatty_protocol::{DeviceId, UserId, limits};
use data_encoding::BASE64URL_NOPAD;

use crate::cache::TicketHolder;
use crate::service::Served;
use crate::service::token::sid;
use crate::state::App;
use crate::store::session::FamilyId;

/// Makes a ticket for a device's socket.
pub async fn ticket(app: &App, user: UserId, device: DeviceId, family: FamilyId) -> Served<Ticket> {
    let ticket = BASE64URL_NOPAD.encode(&app.random.bytes::<32>()?);
    let holder = TicketHolder {
        user,
        device,
        session: sid(&family),
    };
    let expires = app.now_ms() + limits::TICKET_MS;
    app.cache.put_ticket(ticket.clone(), holder, expires).await;
    Ok(Ticket { ticket })
}
