//! Ids are typed and self-certifying (A4, A7).

use chatty_protocol::{ConvId, DeviceId, MsgId, UserId};

#[test]
fn text_form_round_trips_and_keeps_its_kind() {
    let user = UserId::from_rest([9; 32]);
    let text = user.to_string();
    assert!(text.starts_with('u') && text.chars().all(|c| c.is_ascii_alphanumeric()));
    assert_eq!(text.parse::<UserId>(), Ok(user));
    assert!(text.parse::<ConvId>().is_err());
    // The same bytes under another letter are another tag, so they do not parse either.
    assert!(text.replacen('u', "c", 1).parse::<ConvId>().is_err());
    assert!(text.to_uppercase().parse::<UserId>().is_err());
}

#[test]
fn a4_no_id_parses_as_another_kind() {
    let device = DeviceId::from_rest([1; 16]);
    let message = MsgId::from_rest([1; 16]);
    assert!(MsgId::from_slice(device.as_bytes()).is_err());
    assert!(DeviceId::from_slice(message.as_bytes()).is_err());
    let user = UserId::from_rest([1; 32]);
    assert!(ConvId::from_slice(user.as_bytes()).is_err());
    assert!(UserId::from_slice(&user.as_bytes()[..32]).is_err());
}

#[test]
fn a_direct_conversation_has_one_id_whoever_opens_it() {
    let (a, b) = (UserId::from_rest([1; 32]), UserId::from_rest([2; 32]));
    let origin = "https://relay.example";
    assert_eq!(
        ConvId::of_direct(&a, &b, origin),
        ConvId::of_direct(&b, &a, origin)
    );
    assert_ne!(
        ConvId::of_direct(&a, &b, origin),
        ConvId::of_direct(&a, &b, "https://other")
    );
    assert_ne!(
        ConvId::of_direct(&a, &a, origin),
        ConvId::of_direct(&a, &b, origin)
    );
}
