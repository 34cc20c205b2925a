//! Any message that comes back to the mailer.

#![no_main]

use libfuzzer_sys::fuzz_target;
use redress_mailer::coming::read;

fuzz_target!(|bytes: &[u8]| {
    let coming = read(bytes, &[]);
    let _ = coming.what.event();
});
