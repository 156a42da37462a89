//! Whether there is a Chatty server at an address, and one that speaks our version. Asked before an
//! account is made or entered, and when a server answers what is not in the protocol.

use chatty_protocol::frame::SOCKET_VERSION;
use chatty_protocol::rest::WellKnown;
use chatty_protocol::{ErrorCode, origin};

use super::session;
use crate::api::{ApiError, LocalCode};
use crate::engine::{Context, Fault};

/// Goes on only where a relay of our version answers under exactly this address: signatures cover
/// the address, so another name of the same relay would be refused later with less to read.
pub async fn check(context: &Context, wanted: &str) -> Result<(), Fault> {
    let told = match session::rest(context, wanted, None).well_known().await {
        Ok(told) => told,
        Err(fault) if fault.is_passing() => return Err(fault),
        Err(_) => return Err(nobody(wanted)),
    };
    judge(&told, wanted).map_err(|error| Fault::Rule(Box::new(error)))
}

fn judge(told: &WellKnown, wanted: &str) -> Result<(), ApiError> {
    if !told.versions.contains(&SOCKET_VERSION) {
        let newer = told
            .versions
            .iter()
            .any(|version| *version > SOCKET_VERSION);
        let (message, hint) = match newer {
            true => (
                "The server speaks a newer version of the protocol than this program.",
                "Update this program.",
            ),
            false => (
                "The server speaks no version of the protocol that this program knows.",
                "Ask who runs the server to update it.",
            ),
        };
        return Err(ApiError::new(ErrorCode::NeedsUpdate, message).hint(hint));
    }
    match origin::canonical(&told.origin) {
        Ok(own) if own == wanted => Ok(()),
        Ok(own) => Err(
            ApiError::new(LocalCode::Invalid, "The server has another address.")
                .hint(format!("Name it as it names itself: {own}")),
        ),
        Err(_) => Err(ApiError::new(
            LocalCode::BadAnswer,
            "The server names an address that is none.",
        )),
    }
}

fn nobody(wanted: &str) -> Fault {
    let message = format!("There is no Chatty server at {wanted}.");
    Fault::Rule(Box::new(ApiError::new(LocalCode::BadAnswer, message).hint(
        "Check the address. In a network with a sign-in page, sign in there first.",
    )))
}

/// What to say of an answer that is none of ours: asks once who answers there at all.
pub async fn explain(context: &Context, wanted: &str, fault: Fault) -> Fault {
    let foreign = matches!(fault, Fault::BadRelay(_))
        || fault.is(ErrorCode::NotFound)
        || fault.is(ErrorCode::Gone);
    if !foreign {
        return fault;
    }
    match check(context, wanted).await {
        Ok(()) => fault,
        Err(better) => better,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn code(origin: &str, versions: &[u64]) -> Option<&'static str> {
        let told = WellKnown {
            origin: origin.to_owned(),
            versions: versions.to_vec(),
        };
        let judged = judge(&told, "https://chat.example.org");
        judged.err().map(|error| error.code.as_str())
    }

    #[test]
    fn only_our_version_under_the_same_address_goes_on() {
        let here = "https://chat.example.org";
        assert_eq!(code(here, &[1]), None);
        assert_eq!(code(here, &[1, 2]), None);
        assert_eq!(code(here, &[2, 3]), Some("needs_update"));
        assert_eq!(code(here, &[]), Some("needs_update"));
        assert_eq!(code("https://other.example.org", &[1]), Some("invalid"));
        assert_eq!(code("no address", &[1]), Some("bad_answer"));
    }
}
