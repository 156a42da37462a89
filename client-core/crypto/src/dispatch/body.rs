//! One authenticated body: who may send it, and what it does.

use chatty_protocol::conversation_log::Status;
use chatty_protocol::device_log::Class;
use chatty_protocol::{ConvId, UserId};

use super::Effect;
use crate::content::to_device::{ConvKey, Evidence, OlmReset, Subject, Sync, ToDeviceBody};
use crate::error::CryptoError;
use crate::olm::Peer;
use crate::tx::Tx;
use crate::{conversation, device_log, identity, megolm, olm, profile, trust};

/// Effects and replies of one body.
#[derive(Default)]
pub(super) struct Done {
    pub(super) effects: Vec<Effect>,
    pub(super) replies: Vec<(Peer, ToDeviceBody)>,
    /// Conversation whose key came, for the acknowledgement.
    conv: Option<ConvId>,
}

impl Done {
    fn effect(&mut self, effect: Effect) {
        self.effects.push(effect);
    }
}

/// Acts on a body of `from`, whose device is live and whose message was bound to this device.
pub(super) fn act(
    tx: &mut Tx<'_>,
    from: &Peer,
    body: ToDeviceBody,
    done: &mut Done,
) -> Result<(), CryptoError> {
    match body {
        ToDeviceBody::ConvKey(body) => conv_key(tx, from, &body, done)?,
        ToDeviceBody::Withheld(body) => {
            let outcome = megolm::on_withheld(tx, from, &body)?;
            done.effect(Effect::Key(outcome));
        }
        ToDeviceBody::ConvMeta(body) => {
            let outcome = megolm::on_conv_meta(tx, from, &body)?;
            done.effect(Effect::Key(outcome));
        }
        ToDeviceBody::KeyRequest(body) => {
            if let Some(answer) = megolm::on_key_request(tx, from, &body)? {
                done.replies.push((*from, answer));
            }
        }
        ToDeviceBody::KeyForward(body) if is_own_full(tx, from)? => {
            let outcome = megolm::on_key_forward(tx, from, &body)?;
            done.effect(Effect::Key(outcome));
        }
        ToDeviceBody::OlmReset(body) => reset(tx, from, &body, done)?,
        ToDeviceBody::OlmAck => {}
        ToDeviceBody::Verify(body) => done.effect(Effect::Verify(body)),
        ToDeviceBody::Trust(part) if is_own_full(tx, from)? => {
            done.effect(match trust::import(tx, &from.device, &part) {
                Ok(imported) => Effect::Pins(imported),
                Err(CryptoError::NotAllowed(why)) => Effect::Refused(why),
                Err(error) => return Err(error),
            });
        }
        ToDeviceBody::Sync(sync) if is_own(tx, from)? => done.effect(synced(sync)),
        ToDeviceBody::Evidence(body) => evidence(tx, from, &body, done)?,
        ToDeviceBody::Profile(body) => {
            if let Some(info) = profile::take(tx, from, &body)? {
                done.effect(Effect::Profile(info));
            }
        }
        ToDeviceBody::Unknown { kind, body } => done.effect(Effect::Unknown { kind, body }),
        // There is no backup key yet that could be asked for or given; this is no answer either
        // way, so a newer device asks another one.
        ToDeviceBody::SecretRequest(_) | ToDeviceBody::SecretSend(_) => {
            done.effect(Effect::Refused("secrets are not shared yet"));
        }
        ToDeviceBody::KeyForward(_) | ToDeviceBody::Trust(_) | ToDeviceBody::Sync(_) => {
            done.effect(Effect::Refused("only from own devices"));
        }
    }
    Ok(())
}

fn synced(sync: Sync) -> Effect {
    match sync {
        Sync::Read {
            conv,
            positions,
            time,
        } => Effect::Read {
            conv,
            positions,
            time,
        },
        Sync::Setting { name, value, rev } => Effect::Setting { name, value, rev },
    }
}

fn reset(
    tx: &mut Tx<'_>,
    from: &Peer,
    body: &OlmReset,
    done: &mut Done,
) -> Result<(), CryptoError> {
    if olm::heard_reset(tx, from, body)? {
        let keys = megolm::reshare(tx, from)?;
        let keys = keys.into_iter().map(|key| (*from, key));
        done.replies.extend(keys);
        done.effect(Effect::PeerReset);
    } else {
        done.effect(Effect::Refused("too many resets"));
    }
    Ok(())
}

