//! The verdict of one message: the table of protocol.md §14, row by row, the first failing row decides.

use chatty_protocol::codec::{DecodeError, decode_exact};
use chatty_protocol::envelope::Send;
use chatty_protocol::limits;
use chatty_protocol::sign::{Key, sha256};
use vodozemac::megolm::{DecryptionError, InboundGroupSession, MegolmMessage};

use super::row::{InboundRow, Provenance, ReplayRow, SenderRow, key, load_or};
use super::types::{Hold, Incoming, Lane, Quarantine, Shown, Unreadable, Verdict};
use super::{authority, chain, missing};
use crate::content::{Content, Payload, bind};
use crate::error::CryptoError;
use crate::identity;
use crate::tx::Tx;
use crate::view::Table;
use crate::{olm, padding, rows};

/// Generations that are tried for a forwarded key, which does not name its own.
const GENERATIONS_TRIED: u64 = 4_096;

/// Ends the judgement early, or goes on with a value.
pub(super) type Step<T> = Result<Result<T, Verdict>, CryptoError>;

/// What is known of a message after decryption.
pub(super) struct Opened {
    pub(super) lane: Lane,
    pub(super) index: u32,
    pub(super) generation: u64,
    pub(super) payload: Payload,
    pub(super) content: Content,
    pub(super) provenance: Provenance,
    /// `chain` of the conv.key that opens it.
    pub(super) key_chain: Key,
}

macro_rules! next {
    ($step:expr) => {
        match $step? {
            Ok(value) => value,
            Err(verdict) => return Ok(Err(verdict)),
        }
    };
}
pub(super) use next;

/// Judges one message, mark or flash by the table of protocol.md §14. `drained` = as many to-device
/// items came as were waiting at connect.
pub fn receive(
    tx: &mut Tx<'_>,
    incoming: &Incoming<'_>,
    drained: bool,
) -> Result<Verdict, CryptoError> {
    let verdict = match judge(tx, incoming, drained)? {
        Ok(shown) => Verdict::Show(Box::new(shown)),
        Err(verdict) => verdict,
    };
    let waits = matches!(
        verdict,
        Verdict::Unreadable(_) | Verdict::Hold(_) | Verdict::NeedsUpdate
    );
    if waits && incoming.send.n > 0 {
        chain::note_unread(tx, incoming)?;
    }
    Ok(verdict)
}

fn judge(tx: &mut Tx<'_>, incoming: &Incoming<'_>, drained: bool) -> Step<Shown> {
    let send = incoming.send;
    // Row 1.
    let (lane, message) = match shape(incoming) {
        Ok(parts) => parts,
        Err(verdict) => return Ok(Err(verdict)),
    };
    // Row 2.
    let place = key::session(&send.conv, incoming.device, &send.session);
    let Some(row) = rows::load::<InboundRow>(tx, Table::Inbound, &place)? else {
        return Ok(Err(missing::no_session(tx, incoming, drained)?));
    };
    // Row 3.
    let (index, plaintext) = next!(decrypt(tx, incoming, &row, &message));
    // Row 4.
    next!(replayed(tx, incoming, index));
    // Row 5.
    let (payload, content) = match parse(&plaintext) {
        Ok(parsed) => parsed,
        Err(verdict) => return Ok(Err(verdict)),
    };
    // Row 6.
    let Some(generation) = bound_generation(incoming, &row, &payload) else {
        return Ok(Err(Verdict::Quarantine(Quarantine::WrongBinding)));
    };
    if !agrees(send, lane, &payload, &content) {
        return Ok(Err(Verdict::Quarantine(Quarantine::WrongEnvelope)));
    }
    let opened = Opened {
        lane,
        index,
        generation,
        payload,
        content,
        provenance: row.provenance,
        key_chain: row.chain,
    };
    // Rows 7 to 9.
    let older = next!(authority::check(tx, incoming, &opened));
    // Rows 10 and 11.
    next!(chain::check(tx, incoming, &opened));
    // Row 12.
    if row.generation.is_none() {
        learn_generation(tx, &place, row, generation)?;
    }
    accept(tx, incoming, opened, older).map(Ok)
}

fn shape<'a>(incoming: &Incoming<'a>) -> Result<(Lane, MegolmMessage), Verdict> {
    let send = incoming.send;
    let lane = Lane::from_number(send.lane).ok_or(Verdict::Drop)?;
    let numbered = send.n > 0;
    let in_stream = incoming.seq.is_some();
    let fits = (lane == Lane::Log) == numbered && (lane == Lane::Log) == in_stream;
    if !fits || send.ct.0.len() > limits::SEND_CT_BYTES {
        return Err(Verdict::Drop);
    }
    if send.ext.has_critical() {
        return Err(Verdict::NeedsUpdate);
    }
    let message = MegolmMessage::from_bytes(&send.ct.0).map_err(|_| Verdict::Drop)?;
    // vodozemac skips unknown and repeated fields; only the one form that it writes is accepted,
    // so that two ciphertexts are the same message exactly when their bytes are.
    if message.to_bytes() != send.ct.0 {
        return Err(Verdict::Drop);
    }
    Ok((lane, message))
}

