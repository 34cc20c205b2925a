//! Load as a crowd makes it: signatures that arrive at a rate, whether or not the site keeps up.
//!
//! Each arrival has its instant. When every client is busy it waits, and the wait counts: the latency is from the instant at which the
//! signer came to the answer, so that a site that stalls shows it. Without a rate each client sends its next as soon as it has its
//! answer, which finds what a site can do at most.

mod figures;
mod line;
mod people;

pub use figures::Figures;
pub use people::People;

use crate::failure::Failure;
use figures::Tally;
use line::{Line, Target};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};
use tokio::task::JoinSet;

/// What is to be tried.
#[derive(Debug, Clone)]
pub struct Plan {
    /// `https://redress.example`, without a path.
    pub url: String,
    /// The petition's slug.
    pub petition: String,
    /// Arrivals a second; `None`: as many as there are answers.
    pub rate: Option<f64>,
    /// How many may be on their way at once.
    pub clients: usize,
    /// How long arrivals are counted.
    pub lasts: Duration,
    /// How long arrivals go on before they are counted.
    pub warm_up: Duration,
}

/// Tries it; blocks until the last answer is there. One thread does for all clients: they mostly wait, and the machine that is measured may
/// be this one.
pub fn run(plan: &Plan, people: &Arc<People>) -> Result<Figures, Failure> {
    let crowd = Arc::new(Crowd {
        target: Target::new(&plan.url, &plan.petition)?,
        plan: plan.clone(),
        people: Arc::clone(people),
        next: AtomicU64::new(0),
        begun: Instant::now(),
    });
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .map_err(Failure::failed)?;
    let tallies = runtime.block_on(async {
        let mut clients = JoinSet::new();
        for _ in 0..plan.clients {
            clients.spawn(client(Arc::clone(&crowd)));
        }
        clients.join_all().await
    });
    let tally = tallies.into_iter().fold(Tally::default(), Tally::with);
    Ok(tally.figures(plan))
}

/// What all clients share.
struct Crowd {
    target: Target,
    plan: Plan,
    people: Arc<People>,
    next: AtomicU64,
    begun: Instant,
}

async fn client(crowd: Arc<Crowd>) -> Tally {
    let (plan, begun) = (&crowd.plan, crowd.begun);
    let ends = plan.warm_up + plan.lasts;
    let (mut line, mut tally) = (Line::default(), Tally::default());
    loop {
        let number = crowd.next.fetch_add(1, Ordering::Relaxed);
        let came = match plan.rate {
            Some(rate) => Duration::from_secs_f64(number as f64 / rate),
            None => begun.elapsed(),
        };
        if came >= ends {
            return tally;
        }
        // Who comes early waits for the instant; who is taken late has waited already.
        let early = came.saturating_sub(begun.elapsed());
        if !early.is_zero() {
            tokio::time::sleep(early).await;
        }
        let status = line.sign(&crowd.target, crowd.people.signer(number)).await;
        if came >= plan.warm_up {
            let at = begun.elapsed();
            tally.add(status, at.saturating_sub(came), at);
        }
    }
}
