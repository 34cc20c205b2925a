//! Ids: UUIDs of version 7 (RFC 9562, section 5.7), which sort by the time they were made, so that
//! rows are appended under them.

use crate::clock::Clock;
use rand::CryptoRng;
use serde::{Deserialize, Serialize};
use uuid::{Builder, Uuid};

/// Makes a UUID of version 7 from a clock and a random source.
pub fn new_uuid(clock: &dyn Clock, random: &mut (dyn CryptoRng + Send)) -> Uuid {
    let mut bytes = [0_u8; 10];
    random.fill_bytes(&mut bytes);
    let millis = u64::try_from(clock.now().timestamp_millis()).unwrap_or_default();
    Builder::from_unix_timestamp_millis(millis, &bytes).into_uuid()
}

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident;)*) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(pub Uuid);

        impl $name {
            /// Makes one from a clock and a random source.
            pub fn new(clock: &dyn Clock, random: &mut (dyn CryptoRng + Send)) -> Self {
                Self(new_uuid(clock, random))
            }
        }

        impl From<$name> for Uuid {
            fn from(id: $name) -> Self {
                id.0
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                self.0.fmt(out)
            }
        }

        impl std::str::FromStr for $name {
            type Err = uuid::Error;

            fn from_str(text: &str) -> Result<Self, Self::Err> {
                text.parse().map(Self)
            }
        }
    )*};
}

ids! {
    /// A petition.
    PetitionId;
    /// A signature.
    SignatureId;
    /// A mail to a signer that waits to be sent.
    MailId;
    /// A frozen batch.
    BatchId;
    /// A letter on its way.
    DeliveryId;
    /// Something that an organizer is asked to do.
    TaskId;
    /// What an office says about a petition.
    ResponseId;
    /// An organization that runs petitions.
    OrganizationId;
    /// A sweep over a petition's signatures.
    SweepId;
    /// A permit to sign without proof of work.
    PermitId;
    /// An organizer's account.
    AccountId;
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::FixedClock;
    use rand_chacha::{ChaCha20Rng, rand_core::SeedableRng};

    #[test]
    fn an_id_made_later_sorts_later() {
        let mut random = ChaCha20Rng::seed_from_u64(1);
        let mut last = None;
        for minute in 0..60 {
            let clock = FixedClock(format!("2026-01-01T00:{minute:02}:00Z").parse().unwrap());
            let id = SignatureId::new(&clock, &mut random);
            assert_eq!(id.0.get_version_num(), 7);
            assert!(last < Some(id));
            last = Some(id);
        }
    }
}
