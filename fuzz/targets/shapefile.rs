//! Any bytes as a shapefile.

#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| redress_civics::build::fuzzing::shapefile(bytes));
