//! Text that people and other programs type: ids, origins, handles, REST bodies.
#![no_main]

use chatty_protocol::{ConvId, DeviceId, ErrorBody, MsgId, UserId, handle, origin, rest};

libfuzzer_sys::fuzz_target!(|text: &str| {
    if let Ok(id) = text.parse::<UserId>() {
        assert_eq!(id.to_string(), text);
    }
    let _ids = (
        text.parse::<ConvId>(),
        text.parse::<DeviceId>(),
        text.parse::<MsgId>(),
    );
    let _well_formed = handle::is_well_formed(text);
    if let Ok(canonical) = origin::canonical(text) {
        assert_eq!(
            origin::canonical(&canonical).as_deref(),
            Ok(canonical.as_str())
        );
    }
    let _body = serde_json::from_str::<rest::SignUp>(text);
    let _body = serde_json::from_str::<rest::ClaimKeys>(text);
    let _body = serde_json::from_str::<rest::LogPage>(text);
    let _body = serde_json::from_str::<ErrorBody>(text);
});