fn decrypt(
    tx: &mut Tx<'_>,
    incoming: &Incoming<'_>,
    row: &InboundRow,
    message: &MegolmMessage,
) -> Step<(u32, Vec<u8>)> {
    let place = key::sender(&incoming.send.conv, incoming.device);
    let mut sender: SenderRow = load_or(tx, Table::Generation, &place)?;
    // A clock that was set back must not keep the budget used up.
    let recent =
        sender.failing_since <= tx.now_ms && tx.now_ms - sender.failing_since < limits::MINUTE_MS;
    if recent && sender.failures >= limits::FAILED_DECRYPTS_PER_MINUTE {
        return Ok(Err(Verdict::Hold(Hold::TooManyFailures)));
    }
    let mut session = session_of(row)?;
    match session.decrypt(message) {
        Ok(plain) => Ok(Ok((plain.message_index, plain.plaintext))),
        Err(DecryptionError::UnknownMessageIndex(..)) => Ok(Err(Verdict::Unreadable(
            missing::below_first_index(tx, incoming)?,
        ))),
        Err(_) => {
            if !recent {
                sender.failing_since = tx.now_ms;
                sender.failures = 0;
            }
            sender.failures += 1;
            rows::store(tx, Table::Generation, &place, &sender)?;
            Ok(Err(Verdict::Quarantine(Quarantine::NotAuthentic)))
        }
    }
}

/// The session of a row; the pickle has no `Clone`, so it goes through its bytes.
pub(super) fn session_of(row: &InboundRow) -> Result<InboundGroupSession, CryptoError> {
    let pickle = rows::parse(&rows::bytes_of(&row.pickle)?)?;
    Ok(InboundGroupSession::from_pickle(pickle))
}

fn replayed(tx: &Tx<'_>, incoming: &Incoming<'_>, index: u32) -> Step<()> {
    let send = incoming.send;
    let place = key::replay(&send.conv, incoming.device, &send.session, index);
    let seen: Option<ReplayRow> = rows::load(tx, Table::Replay, &place)?;
    Ok(match seen {
        None => Ok(()),
        Some(seen) if seen.ct != sha256(&send.ct.0) => {
            Err(Verdict::Quarantine(Quarantine::IndexReused))
        }
        Some(seen) if seen.msg != send.msg => Err(Verdict::Quarantine(Quarantine::Renamed)),
        Some(_) => Err(Verdict::Ignore),
    })
}

fn parse(plaintext: &[u8]) -> Result<(Payload, Content), Verdict> {
    let verdict = |error| match error {
        DecodeError::NeedsUpdate(_) => Verdict::NeedsUpdate,
        DecodeError::Malformed(_) => Verdict::Quarantine(Quarantine::Malformed),
    };
    let payload: Payload = padding::unpad(plaintext)
        .and_then(decode_exact)
        .map_err(verdict)?;
    if payload.ext.has_critical() {
        return Err(Verdict::NeedsUpdate);
    }
    if payload.frontier.len() > limits::FRONTIER {
        return Err(Verdict::Quarantine(Quarantine::Malformed));
    }
    let content = Content::from_bytes(&payload.content.0).map_err(verdict)?;
    Ok((payload, content))
}

/// The generation under which `bind` holds, if it does under any (A8).
fn bound_generation(incoming: &Incoming<'_>, row: &InboundRow, payload: &Payload) -> Option<u64> {
    let send = incoming.send;
    let holds = |generation: &u64| {
        row.user == *incoming.user
            && payload.bind
                == bind(
                    &send.conv,
                    incoming.user,
                    incoming.device,
                    &send.session,
                    *generation,
                )
    };
    match row.generation {
        Some(generation) => Some(generation).filter(holds),
        None => (1..=GENERATIONS_TRIED).find(holds),
    }
}

fn agrees(send: &Send, lane: Lane, payload: &Payload, content: &Content) -> bool {
    let unnumbered = payload.dev_seq == 0
        && payload.prev == chatty_protocol::sign::ZERO_HASH
        && payload.frontier.is_empty();
    content.msg == send.msg
        && send.log_seq == payload.conv_head.seq
        && send.n == payload.dev_seq
        && (lane == Lane::Log || unnumbered)
        && content.body.lane() == lane.number()
}

fn learn_generation(
    tx: &mut Tx<'_>,
    place: &[u8],
    mut row: InboundRow,
    generation: u64,
) -> Result<(), CryptoError> {
    row.generation = Some(generation);
    rows::store(tx, Table::Inbound, place, &row)
}

/// Row 12: everything that makes the message count, in this one transaction.
fn accept(
    tx: &mut Tx<'_>,
    incoming: &Incoming<'_>,
    opened: Opened,
    older_membership: bool,
) -> Result<Shown, CryptoError> {
    let send = incoming.send;
    let replay = ReplayRow {
        msg: send.msg,
        ct: sha256(&send.ct.0),
    };
    let place = key::replay(&send.conv, incoming.device, &send.session, opened.index);
    rows::store(tx, Table::Replay, &place, &replay)?;
    if opened.lane == Lane::Log {
        chain::link(tx, incoming, &opened)?;
    }
    Ok(Shown {
        user: *incoming.user,
        device: *incoming.device,
        dev_seq: opened.payload.dev_seq,
        conv_head: opened.payload.conv_head,
        content: opened.content,
        older_membership,
        forwarded_key: opened.provenance == Provenance::Forwarded,
        cloned: olm::is_cloned(tx, incoming.device)?,
    })
}

/// Whether the message claims to come from this very device.
pub(super) fn is_own(tx: &Tx<'_>, incoming: &Incoming<'_>) -> Result<bool, CryptoError> {
    Ok(identity::own_or_fail(tx)?.device == *incoming.device)
}

impl From<Unreadable> for Verdict {
    fn from(reason: Unreadable) -> Self {
        Self::Unreadable(reason)
    }
}
