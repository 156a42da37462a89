//! Title, description and picture of a conversation (plaintext of log op 7).

use chatty_protocol::codec::{Any, DecodeError, Ext, decode_exact, encode};
use chatty_protocol::{limits, wire_array};

wire_array! {
    /// What the encrypted part of a meta entry says.
    pub struct MetaContent {
        /// Title.
        pub title: String,
        /// Description.
        pub about: String,
        /// Picture; kept as it came, because pictures are not part of version 1.
        pub avatar: Option<Any>,
        /// Extensions.
        pub ext: Ext,
    }
}

impl MetaContent {
    /// A title alone.
    pub fn titled(title: impl Into<String>) -> Self {
        Self {
            title: title.into(),
            about: String::new(),
            avatar: None,
            ext: Ext::default(),
        }
    }

    /// Canonical bytes, if within the limits.
    pub fn to_bytes(&self) -> Result<Vec<u8>, DecodeError> {
        self.check()?;
        Ok(encode(self))
    }

    /// Reads canonical bytes and checks the limits.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, DecodeError> {
        let meta: Self = decode_exact(bytes)?;
        if meta.ext.has_critical() {
            return Err(DecodeError::NeedsUpdate("meta extension"));
        }
        meta.check()?;
        Ok(meta)
    }

    fn check(&self) -> Result<(), DecodeError> {
        if self.title.len() > limits::TITLE_BYTES || self.about.len() > limits::ABOUT_BYTES {
            return Err(DecodeError::Malformed("title or description too long"));
        }
        Ok(())
    }
}
