//! Link mailboxes: a new device and a trusted one exchange the frames of an approval (protocol.md §18).
//! The relay carries them and can neither answer for one side nor read what they agree on.

use chatty_protocol::certificate::{self, Certificate};
use chatty_protocol::codec::{Any, Bytes, Fixed, decode_exact};
use chatty_protocol::rest::{Frames, LinkOpened as LinkOpenedBody, LinkRow, Links};
use chatty_protocol::sign::Signed;
use chatty_protocol::{ErrorCode, UserId, limits};

use crate::notice::Notice;
use crate::service::{Refused, Served};
use crate::state::App;
use crate::store::link::{FramePut, LinkOpened, NewLink};

/// m1 = `[txn, signed<cert>, user, AIK, head, label]`; the relay looks at who wants in.
type M1 = (Fixed<16>, Signed<Certificate>, UserId, Fixed<32>, Any, Any);

/// Opens a mailbox for a device that waits.
pub async fn open_link(app: &App, user: UserId, m1: &[u8]) -> Served<LinkOpenedBody> {
    check_size(m1)?;
    let (_, cert, named, _, _, _) = decode_exact::<M1>(m1)?;
    let checked = certificate::check(&cert)?;
    if named != user || checked.certificate.user != user {
        return Err(Refused::new(ErrorCode::NotAllowed).detail("m1 of another account"));
    }
    let now = app.now_ms();
    let link = NewLink {
        id: app.random.bytes()?,
        user,
        device: checked.device,
        m1: m1.to_vec().into(),
        now,
        expires: now + limits::LINK_MS,
        pending_until: now + limits::DEVICE_PENDING_MS,
        max_pending: limits::DEVICES_PENDING,
    };
    match app.store.link_open(link).await? {
        LinkOpened::Opened(id) => {
            app.notices.send(Notice::Link { user, id });
            Ok(LinkOpenedBody {
                id: id.to_vec().into(),
            })
        }
        LinkOpened::TooMany => Err(ErrorCode::DeviceLimit.into()),
        LinkOpened::DeviceKnown => Err(ErrorCode::Conflict.into()),
    }
}

/// Open mailboxes of the account.
pub async fn links(app: &App, user: UserId) -> Served<Links> {
    let links = app.store.links(user, app.now_ms()).await?;
    let rows = links.into_iter().map(|link| LinkRow {
        id: link.id.to_vec().into(),
        m1: link.m1.to_vec().into(),
        created_ms: link.created,
    });
    Ok(Links {
        links: rows.collect(),
    })
}

/// Frames of a mailbox in order.
pub async fn link_frames(app: &App, user: UserId, id: [u8; 16]) -> Served<Frames> {
    let found = app.store.link_frames(user, id, app.now_ms()).await?;
    let (_, frames) = found.ok_or(ErrorCode::Gone)?;
    Ok(Frames {
        frames: frames.iter().map(|frame| frame.to_vec().into()).collect(),
    })
}

/// Adds a frame `[step, bytes]` and rings the account's devices.
pub async fn put_frame(app: &App, user: UserId, id: [u8; 16], frame: &[u8]) -> Served<()> {
    check_size(frame)?;
    decode_exact::<(u64, Bytes)>(frame)?;
    let put = app.store.link_put(
        user,
        id,
        frame.to_vec().into(),
        limits::LINK_FRAMES,
        app.now_ms(),
    );
    match put.await? {
        FramePut::Stored => {
            app.notices.send(Notice::Link { user, id });
            Ok(())
        }
        FramePut::Gone => Err(ErrorCode::Gone.into()),
        FramePut::Full => Err(ErrorCode::Quota.into()),
    }
}

fn check_size(bytes: &[u8]) -> Served<()> {
    if bytes.len() > limits::LINK_FRAME_BYTES {
        return Err(ErrorCode::TooLarge.into());
    }
    Ok(())
}
