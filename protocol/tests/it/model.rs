//! Random membership histories: whoever replays the entries, by whatever route, agrees.

use std::collections::BTreeMap;

use chatty_protocol::UserId;
use chatty_protocol::conversation_log::{ConvOp, ConvState, Mode, Policy, Role, authorize};
use proptest::prelude::*;

use crate::kit::{Person, act, conv_entry, create_op, open};

/// The rules once more, as plainly as they can be said: what the real state must equal.
#[derive(Default, Clone, PartialEq, Debug)]
struct Model {
    /// user → (joined, admin)
    people: BTreeMap<UserId, (bool, bool)>,
}

impl Model {
    fn admins(&self) -> usize {
        self.people.values().filter(|(_, admin)| *admin).count()
    }

    /// Whether the step is allowed, and what it does.
    fn step(&mut self, who: UserId, verb: u8, whom: UserId) -> bool {
        let Some((joined, admin)) = self.people.get(&who).copied() else {
            return false;
        };
        match verb {
            0 if joined && admin && !self.people.contains_key(&whom) => {
                self.people.insert(whom, (false, false));
            }
            1 if !joined => {
                self.people.insert(who, (true, false));
            }
            2 if !(joined && admin && self.admins() == 1 && self.joined() > 1) => {
                self.people.remove(&who);
            }
            3 if joined && admin && who != whom && self.people.contains_key(&whom) => {
                self.people.remove(&whom);
            }
            4 if joined && admin && self.people.get(&whom).is_some_and(|(joined, _)| *joined) => {
                self.people.insert(whom, (true, true));
            }
            5 if joined && admin && self.people.get(&whom).is_some_and(|(joined, _)| *joined) => {
                let only = self.admins() == 1 && self.people.get(&whom) == Some(&(true, true));
                if only {
                    return false;
                }
                self.people.insert(whom, (true, false));
            }
            6 if joined && admin => {}
            _ => return false,
        }
        true
    }

    fn joined(&self) -> usize {
        self.people.values().filter(|(joined, _)| *joined).count()
    }

    fn of(state: &ConvState) -> Self {
        let row = |member: &chatty_protocol::conversation_log::Member| {
            (
                member.status == chatty_protocol::conversation_log::Status::Member,
                member.role == Role::Admin,
            )
        };
        Self {
            people: state
                .members
                .iter()
                .map(|(user, member)| (*user, row(member)))
                .collect(),
        }
    }
}

fn op(state: &ConvState, who: UserId, verb: u8, whom: UserId) -> ConvOp {
    match verb {
        0 => ConvOp::Invite { users: vec![whom] },
        1 => ConvOp::Join {
            invite_seq: state.member(&who).map_or(0, |me| me.invited_seq),
        },
        2 => ConvOp::Leave {
            cuts: vec![],
            successor: None,
        },
        3 => ConvOp::Remove {
            user: whom,
            cuts: vec![],
        },
        4 => ConvOp::SetRole {
            user: whom,
            role: Role::Admin,
        },
        5 => ConvOp::SetRole {
            user: whom,
            role: Role::Member,
        },
        _ => ConvOp::SetPolicy(Policy {
            timer_s: u64::from(whom.as_bytes()[1]),
            ..Policy::default()
        }),
    }
}

/// Steps per case × cases = transitions; `cargo xtask soak` raises the cases.
fn cases() -> u32 {
    if std::env::var_os("CHATTY_SOAK").is_some() {
        20_000
    } else {
        200
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: cases(), ..ProptestConfig::default() })]
    #[test]
    fn the_rule_and_the_model_agree(steps in proptest::collection::vec((0u8..5, 0u8..7, 0u8..5), 1..50)) {
        let people: Vec<Person> = (1..6).map(Person::new).collect();
        let (mut state, first) = open(&people[0], create_op(Mode::Group, vec![])).unwrap();
        let mut model = Model::of(&state);
        let mut entries = vec![first];
        for (who, verb, whom) in steps {
            let (actor, target) = (&people[who as usize], people[whom as usize].user);
            let op = op(&state, actor.user, verb, target);
            let mut wanted = model.clone();
            let allowed = wanted.step(actor.user, verb, target);
            match act(&state, actor, op.clone()) {
                Ok(after) => {
                    prop_assert!(allowed, "rule allows what the model refuses: {op:?}");
                    let head = state.head;
                    entries.push(conv_entry(actor, Some(&state), head.seq + 1, head.hash, op, after.state_hash()));
                    state = after;
                    model = wanted;
                }
                Err(denied) => prop_assert!(!allowed, "rule refuses what the model allows: {op:?} {denied}"),
            }
            prop_assert_eq!(&Model::of(&state), &model);
        }
        let mut replayed: Option<ConvState> = None;
        for signed in &entries {
            let entry = signed.open().unwrap();
            replayed = Some(authorize(replayed.as_ref(), signed, &entry, true).unwrap());
        }
        prop_assert_eq!(replayed.unwrap(), state);
    }
}
