//! What lies around every handler.

pub(crate) mod client;
pub(crate) mod flood;
pub(crate) mod headers;
pub(crate) mod origin;
pub(crate) mod trace;
