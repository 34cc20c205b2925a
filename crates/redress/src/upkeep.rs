//! Timers: reminders, expiry, thresholds, what time moves. Each round is safe beside another's.

use crate::carrier::failure;
use crate::config::UpkeepConfig;
use crate::failure::Failure;
use crate::machine::{SystemClock, random};
use chrono::{DateTime, Duration, Utc};
use redress_mailer::Mailer;
use redress_model::batch::BatchState;
use redress_model::clock::Clock;
use redress_model::geoid::Geoid;
use redress_model::petition::Petition;
use redress_model::petition::state::PetitionState;
use redress_storage::signatures::EraseOutcome;
use redress_storage::{StorageResult, Store};
use serde::Serialize;
use std::future::Future;

/// Rows changed in one transaction.
const PAGE: u32 = 500;

/// A jurisdiction gets a batch by threshold at most this often: an office is written to once a day.
const BETWEEN_BATCHES: Duration = Duration::hours(24);

/// What one round did.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct Round {
    /// Signatures that waited too long for their click.
    pub expired: u64,
    /// Signers who were looked at for a reminder.
    pub reminded: u64,
    /// Sessions that were over.
    pub sessions: u64,
    /// Batches frozen by a threshold.
    pub frozen: u64,
    /// Deliveries that time moved.
    pub moved: u64,
    /// Signatures whose retention was over: their personal fields are erased, the counts stay.
    pub forgotten: u64,
    /// Attachments that no letter needs any more.
    pub attachments: u64,
    /// Keys of submissions that stood for a day.
    pub keys: u64,
    /// Counts of who came, and salts of clients' hashes, whose day is over.
    pub arrivals: u64,
}

/// One round of all timers.
pub async fn round(
    store: &Store,
    mailer: &Mailer,
    config: &UpkeepConfig,
) -> Result<Round, Failure> {
    let at = SystemClock.now();
    let mut round = Round {
        sessions: store
            .accounts
            .end_expired_sessions(at)
            .await
            .map_err(Failure::failed)?,
        ..Round::default()
    };
    loop {
        let erased = store.signatures.erase_expired(at, PAGE).await;
        let erased = erased.map_err(Failure::failed)?;
        round.expired += u64::from(erased);
        if erased < PAGE {
            break;
        }
    }
    let signed_before_at = at - Duration::hours(config.remind_after_hours);
    loop {
        let looked_at = store
            .signatures
            .remind(signed_before_at, at, PAGE, &mut random())
            .await
            .map_err(Failure::failed)?;
        round.reminded += u64::from(looked_at);
        if looked_at < PAGE {
            break;
        }
    }
    round.frozen = freeze_due(store, mailer).await?;
    let moved = store.deliveries.recover_deliveries(at).await;
    let moved = moved.map_err(Failure::failed)?;
    round.moved = [
        moved.requeued,
        moved.uncertain,
        moved.due,
        moved.expired,
        moved.presumed,
    ]
    .into_iter()
    .map(u64::from)
    .sum();
    round.forgotten = forget(store, at).await?;
    let dropped = store.batches.drop_attachments(at, PAGE).await;
    round.attachments = u64::from(dropped.map_err(Failure::failed)?);
    loop {
        let erased = store.submission_keys.erase_submission_keys(at, PAGE).await;
        let erased = erased.map_err(Failure::failed)?;
        round.keys += u64::from(erased);
        if erased < PAGE {
            break;
        }
    }
    round.arrivals = forget_clients(store, at).await.map_err(Failure::failed)?;
    Ok(round)
}

/// Who came how often is of use for a day; the salt under which a day's clients are hashed goes with the day, proofs and permits when they are over.
async fn forget_clients(store: &Store, at: DateTime<Utc>) -> StorageResult<u64> {
    let salts = store.abuse.erase_salts(at.date_naive()).await?;
    let arrivals = store.abuse.erase_arrivals(at - Duration::hours(25)).await?;
    let proofs = store.proofs.erase_proofs(at).await?;
    Ok(salts + arrivals + proofs)
}

/// Rounds until `stop` is ready. A round that fails is told of and tried again with the next.
pub async fn run(
    store: &Store,
    mailer: &Mailer,
    config: &UpkeepConfig,
    stop: impl Future<Output = ()>,
) {
    let every = std::time::Duration::from_secs(config.every_seconds.max(1));
    let rounds = async {
        loop {
            if let Err(error) = round(store, mailer, config).await {
                eprintln!("redress: upkeep: {error}");
            }
            tokio::time::sleep(every).await;
        }
    };
    tokio::select! {
        () = rounds => {}
        () = stop => {}
    }
}

/// Erases what was kept long enough: after delivery, and what no batch ever held. A round that is cut short goes on with the
/// next.
async fn forget(store: &Store, at: DateTime<Utc>) -> Result<u64, Failure> {
    let mut forgotten = 0;
    loop {
        let mut over = store
            .batches
            .list_past_retention(at, PAGE)
            .await
            .map_err(Failure::failed)?;
        let left = store.signatures.list_left_over(at, PAGE).await;
        over.extend(left.map_err(Failure::failed)?);
        if over.is_empty() {
            return Ok(forgotten);
        }
        for id in over {
            let erased = store.signatures.forget(id, at).await;
            // Of two rounds at once each counts what it erased itself.
            if let EraseOutcome::Erased { .. } = erased.map_err(Failure::failed)? {
                forgotten += 1;
            }
        }
    }
}

/// Freezes jurisdictions whose new signatures have reached their petition's threshold, unless the
/// last batch waits for a decision or is younger than a day.
async fn freeze_due(store: &Store, mailer: &Mailer) -> Result<u64, Failure> {
    let states = [
        PetitionState::Open,
        PetitionState::Paused,
        PetitionState::Closed,
    ];
    let (mut frozen, mut after) = (0, None);
    loop {
        let petitions = store
            .petitions
            .list_petitions(None, &states, after, PAGE)
            .await
            .map_err(Failure::failed)?;
        let Some(last) = petitions.last() else {
            return Ok(frozen);
        };
        after = Some(last.id);
        for petition in &petitions {
            let counts = store.batches.count_unbatched(petition.id).await;
            for (geoid, count) in counts.map_err(Failure::failed)? {
                let is_due = count >= u64::from(petition.terms.threshold)
                    && !has_fresh_batch(store, petition, &geoid).await?;
                if is_due {
                    let numbers = mailer.freeze(petition.id, &geoid).await;
                    frozen += numbers.map_err(failure)?.len() as u64;
                }
            }
        }
    }
}

async fn has_fresh_batch(
    store: &Store,
    petition: &Petition,
    geoid: &Geoid,
) -> Result<bool, Failure> {
    let mut after = 0;
    let since_at = SystemClock.now() - BETWEEN_BATCHES;
    loop {
        let batches = store
            .batches
            .list_batches(petition.id, Some(geoid), None, after, PAGE)
            .await
            .map_err(Failure::failed)?;
        let Some(last) = batches.last() else {
            return Ok(false);
        };
        after = last.number;
        let is_fresh = batches.iter().any(|batch| match batch.state {
            BatchState::Frozen => true,
            BatchState::Approved => batch.frozen_at > since_at,
            BatchState::Cancelled => false,
        });
        if is_fresh {
            return Ok(true);
        }
    }
}
