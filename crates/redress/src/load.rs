//! Load as a crowd makes it: signatures that arrive at a rate, whether or not the site keeps up.
//!
//! Each arrival has its instant. When every client is busy it waits, and the wait counts: the latency is from the instant at which the
//! signer came to the answer, so that a site that stalls shows it. Without a rate each client sends its next as soon as it has its
//! answer, which finds what a site can do at most.

mod figures;
mod people;

pub use figures::Figures;
pub use people::People;

use figures::Tally;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};
use ureq::Agent;

/// How long one answer may take.
const PATIENCE: Duration = Duration::from_secs(30);

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

/// Tries it; blocks until the last answer is there.
pub fn run(plan: &Plan, people: &People) -> Figures {
    let next = AtomicU64::new(0);
    let begun = Instant::now();
    let tallies = std::thread::scope(|scope| {
        let clients: Vec<_> = (0..plan.clients)
            .map(|_| scope.spawn(|| client(plan, people, &next, begun)))
            .collect();
        let ended = clients.into_iter().map(|client| match client.join() {
            Ok(tally) => tally,
            Err(panic) => std::panic::resume_unwind(panic),
        });
        ended.fold(Tally::default(), Tally::with)
    });
    tallies.figures(plan)
}

fn client(plan: &Plan, people: &People, next: &AtomicU64, begun: Instant) -> Tally {
    let agent: Agent = Agent::config_builder()
        .http_status_as_error(false)
        .timeout_global(Some(PATIENCE))
        .build()
        .into();
    let path = format!(
        "{}/api/v1/petitions/{}/signatures",
        plan.url.trim_end_matches('/'),
        plan.petition
    );
    let ends = plan.warm_up + plan.lasts;
    let mut tally = Tally::default();
    loop {
        let number = next.fetch_add(1, Ordering::Relaxed);
        let came = match plan.rate {
            Some(rate) => Duration::from_secs_f64(number as f64 / rate),
            None => begun.elapsed(),
        };
        if came >= ends {
            return tally;
        }
        // Who comes early waits for the instant; who is taken late has waited already.
        std::thread::sleep(came.saturating_sub(begun.elapsed()));
        let status = sign(&agent, &path, &people.signer(number));
        if came >= plan.warm_up {
            tally.add(
                status,
                begun.elapsed().saturating_sub(came),
                begun.elapsed(),
            );
        }
    }
}

/// The status of the answer; `None` when there was none.
fn sign(agent: &Agent, path: &str, body: &str) -> Option<u16> {
    let mut answer = agent
        .post(path)
        .content_type("application/json")
        .send(body)
        .ok()?;
    // A connection is used again only when its answer was read to the end.
    answer.body_mut().read_to_vec().ok()?;
    Some(answer.status().as_u16())
}
