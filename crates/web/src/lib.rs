//! The four faces: the site for signers, the console for organizers, the desk for officials, the API for programs.
//!
//! A handler extracts, parses into a command of the domain, calls one use case and answers. Forms become the model's own types
//! at the edge, so nothing stringly goes further; SQL is out of reach, and mail is enqueued by the transaction that causes it.
//!
//! Its rules:
//!
//! - **Success means durable.** A signer reads "saved" only after the intake has committed; a full intake answers 503 with
//!   `Retry-After` and drops nothing.
//! - **The page tells nobody who signed.** Answer, status and timing are the same for a new, a pending and a counted e-mail.
//! - **GET changes nothing**, because scanners visit links. Confirming, withdrawing and unsubscribing are a POST behind one button.
//! - **Nobody is guessed.** What the resolution holds for certain goes ahead; what it does not is a question on the page.
//! - **Nothing personal** stands in a URL, a header, a log or public JSON. Logs hold the route's pattern, never the path,
//!   since paths hold secrets. Client addresses are kept only as a hash whose salt is thrown away daily.
//! - **Bad input is a 4xx with its field named**, entered values stay, nothing is stored; it is never a 500.
//! - **Pages work without script**, on a phone, in one column; everything comes from this host, with a policy that allows no other.
//!   Pages never count rows: they read tallies.
//! - **The desk and the receipt are opened by a secret**, one purpose each. A signer's wrong or old one leads to the petition with an
//!   explanation; an official's finds nothing, and does not hint at what it might have opened. The console asks for an account, a role, and the organization that the thing belongs to.
//!
//! Arrows: uses `redress-model`, `redress-civics`, `redress-storage`, `redress-reports`, and `redress-letters` only to preview;
//! never `redress-mailer`, never a backend. Used by the program alone.
//!
//! To add a page: a file under its face with a view and a handler of under 40 lines, a template, a snapshot, and a line in the
//! journey that reaches it. To add a call of the API: the same, with its shape in the description that programs read. A page
//! declares beside itself how long it may be cached and which limit guards it.

mod abuse;
mod answers;
mod api;
mod assets;
mod body;
mod city_status;
mod civics;
mod console;
pub mod coverage;
mod dates;
mod delivered;
mod desk;
mod failure;
mod health;
mod hooks;
mod layers;
mod ledger;
mod letters;
mod openapi;
mod opinions;
mod pack_health;
pub mod paper;
mod petitions;
mod places;
mod proof;
pub mod reresolution;
mod router;
mod signing;
mod silences;
mod site;
mod spoken;
mod state;

mod token;
mod veil;

pub use abuse::sweeping::work_off_sweep;
pub use civics::Civics;
pub use hooks::{HookKeyError, HookKeys, MailgunKey, PostmarkSecret, SendgridKey, SesKeys};
pub use layers::flood::Pace;
pub use openapi::OPENAPI;
pub use pack_health::PackCheck;
pub use router::router;
pub use state::{AppState, Parts};
