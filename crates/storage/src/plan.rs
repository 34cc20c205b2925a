//! What a batch of the intake does, decided once for every backend: a backend runs the statements,
//! in the order in which these types ask for them.

mod confirming;
mod recording;
mod reresolving;

pub use confirming::{Confirming, Standing};
pub use recording::{PetitionRule, QueuedMail, Recording, SignatureRow, TakenSlot};
pub use reresolving::Reresolving;
