//! The sample's randomness: one stream per county and purpose, so that a county does not change when another is added.

use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;

use super::Plan;

/// A source for one purpose in one county.
pub(crate) fn source(plan: Plan, number: u32, purpose: u32) -> ChaCha8Rng {
    let mut source = ChaCha8Rng::seed_from_u64(plan.seed);
    source.set_stream(u64::from(number) << 8 | u64::from(purpose));
    source
}

/// A number that the whole sample shares, below `end`.
pub(crate) fn shared(plan: Plan, purpose: u32, end: u32) -> u32 {
    source(plan, u32::MAX, purpose).random_range(0..end)
}

/// Any one of a few.
pub(crate) fn any<'a, T: ?Sized>(random: &mut ChaCha8Rng, of: &[&'a T]) -> &'a T {
    of[random.random_range(0..of.len() as u32) as usize]
}
