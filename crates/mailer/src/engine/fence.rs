//! The fence of a letter: past it the letter may have arrived.

use crate::mailer::Mailer;
use crate::transport::Fence;
use async_trait::async_trait;
use redress_model::id::DeliveryId;
use redress_storage::deliveries::{LetterWrite, Written};
use std::sync::atomic::{AtomicU8, Ordering};
use uuid::Uuid;

const BEFORE: u8 = 0;
const PASSING: u8 = 1;
const GIVEN_UP: u8 = 2;

/// Commits the intent before it lets the dot pass. Whoever comes first decides: the attempt that wants to pass, or the order to
/// give up.
pub(super) struct LetterFence<'a> {
    mailer: &'a Mailer,
    id: DeliveryId,
    token: Uuid,
    state: AtomicU8,
}

impl<'a> LetterFence<'a> {
    pub(super) fn new(mailer: &'a Mailer, id: DeliveryId, token: Uuid) -> Self {
        Self {
            mailer,
            id,
            token,
            state: AtomicU8::new(BEFORE),
        }
    }

    /// Shuts it, unless the attempt is passing: `false` then.
    pub(super) fn give_up(&self) -> bool {
        self.turn(GIVEN_UP)
    }

    fn turn(&self, to: u8) -> bool {
        self.state
            .compare_exchange(BEFORE, to, Ordering::SeqCst, Ordering::SeqCst)
            .is_ok()
    }
}

#[async_trait]
impl Fence for LetterFence<'_> {
    async fn may_pass(&self) -> bool {
        if !self.turn(PASSING) {
            return false;
        }
        let intent = LetterWrite {
            id: self.id,
            token: self.token,
            what: Written::Intent(self.mailer.now()),
        };
        match self.mailer.write(intent).await {
            Ok(is_mine) => is_mine,
            Err(error) => {
                // It may be on record all the same. Then the delivery becomes uncertain, which is less than a lie.
                tracing::warn!(delivery.id = %self.id, error = %error, "an intent was not recorded");
                false
            }
        }
    }
}
