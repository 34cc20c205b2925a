//! What the tests at the top of the house share.
//!
//! Two kinds of test live in this package. End-to-end tests run the program, real servers and a real browser, and tell one
//! person's journey each. The tests of the house hold its rules: `house.rs` the crates, their arrows and manifests, `files.rs`
//! what stands in each file. Tests of one crate alone stay in that crate.
//!
//! A test is a sentence, has three short parts and works with real collaborators; when it fails, its output says what broke
//! in the words of the person to whom it would have happened, and names file and line where there is one. What several tests
//! need is a module here, named for what it gives them. A new test file is one `[[test]]` entry in the manifest, because
//! the package's own folder is the folder of tests.
//!
//! Arrows: this package may use every other; none uses it.

#[expect(
    clippy::missing_panics_doc,
    reason = "whatever goes wrong here fails the test that called it"
)]
pub mod civics;
pub mod complaints;
#[expect(
    clippy::missing_panics_doc,
    reason = "whatever goes wrong here fails the test that called it"
)]
pub mod geocoder;
#[expect(
    clippy::missing_panics_doc,
    reason = "whatever goes wrong here fails the test that called it"
)]
pub mod instance;
#[expect(
    clippy::missing_panics_doc,
    reason = "whatever goes wrong here fails the test that called it"
)]
pub mod mirror;
#[expect(
    clippy::missing_panics_doc,
    reason = "whatever goes wrong here fails the test that called it"
)]
pub mod program;
#[expect(
    clippy::missing_panics_doc,
    reason = "whatever goes wrong here fails the test that called it"
)]
pub mod relay;
pub mod tree;
#[expect(
    clippy::missing_panics_doc,
    reason = "whatever goes wrong here fails the test that called it"
)]
pub mod wall_clock;
