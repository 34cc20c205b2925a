//! The demo: an instance of its own in a folder, with a made-up county, an open petition, signers
//! and letters, and an outbox in the place of the mail. Nothing leaves the machine.

pub mod crowd;
pub mod http;
pub mod outbox;
pub mod setting;
