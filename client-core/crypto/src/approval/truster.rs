//! The trusted device's side of a run.

use chatty_protocol::DeviceId;
use chatty_protocol::certificate::Certificate;
use chatty_protocol::codec::{Fixed, decode_exact, encode};
use chatty_protocol::device_log::{Class, DeviceOp};
use chatty_protocol::limits;
use chatty_protocol::sign::Signed;
use vodozemac::sas::Sas;

use super::wire::{
    Label, LinkFrame, M1, M2, M3, M4, MAC_N, MAC_T, Message1, Message2, Message3, Message4,
    Trusted, check_certificate, commit,
};
use super::{Code, Role, Shared, Stopped, lock};
use crate::error::CryptoError;
use crate::tx::Tx;
use crate::{device_log, identity};

/// A device that asks to be approved, as far as its first message says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Request {
    /// Its id.
    pub device: DeviceId,
    /// What it calls itself.
    pub label: Label,
}

/// A device that both users confirmed: exactly the certificate of its first message (A4).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Approved {
    /// Its id.
    pub device: DeviceId,
    /// What it calls itself.
    pub label: Label,
    cert: Signed<Certificate>,
}

impl Approved {
    /// The device-log operation to append: a limited device expires unless it is renewed.
    pub fn add_op(&self, class: Class, now_ms: u64) -> DeviceOp {
        DeviceOp::Add {
            cert: self.cert.clone(),
            class,
            expires: match class {
                Class::Limited => now_ms.saturating_add(limits::LIMITED_DEVICE_MS),
                Class::Full | Class::Bot => 0,
            },
        }
    }
}

/// What to do next on the trusted device.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TrusterStep {
    /// Post this frame, show the code, and ask the user whether the new device shows the same.
    Compare {
        /// m4.
        send: LinkFrame,
        /// The code.
        code: Code,
    },
    /// Post this frame: the own MAC, after the user agreed.
    Send(LinkFrame),
    /// Wait for the other device.
    Wait,
    /// Both sides agree: append [`Approved::add_op`], then send pins and secrets by class.
    Approved(Box<Approved>),
    /// Over; a new run needs a new prompt.
    Stopped(Stopped),
}

enum State {
    /// m2 is out.
    Committed {
        m2: Vec<u8>,
        t: Trusted,
        sas: Box<Sas>,
    },
    /// The code is shown.
    Comparing {
        shared: Box<Shared>,
        confirmed: bool,
        /// The other side's MAC came and holds.
        proven: bool,
    },
    Over,
}

/// A run on the trusted device.
pub struct Truster {
    approved: Approved,
    m1: Vec<u8>,
    state: State,
}

impl Truster {
    /// Reads who asks, to show it in the list of waiting devices. Commits to nothing.
    pub fn peek(tx: &Tx<'_>, frame: &LinkFrame) -> Result<Result<Request, Stopped>, CryptoError> {
        let checked = Self::check(tx, frame)?;
        Ok(checked.map(|approved| Request {
            device: approved.device,
            label: approved.label,
        }))
    }

    /// The user opened the request: answers m1 with the commitment.
    pub fn start(
        tx: &mut Tx<'_>,
        m1: &LinkFrame,
    ) -> Result<Result<(Self, LinkFrame), Stopped>, CryptoError> {
        if lock::locked_until(tx)?.is_some() {
            return Ok(Err(Stopped::Locked));
        }
        let approved = match Self::check(tx, m1)? {
            Ok(approved) => approved,
            Err(reason) => return Ok(Err(reason)),
        };
        let own = identity::own_or_fail(tx)?;
        let log = device_log::get_or_fail(tx, &own.user)?;
        let t = Trusted {
            cert: own.cert,
            aik: log.aik,
            head: log.head,
        };
        let sas = Sas::new();
        let eph = Fixed(sas.public_key().to_bytes());
        let m1 = m1.bytes.0.clone();
        let m2 = encode(&Message2 {
            commit: commit(&eph, &m1, &t),
        });
        let frame = LinkFrame::new(M2, m2.clone());
        let state = State::Committed {
            m2,
            t,
            sas: Box::new(sas),
        };
        let run = Self {
            approved,
            m1,
            state,
        };
        Ok(Ok((run, frame)))
    }

