//! One attempt to deliver one letter.

use super::Mode;
use super::assemble::{Ready, Unready};
use super::fence::LetterFence;
use super::pace::Wished;
use super::signs::{is_ours, signs};
use super::turns::Turns;
use crate::address::base32;
use crate::mailer::Mailer;
use crate::reply::Reply;
use crate::reply::class::Class;
use crate::schedule::wait;
use crate::transport::{Ending, Outgoing};
use chrono::{DateTime, Duration, Utc};
use redress_model::delivery::AttemptStage;
use redress_model::delivery::state::DeliveryState;
use redress_storage::breakers::Sign;
use redress_storage::deliveries::{AttemptOutcome, Claimed, LetterWrite, Written};
use redress_storage::{StorageError, StorageResult};
use std::sync::Arc;
use tokio::sync::watch;
use tokio::time::{Instant, sleep};

/// For how long it is believed that no office of a letter has a wish, since the letter was claimed.
const BELIEVED: Duration = Duration::seconds(1);

/// What became of a claimed letter.
#[derive(Debug)]
pub(crate) enum Became {
    /// It stands somewhere, durably.
    Stands {
        /// Where.
        state: DeliveryState,
        /// Whether nobody was there to speak to.
        is_untried: bool,
        /// Whose breaker opened by it, and how.
        opened: Option<(String, Sign)>,
    },
    /// It went back to the queue from its fence.
    Returned,
    /// It went back to the queue before its turn: its servers are in trouble by now.
    PutBack,
    /// It went back to the queue, and so would every other: the trouble is between the relay and us.
    Barred,
    /// Somebody else has it.
    Lost,
    /// Storage failed; the letter went back if it could.
    Trouble(StorageError),
}

/// Under what a letter is put to work.
pub(super) struct Course {
    /// For how long letters are carried.
    pub(super) mode: Mode,
    /// The order to stop.
    pub(super) stop: watch::Receiver<bool>,
    /// Whose turn it is.
    pub(super) turns: Arc<Turns>,
    /// When it was put to work.
    pub(super) begun: Instant,
}

/// What is to be written down.
struct Verdict {
    state: DeliveryState,
    stage: AttemptStage,
    reply: Reply,
    due_at: Option<DateTime<Utc>>,
}

/// Whether what the offices wish for must be read: they said something, or could have since.
fn is_wish_unknown(claimed: &Claimed, now: DateTime<Utc>) -> bool {
    let claimed_at = claimed.delivery.changed_at;
    claimed.has_wish || now < claimed_at || now - claimed_at > BELIEVED
}

impl Mailer {
    /// Carries one claimed letter as far as it goes.
    pub(super) async fn attempt(&self, claimed: Claimed, course: Course) -> Became {
        let delivery = &claimed.delivery;
        let now = self.now();
        if is_wish_unknown(&claimed, now) {
            match self.wished(delivery, now).await {
                Ok(Wished::Now) => {}
                Ok(Wished::At(next_at)) => return self.postpone(&claimed, next_at).await,
                Ok(Wished::Never) => return self.suppress(&claimed).await,
                Ok(Wished::Apart) => return self.part(&claimed).await,
                Err(error) => return self.trouble(&claimed, error).await,
            }
        }
        if course.mode == Mode::Serve {
            match self.allowed_at(delivery, now).await {
                Ok(Some(allowed_at)) if allowed_at > now => {
                    return self.postpone(&claimed, allowed_at).await;
                }
                Ok(Some(_)) => {}
                Ok(None) => return self.hold(&claimed, "its petition is gone").await,
                Err(error) => return self.trouble(&claimed, error).await,
            }
        }
        // Never closed.
        let _room = self.room(&claimed).await;
        let ready = match self.make_ready(&claimed).await {
            Ok(ready) => ready,
            Err(Unready::Poisoned(why)) => return self.hold(&claimed, why).await,
            Err(Unready::Unaddressed) => return self.refuse(&claimed).await,
            Err(Unready::Storage(error)) => return self.trouble(&claimed, error).await,
        };
        if !ready.is_settled {
            let envelope = Written::Envelope(ready.envelope.clone(), self.now());
            match self.write_of(&claimed, envelope).await {
                Ok(true) => {}
                Ok(false) => return Became::Lost,
                Err(error) => return self.trouble(&claimed, error).await,
            }
        }
        self.carry_over(&claimed, &ready, course).await
    }

