//! Errors of single fields: each has a message for people and a code that never changes.

/// Declares an error enum whose variants carry a stable code and a message.
macro_rules! coded_error {
    ($(#[$outer:meta])* $name:ident { $($(#[$doc:meta])* $variant:ident = $code:literal, $message:literal;)* }) => {
        $(#[$outer])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
        pub enum $name {
            $($(#[$doc])* #[error($message)] $variant,)*
        }

        impl $name {
            /// The stable code, as programs see it in `errors[].code`.
            pub fn code(self) -> &'static str {
                match self { $(Self::$variant => $code,)* }
            }
        }
    };
}

/// Declares an enum whose variants have one word each, the same in JSON, SQL and on the command line.
macro_rules! worded_enum {
    ($(#[$outer:meta])* $name:ident, $unknown:ident { $($(#[$doc:meta])* $variant:ident = $word:literal,)* }) => {
        $(#[$outer])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, serde::Serialize, serde::Deserialize)]
        pub enum $name {
            $($(#[$doc])* #[serde(rename = $word)] $variant,)*
        }

        impl $name {
            /// Every variant, in the order in which people list them.
            pub const ALL: &[Self] = &[$(Self::$variant,)*];

            /// Its word in JSON, SQL and on the command line.
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $word,)* }
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                out.write_str(self.as_str())
            }
        }

        impl std::str::FromStr for $name {
            type Err = $unknown;

            fn from_str(word: &str) -> Result<Self, Self::Err> {
                match word {
                    $($word => Ok(Self::$variant),)*
                    _ => Err($unknown(word.to_owned())),
                }
            }
        }

        /// A word that names none of them.
        #[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
        #[error("`{0}` is none of: {known}", known = $name::ALL.iter().map(|known| known.as_str()).collect::<Vec<_>>().join(", "))]
        pub struct $unknown(pub String);
    };
}

pub(crate) use {coded_error, worded_enum};