    /// m1 against this device's own view of the account.
    fn check(tx: &Tx<'_>, frame: &LinkFrame) -> Result<Result<Approved, Stopped>, CryptoError> {
        let own = identity::require_live(tx)?;
        let log = device_log::get_or_fail(tx, &own.user)?;
        let full = log
            .live(&own.device)
            .is_some_and(|record| record.class == Class::Full);
        if !full {
            return Err(CryptoError::NotAllowed("only a full device approves"));
        }
        let read = || {
            let bytes = frame.expect(M1)?;
            let message: Message1 = decode_exact(bytes).map_err(|_| Stopped::Unexpected)?;
            if message.user != own.user || message.aik != log.aik {
                return Err(Stopped::OtherAccount);
            }
            if message.head != log.head {
                return Err(Stopped::OtherHead);
            }
            let device = check_certificate(&message.cert, &own.user)?.device;
            // Ids are never used again, also not by a device that was revoked.
            if log.devices.contains_key(&device)
                || message.label.name.chars().count() > limits::NAME_CHARS
                || message.label.platform.chars().count() > limits::NAME_CHARS
            {
                return Err(Stopped::Certificate);
            }
            Ok(Approved {
                device,
                label: message.label,
                cert: message.cert,
            })
        };
        Ok(read())
    }

    /// Takes a frame of the new device.
    pub fn frame(
        &mut self,
        tx: &mut Tx<'_>,
        frame: &LinkFrame,
    ) -> Result<TrusterStep, CryptoError> {
        let state = std::mem::replace(&mut self.state, State::Over);
        let step = match state {
            State::Committed { m2, t, sas } => self.reveal(frame, &m2, t, *sas),
            State::Comparing {
                shared,
                confirmed,
                proven: false,
            } => self.proven(frame, shared, confirmed),
            State::Comparing { .. } | State::Over => Err(Stopped::Unexpected),
        };
        self.settle(tx, step)
    }

    /// What the user said to [`TrusterStep::Compare`].
    pub fn user_says(&mut self, tx: &mut Tx<'_>, same: bool) -> Result<TrusterStep, CryptoError> {
        let state = std::mem::replace(&mut self.state, State::Over);
        let step = match state {
            State::Comparing {
                shared,
                confirmed: false,
                proven,
            } if same => {
                let frame = LinkFrame::new(MAC_T, shared.mac(Role::Trusted));
                self.state = State::Comparing {
                    shared,
                    confirmed: true,
                    proven,
                };
                Ok(TrusterStep::Send(frame))
            }
            State::Comparing { .. } if !same => Err(Stopped::CodesDiffer),
            _ => Err(Stopped::Unexpected),
        };
        self.settle(tx, step)
    }

    /// Whether both sides have agreed; ask after [`TrusterStep::Send`] of the own MAC, because
    /// the other side may have been first.
    pub fn approved(&mut self, tx: &mut Tx<'_>) -> Option<Approved> {
        let both = matches!(
            self.state,
            State::Comparing {
                confirmed: true,
                proven: true,
                ..
            }
        );
        both.then(|| {
            self.state = State::Over;
            lock::succeeded(tx);
            self.approved.clone()
        })
    }

    fn reveal(
        &mut self,
        frame: &LinkFrame,
        m2: &[u8],
        t: Trusted,
        sas: Sas,
    ) -> Result<TrusterStep, Stopped> {
        let m3 = frame.expect(M3)?;
        let message: Message3 = decode_exact(m3).map_err(|_| Stopped::Unexpected)?;
        let m4 = encode(&Message4 {
            eph: Fixed(sas.public_key().to_bytes()),
            t,
        });
        let shared = Shared::new(sas, message.eph.0, [&self.m1, m2, m3, &m4])?;
        let code = shared.code();
        self.state = State::Comparing {
            shared: Box::new(shared),
            confirmed: false,
            proven: false,
        };
        Ok(TrusterStep::Compare {
            send: LinkFrame::new(M4, m4),
            code,
        })
    }

    fn proven(
        &mut self,
        frame: &LinkFrame,
        shared: Box<Shared>,
        confirmed: bool,
    ) -> Result<TrusterStep, Stopped> {
        shared.verify(Role::New, frame.expect(MAC_N)?)?;
        if confirmed {
            return Ok(TrusterStep::Approved(Box::new(self.approved.clone())));
        }
        self.state = State::Comparing {
            shared,
            confirmed,
            proven: true,
        };
        Ok(TrusterStep::Wait)
    }

    fn settle(
        &mut self,
        tx: &mut Tx<'_>,
        step: Result<TrusterStep, Stopped>,
    ) -> Result<TrusterStep, CryptoError> {
        match step {
            Ok(step) => {
                if matches!(step, TrusterStep::Approved(_)) {
                    lock::succeeded(tx);
                }
                Ok(step)
            }
            Err(reason) => {
                self.state = State::Over;
                lock::failed(tx)?;
                Ok(TrusterStep::Stopped(reason))
            }
        }
    }
}
