//! The new device's side of a run.

use chatty_protocol::codec::{Fixed, decode_exact, encode};
use chatty_protocol::device_log::Class;
use chatty_protocol::sign::{Hash32, Head, Key};
use chatty_protocol::{DeviceId, UserId, limits};
use vodozemac::sas::Sas;

use super::wire::{
    Label, LinkFrame, M1, M2, M3, M4, MAC_N, MAC_T, Message1, Message2, Message3, Message4,
    check_certificate, commit,
};
use super::{Code, Role, Shared, Stopped, lock};
use crate::error::CryptoError;
use crate::tx::Tx;
use crate::{device_log, identity};

/// What to do next on the new device.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum NewcomerStep {
    /// Post this frame.
    Send(LinkFrame),
    /// Show the code and ask the user whether the other device shows the same.
    Compare(Code),
    /// Wait for the other device.
    Wait,
    /// Both sides agree. The `add` entry comes by the device log, then the pins.
    Approved {
        /// The device that approved.
        by: DeviceId,
    },
    /// Over; a new run needs a new prompt.
    Stopped(Stopped),
}

enum State {
    /// m1 is out.
    Offered,
    /// m3 is out.
    Revealed {
        commit: Hash32,
        m2: Vec<u8>,
        m3: Vec<u8>,
        sas: Box<Sas>,
    },
    /// The code is shown.
    Comparing {
        shared: Box<Shared>,
        by: DeviceId,
        confirmed: bool,
        /// The other side's MAC came and holds.
        proven: bool,
    },
    Over,
}

/// A run on the new device.
pub struct Newcomer {
    user: UserId,
    aik: Key,
    head: Head,
    m1: Vec<u8>,
    state: State,
}

impl Newcomer {
    /// Begins a run; the own account's log must have been fetched. The frame goes to
    /// `POST /links`.
    pub fn start(
        tx: &mut Tx<'_>,
        label: Label,
    ) -> Result<Result<(Self, LinkFrame), Stopped>, CryptoError> {
        if lock::locked_until(tx)?.is_some() {
            return Ok(Err(Stopped::Locked));
        }
        if label.name.chars().count() > limits::NAME_CHARS
            || label.platform.chars().count() > limits::NAME_CHARS
        {
            return Err(CryptoError::NotAllowed("label too long"));
        }
        let own = identity::own_or_fail(tx)?;
        let log = device_log::get_or_fail(tx, &own.user)?;
        let message = Message1 {
            txn: Fixed(tx.random()),
            cert: own.cert,
            user: own.user,
            aik: log.aik,
            head: log.head,
            label,
        };
        let m1 = encode(&message);
        let frame = LinkFrame::new(M1, m1.clone());
        let run = Self {
            user: own.user,
            aik: log.aik,
            head: log.head,
            m1,
            state: State::Offered,
        };
        Ok(Ok((run, frame)))
    }

    /// Takes a frame of the other device.
    pub fn frame(
        &mut self,
        tx: &mut Tx<'_>,
        frame: &LinkFrame,
    ) -> Result<NewcomerStep, CryptoError> {
        let state = std::mem::replace(&mut self.state, State::Over);
        let step = match state {
            State::Offered => self.committed(frame),
            State::Revealed {
                commit,
                m2,
                m3,
                sas,
            } => self.revealed(tx, frame, &commit, [&m2, &m3], *sas)?,
            State::Comparing {
                shared,
                by,
                confirmed,
                proven: false,
            } => self.proven(frame, shared, by, confirmed),
            State::Comparing { .. } | State::Over => Err(Stopped::Unexpected),
        };
        self.settle(tx, step)
    }

    /// What the user said to [`NewcomerStep::Compare`].
    pub fn user_says(&mut self, tx: &mut Tx<'_>, same: bool) -> Result<NewcomerStep, CryptoError> {
        let state = std::mem::replace(&mut self.state, State::Over);
        let step = match state {
            State::Comparing {
                shared,
                by,
                confirmed: false,
                proven,
            } if same => {
                let frame = LinkFrame::new(MAC_N, shared.mac(Role::New));
                self.state = State::Comparing {
                    shared,
                    by,
                    confirmed: true,
                    proven,
                };
                Ok(NewcomerStep::Send(frame))
            }
            State::Comparing { .. } if !same => Err(Stopped::CodesDiffer),
            _ => Err(Stopped::Unexpected),
        };
        self.settle(tx, step)
    }