fn conv_key(
    tx: &mut Tx<'_>,
    from: &Peer,
    body: &ConvKey,
    done: &mut Done,
) -> Result<(), CryptoError> {
    let outcome = megolm::on_conv_key(tx, from, body)?;
    done.effect(Effect::Key(outcome));
    done.conv = Some(body.conv);
    let gossip = device_log::gossip(tx, &body.your_head)?;
    if gossip == device_log::Gossip::Fork
        && let Some(proof) = device_log::own_proof(tx)?
    {
        // They see another history of ours: show them this one, so that the fork is proven.
        done.replies.push((*from, ToDeviceBody::Evidence(proof)));
    }
    done.effect(Effect::Gossip(gossip));
    Ok(())
}

fn evidence(
    tx: &mut Tx<'_>,
    from: &Peer,
    body: &Evidence,
    done: &mut Done,
) -> Result<(), CryptoError> {
    match body.subject {
        Subject::Conv(conv) if is_member(tx, &conv, &from.user)? => {
            let frozen = is_frozen(tx, &conv)?;
            let evidenced = conversation::evidence(tx, &conv, &body.entries)?;
            if evidenced == conversation::Evidenced::Frozen
                && !frozen
                && let Some(proof) = conversation::newest_proof(tx, &conv)?
            {
                // With our entries they can prove it too. Said once, or two would never end.
                done.replies.push((*from, ToDeviceBody::Evidence(proof)));
            }
            done.effect(Effect::ConversationEvidence { conv, evidenced });
        }
        Subject::Conv(_) => done.effect(Effect::Refused("not a member")),
        // Signed entries speak for themselves, but nobody's log is begun by a stranger.
        Subject::User(user) if device_log::get(tx, &user)?.is_some() => {
            let entries: Vec<Vec<u8>> = body.entries.iter().map(|e| e.0.clone()).collect();
            let outcome = device_log::apply_page(tx, &user, &entries)?;
            let ours = identity::own_or_fail(tx)?.user == user && from.user != user;
            if ours
                && outcome.stop == Some(device_log::LogStop::Forked)
                && let Some(proof) = device_log::own_proof(tx)?
            {
                // They were shown another history of ours: with this one they can prove it too.
                done.replies.push((*from, ToDeviceBody::Evidence(proof)));
            }
            done.effect(Effect::UserEvidence { user, outcome });
        }
        Subject::User(_) => done.effect(Effect::Refused("not known")),
    }
    Ok(())
}

/// Acknowledging tells a sender that this device is alive: contacts, co-members and own devices
/// may know, strangers not.
pub(super) fn may_acknowledge(tx: &Tx<'_>, from: &Peer, done: &Done) -> Result<bool, CryptoError> {
    let own = identity::own_or_fail(tx)?;
    if from.user == own.user || conversation::is_contact(tx, &from.user)? {
        return Ok(true);
    }
    match done.conv {
        Some(conv) => Ok(is_member(tx, &conv, &from.user)? && is_member(tx, &conv, &own.user)?),
        None => Ok(false),
    }
}

fn is_member(tx: &Tx<'_>, conv: &ConvId, user: &UserId) -> Result<bool, CryptoError> {
    Ok(conversation::state(tx, conv)?.is_some_and(|state| {
        state
            .member(user)
            .is_some_and(|member| member.status == Status::Member)
    }))
}

fn is_frozen(tx: &Tx<'_>, conv: &ConvId) -> Result<bool, CryptoError> {
    Ok(conversation::status(tx, conv)? == conversation::ConvStatus::Frozen)
}

fn is_own(tx: &Tx<'_>, from: &Peer) -> Result<bool, CryptoError> {
    Ok(identity::own_or_fail(tx)?.user == from.user)
}

fn is_own_full(tx: &Tx<'_>, from: &Peer) -> Result<bool, CryptoError> {
    if !is_own(tx, from)? {
        return Ok(false);
    }
    let log = device_log::get_or_fail(tx, &from.user)?;
    Ok(log
        .live(&from.device)
        .is_some_and(|record| record.class == Class::Full))
}