    /// Sends when it is the letter's turn, unless the order to stop comes before the fence, or a breaker opened meanwhile.
    async fn carry_over(&self, claimed: &Claimed, ready: &Ready, course: Course) -> Became {
        let id = claimed.delivery.id;
        let envelope_id = base32::write(id.0.as_bytes());
        let message = Outgoing {
            sender: &ready.sender,
            recipient: &ready.envelope.recipient,
            bytes: &ready.bytes,
            envelope_id: Some(&envelope_id),
        };
        let fence = LetterFence::new(self, id, claimed.token);
        let way = self.way_of(claimed);
        let Course {
            mode,
            mut stop,
            turns,
            begun,
        } = course;
        let stopped = async {
            // Draining is never told to stop: its sender stays silent.
            if stop.wait_for(|is_stopping| *is_stopping).await.is_err() || !fence.give_up() {
                std::future::pending::<()>().await;
            }
        };
        let sent = async {
            let turn = turns.wait(&way.domain).await;
            // Never closed.
            let _session = self.session().await;
            if turns.is_shut(&way, begun, mode) {
                return None;
            }
            Some((self.transport().send(&message, &fence).await, Some(turn)))
        };
        let ended = tokio::select! {
            biased;
            ended = sent => ended,
            () = stopped => Some((Ending::Fenced, None)),
        };
        let Some((ending, turn)) = ended else {
            return match self.return_lease(claimed).await {
                Became::Returned => Became::PutBack,
                other => other,
            };
        };
        // The next one goes while this one is written down; after anything but success it first hears of it.
        let turn = turn.filter(|_| !matches!(ending, Ending::Accepted(_)));
        let told = signs(&way, &ending);
        if is_ours(&ending) {
            // No letter was tried: none is counted as tried, and none is held for a person.
            self.record_signs(told).await;
            return match self.return_lease(claimed).await {
                Became::Returned => Became::Barred,
                other => other,
            };
        }
        let became = match self.judge(claimed, ending) {
            Some(verdict) => {
                let mut became = self.settle(claimed, verdict).await;
                let by_it = self.record_signs(told).await;
                if let Some((name, sign)) = &by_it {
                    turns.hear(name, *sign);
                }
                if let Became::Stands { opened, .. } = &mut became {
                    *opened = by_it;
                }
                became
            }
            None => self.return_lease(claimed).await,
        };
        drop(turn);
        became
    }

    /// What an ending means; `None` for a letter that was held back at the fence.
    fn judge(&self, claimed: &Claimed, ending: Ending) -> Option<Verdict> {
        let tries = claimed.delivery.attempts;
        let due_at = |class: Class| {
            let is_deferred = class.state() == DeliveryState::Deferred;
            is_deferred.then(|| self.now() + wait(class, tries, self.chance()))
        };
        let verdict = |class: Class, stage, reply| Verdict {
            state: class.state(),
            stage,
            reply,
            due_at: due_at(class),
        };
        Some(match ending {
            Ending::Accepted(reply) => Verdict {
                state: DeliveryState::Accepted,
                stage: AttemptStage::Dot,
                reply,
                due_at: None,
            },
            Ending::Refused {
                stage,
                reply,
                class,
                ..
            } => verdict(class, stage, reply),
            Ending::Broken { stage, failure } => {
                verdict(Class::DomainTrouble, stage, Reply::ours(&failure))
            }
            Ending::Silent { failure } => {
                verdict(Class::Uncertain, AttemptStage::Dot, Reply::ours(&failure))
            }
            Ending::Fenced => return None,
        })
    }

    async fn hold(&self, claimed: &Claimed, why: &'static str) -> Became {
        tracing::error!(delivery.id = %claimed.delivery.id, reason = why, "a letter is held");
        let verdict = Verdict {
            state: DeliveryState::Held,
            stage: AttemptStage::Connect,
            reply: Reply::ours(why),
            due_at: None,
        };
        self.settle(claimed, verdict).await
    }

    async fn refuse(&self, claimed: &Claimed) -> Became {
        let verdict = Verdict {
            state: DeliveryState::Refused,
            stage: AttemptStage::Recipient,
            reply: Reply::ours("the contact is no e-mail address"),
            due_at: None,
        };
        self.settle(claimed, verdict).await
    }

