//! How positional structures and numbered enums are declared.

/// Declares a structure that travels as a positional array of exactly its fields.
#[macro_export]
macro_rules! wire_array {
    ($(#[$meta:meta])* pub struct $name:ident { $($(#[$field_meta:meta])* pub $field:ident: $ty:ty,)* }) => {
        $(#[$meta])*
        #[derive(Debug, Clone, PartialEq, Eq)]
        pub struct $name { $($(#[$field_meta])* pub $field: $ty,)* }

        impl<C> $crate::codec::Encode<C> for $name {
            fn encode<W: minicbor::encode::Write>(
                &self,
                e: &mut $crate::codec::Encoder<W>,
                ctx: &mut C,
            ) -> Result<(), minicbor::encode::Error<W::Error>> {
                const COUNT: u64 = 0 $(+ { let _ = stringify!($field); 1 })*;
                e.array(COUNT)?;
                $($crate::codec::Encode::encode(&self.$field, e, ctx)?;)*
                Ok(())
            }
        }

        impl<'b, C> $crate::codec::Decode<'b, C> for $name {
            fn decode(
                d: &mut $crate::codec::Decoder<'b>,
                ctx: &mut C,
            ) -> Result<Self, minicbor::decode::Error> {
                const COUNT: u64 = 0 $(+ { let _ = stringify!($field); 1 })*;
                $crate::codec::array_of(d, COUNT)?;
                Ok(Self { $($field: $crate::codec::Decode::decode(d, ctx)?,)* })
            }
        }
    };
}

/// Encodes a fieldless enum by its `number`; an unknown number needs a newer program.
#[macro_export]
macro_rules! wire_number {
    ($name:ident) => {
        impl<C> $crate::codec::Encode<C> for $name {
            fn encode<W: minicbor::encode::Write>(
                &self,
                e: &mut $crate::codec::Encoder<W>,
                _: &mut C,
            ) -> Result<(), minicbor::encode::Error<W::Error>> {
                e.u64(self.number())?.ok()
            }
        }

        impl<'b, C> $crate::codec::Decode<'b, C> for $name {
            fn decode(
                d: &mut $crate::codec::Decoder<'b>,
                _: &mut C,
            ) -> Result<Self, minicbor::decode::Error> {
                Self::from_number(d.u64()?).ok_or_else($crate::codec::needs_update)
            }
        }
    };
}
