//! Any file as a batch of addresses: a row out for each row in.

#![no_main]

use libfuzzer_sys::fuzz_target;
use redress_civics::batch;

fuzz_target!(|bytes: &[u8]| {
    let mut out = Vec::new();
    let _ = batch::parse(bytes, &mut out);
});
