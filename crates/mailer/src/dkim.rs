//! DKIM signatures (RFC 6376) with ed25519 (RFC 8463) and RSA, so that an office's server can tell our letters from what others write in
//! our name.
//!
//! Headers are taken `relaxed`, the body `simple`: carriers fold headers anew and leave bodies alone, and a body that is hashed as it is costs
//! nothing but the hash. `From`, `To`, `Subject` and `Date` are signed once more than they are there, so that none can be added. Everything
//! that a signature says comes from the message and its date: the same message has the same signatures, and those of a letter are frozen with
//! the rest of its bytes when it is first leased.

mod body;
mod error;
mod head;
mod key;
mod record;
mod settings;
mod signer;

pub use body::BodyHash;
pub use error::DkimError;
pub use key::{KeyKind, SigningKey, pem};
pub use record::{Record, strings};
pub use settings::{DkimSettings, MailSignatures};
pub use signer::{Rule, Signer};

#[cfg(any(test, feature = "testing"))]
pub(crate) use head::{Field, fields, hash_input};