    /// Puts a letter off that may not go yet. That is no try.
    async fn postpone(&self, claimed: &Claimed, due_at: DateTime<Utc>) -> Became {
        let deliveries = &self.store().deliveries;
        let postponed = deliveries
            .postpone_delivery(claimed.delivery.id, claimed.token, due_at, self.now())
            .await;
        match postponed {
            Ok(true) => Became::Stands {
                state: DeliveryState::Deferred,
                is_untried: false,
                opened: None,
            },
            Ok(false) => Became::Lost,
            Err(error) => self.trouble(claimed, error).await,
        }
    }

    /// Puts a letter aside that its office does not wish for, since it was queued.
    async fn suppress(&self, claimed: &Claimed) -> Became {
        let wishes = &self.store().office_wishes;
        let suppressed = wishes
            .suppress_claimed(claimed.delivery.id, claimed.token, self.now())
            .await;
        match suppressed {
            Ok(true) => Became::Stands {
                state: DeliveryState::Suppressed,
                is_untried: false,
                opened: None,
            },
            Ok(false) => Became::Lost,
            Err(error) => self.trouble(claimed, error).await,
        }
    }

    /// Takes a letter to several apart, one of whom has closed since it was queued: their own go instead.
    async fn part(&self, claimed: &Claimed) -> Became {
        let wishes = &self.store().office_wishes;
        let parted = wishes
            .part_claimed(claimed.delivery.id, claimed.token, self.now())
            .await;
        match parted {
            Ok(true) => Became::Stands {
                state: DeliveryState::Queued,
                is_untried: false,
                opened: None,
            },
            Ok(false) => Became::Lost,
            Err(error) => self.trouble(claimed, error).await,
        }
    }

    /// Writes down what became of a try. It is tried as long as the lease lasts: after the dot it is the one thing that keeps a
    /// letter from being called uncertain.
    async fn settle(&self, claimed: &Claimed, verdict: Verdict) -> Became {
        let id = claimed.delivery.id;
        let (state, reply) = (verdict.state, verdict.reply);
        let is_untried = reply.code == 0
            && matches!(
                verdict.stage,
                AttemptStage::Connect | AttemptStage::Greet | AttemptStage::Secure
            )
            && state == DeliveryState::Deferred;
        let queue_id = reply
            .queue_id()
            .filter(|_| state == DeliveryState::Accepted);
        tracing::info!(
            delivery.id = %id,
            delivery.state = state.as_str(),
            attempt.stage = verdict.stage.as_str(),
            reply.code = reply.code,
            "an attempt ended"
        );
        let outcome = AttemptOutcome {
            state,
            stage: verdict.stage,
            reply: Some((reply.code, reply.text)),
            queue_id,
            due_at: verdict.due_at,
            at: self.now(),
        };
        let mut pause = std::time::Duration::from_millis(50);
        for _ in 0..12 {
            let written = Written::Outcome(outcome.clone());
            match self.write_of(claimed, written).await {
                Ok(true) => {
                    return Became::Stands {
                        state,
                        is_untried,
                        opened: None,
                    };
                }
                Ok(false) => {
                    tracing::warn!(delivery.id = %id, delivery.state = state.as_str(), "an outcome came too late");
                    return Became::Lost;
                }
                Err(error) if error.is_passing() => {
                    tracing::warn!(delivery.id = %id, error = %error, "an outcome waits for storage");
                    sleep(pause).await;
                    pause = (pause * 2).min(std::time::Duration::from_secs(30));
                }
                Err(error) => return Became::Trouble(error),
            }
        }
        Became::Lost
    }

    async fn write_of(&self, claimed: &Claimed, what: Written) -> StorageResult<bool> {
        let write = LetterWrite {
            id: claimed.delivery.id,
            token: claimed.token,
            what,
        };
        self.write(write).await
    }

    /// Puts a letter back as if it had not been taken.
    pub(super) async fn return_lease(&self, claimed: &Claimed) -> Became {
        let deliveries = &self.store().deliveries;
        let returned = deliveries
            .return_lease(claimed.delivery.id, claimed.token, self.now())
            .await;
        match returned {
            Ok(true) => Became::Returned,
            // An intent that is on record stays: nobody knows better than storage.
            Ok(false) => Became::Lost,
            Err(error) => Became::Trouble(error),
        }
    }

    async fn trouble(&self, claimed: &Claimed, error: StorageError) -> Became {
        if !error.is_passing() {
            return self.hold(claimed, "storage does not give the letter").await;
        }
        // When this fails too the lease runs out by itself.
        let _ = self.return_lease(claimed).await;
        Became::Trouble(error)
    }
}
