//! The macros that keep the API one list.

/// Plain data of the API: serde with unknown fields refused, and a TypeScript type.
macro_rules! params {
    ($($(#[$meta:meta])* pub struct $name:ident {
        $($(#[$field_meta:meta])* pub $field:ident: $ty:ty,)*
    })*) => {$(
        $(#[$meta])*
        #[derive(Debug, Clone, PartialEq, serde::Serialize, serde::Deserialize, ts_rs::TS)]
        #[serde(deny_unknown_fields)]
        pub struct $name { $($(#[$field_meta])* pub $field: $ty,)* }
    )*};
}

/// A closed list of words of the API.
macro_rules! words {
    ($($(#[$meta:meta])* pub enum $name:ident {
        $($(#[$word_meta:meta])* $word:ident = $text:literal,)*
    })*) => {$(
        $(#[$meta])*
        #[derive(
            Debug, Clone, Copy, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize,
            ts_rs::TS,
        )]
        pub enum $name { $($(#[$word_meta])* #[serde(rename = $text)] $word,)* }

        impl $name {
            /// Every word, in the order of the list.
            pub const ALL: &'static [Self] = &[$(Self::$word,)*];

            /// The word as it stands in JSON and in the store.
            pub fn as_str(self) -> &'static str {
                match self { $(Self::$word => $text,)* }
            }
        }

        impl std::str::FromStr for $name {
            type Err = ();
            fn from_str(text: &str) -> Result<Self, ()> {
                match text { $($text => Ok(Self::$word),)* _ => Err(()) }
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(self.as_str())
            }
        }
    )*};
}

pub(crate) use words;

/// The list of methods: name, function of the [`super::Api`] trait, parameters, reply.
macro_rules! api {
    ($($(#[$doc:meta])* $name:literal => $function:ident: $params:ident -> $reply:ty;)*) => {
        /// One call. On every transport it is `{"method": name, "params": {…}}`.
        #[derive(Debug, Clone, PartialEq, serde::Serialize, serde::Deserialize)]
        #[serde(tag = "method", content = "params")]
        pub enum Command {
            $($(#[$doc])* #[serde(rename = $name)] $params($params),)*
        }

        impl Command {
            /// Name of the method.
            pub fn name(&self) -> &'static str {
                match self { $(Self::$params(_) => $name,)* }
            }
        }

        $(impl super::Method for $params {
            const NAME: &'static str = $name;
            type Reply = $reply;
            fn command(self) -> Command { Command::$params(self) }
        })*

        /// Names of all methods, in the order of the list.
        pub const NAMES: &[&str] = &[$($name,)*];

        /// What the engine does, one function per method. Futures stay on the engine's thread.
        #[allow(async_fn_in_trait, reason = "the engine is single-threaded, no Send bound is wanted")]
        pub trait Api {
            $($(#[$doc])* async fn $function(&self, params: $params)
                -> Result<$reply, super::ApiError>;)*
        }

        /// Runs one call and turns the reply into JSON.
        pub async fn dispatch<A: Api>(
            api: &A,
            command: Command,
        ) -> Result<serde_json::Value, super::ApiError> {
            match command {
                $(Command::$params(params) => {
                    super::handle::to_json(&api.$function(params).await?)
                })*
            }
        }

        /// Calls `visit` with the parameter and reply types of each method.
        pub(super) fn visit_types(visitor: &mut super::typescript::Declarations) {
            $(visitor.method::<$params, $reply>($name);)*
        }
    };
}