    /// Whether both sides have agreed; ask after [`NewcomerStep::Send`] of the own MAC, because
    /// the other side may have been first.
    pub fn approved(&mut self, tx: &mut Tx<'_>) -> Option<DeviceId> {
        match &self.state {
            State::Comparing {
                by,
                confirmed: true,
                proven: true,
                ..
            } => {
                let by = *by;
                self.state = State::Over;
                lock::succeeded(tx);
                Some(by)
            }
            _ => None,
        }
    }

    fn committed(&mut self, frame: &LinkFrame) -> Result<NewcomerStep, Stopped> {
        let m2 = frame.expect(M2)?;
        let message: Message2 = decode_exact(m2).map_err(|_| Stopped::Unexpected)?;
        let sas = Sas::new();
        let m3 = encode(&Message3 {
            eph: Fixed(sas.public_key().to_bytes()),
        });
        self.state = State::Revealed {
            commit: message.commit,
            m2: m2.to_vec(),
            m3: m3.clone(),
            sas: Box::new(sas),
        };
        Ok(NewcomerStep::Send(LinkFrame::new(M3, m3)))
    }

    fn revealed(
        &mut self,
        tx: &Tx<'_>,
        frame: &LinkFrame,
        committed: &Hash32,
        [m2, m3]: [&[u8]; 2],
        sas: Sas,
    ) -> Result<Result<NewcomerStep, Stopped>, CryptoError> {
        let log = device_log::get_or_fail(tx, &self.user)?;
        let live_full = |device: &DeviceId| {
            log.live(device)
                .is_some_and(|record| record.class == Class::Full)
        };
        Ok(self.check_reveal(frame, committed, [m2, m3], sas, live_full))
    }

    fn check_reveal(
        &mut self,
        frame: &LinkFrame,
        committed: &Hash32,
        [m2, m3]: [&[u8]; 2],
        sas: Sas,
        live_full: impl Fn(&DeviceId) -> bool,
    ) -> Result<NewcomerStep, Stopped> {
        let m4 = frame.expect(M4)?;
        let message: Message4 = decode_exact(m4).map_err(|_| Stopped::Unexpected)?;
        if commit(&message.eph, &self.m1, &message.t) != *committed {
            return Err(Stopped::Commitment);
        }
        let by = check_certificate(&message.t.cert, &self.user)?.device;
        if message.t.aik != self.aik {
            return Err(Stopped::OtherAccount);
        }
        if message.t.head != self.head {
            return Err(Stopped::OtherHead);
        }
        if !live_full(&by) {
            return Err(Stopped::Certificate);
        }
        let shared = Shared::new(sas, message.eph.0, [&self.m1, m2, m3, m4])?;
        let code = shared.code();
        self.state = State::Comparing {
            shared: Box::new(shared),
            by,
            confirmed: false,
            proven: false,
        };
        Ok(NewcomerStep::Compare(code))
    }

    fn proven(
        &mut self,
        frame: &LinkFrame,
        shared: Box<Shared>,
        by: DeviceId,
        confirmed: bool,
    ) -> Result<NewcomerStep, Stopped> {
        shared.verify(Role::Trusted, frame.expect(MAC_T)?)?;
        if confirmed {
            return Ok(NewcomerStep::Approved { by });
        }
        self.state = State::Comparing {
            shared,
            by,
            confirmed,
            proven: true,
        };
        Ok(NewcomerStep::Wait)
    }

    fn settle(
        &mut self,
        tx: &mut Tx<'_>,
        step: Result<NewcomerStep, Stopped>,
    ) -> Result<NewcomerStep, CryptoError> {
        match step {
            Ok(step) => {
                if matches!(step, NewcomerStep::Approved { .. }) {
                    lock::succeeded(tx);
                }
                Ok(step)
            }
            Err(reason) => {
                self.state = State::Over;
                lock::failed(tx)?;
                Ok(NewcomerStep::Stopped(reason))
            }
        }
    }
}
