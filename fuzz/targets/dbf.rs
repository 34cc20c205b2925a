//! Any bytes as a dbf.

#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| redress_civics::build::fuzzing::dbf(bytes));
