//! Second opinions on what is looked up, where the operator has switched providers on. Signing asks
//! nobody.

use crate::civics::Civics;
use crate::signing;
use crate::state::AppState;
use chrono::NaiveDate;
use redress_civics::parse::Input;
use redress_civics::providers::second_opinion::claims;
use redress_civics::providers::{Opinion, Panel, ProviderError, Query};
use redress_model::resolution::Resolution;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::Semaphore;
use tokio::task::spawn_blocking;

/// Questions that wait for an answer at once; each holds a thread. Further ones are not asked.
const MOST_ASKED: usize = 16;

/// What a thread may need beyond the deadlines of those it asks.
const GRACE: Duration = Duration::from_millis(250);

/// The providers that are on.
pub(crate) struct Advisers {
    panel: Arc<Panel>,
    room: Arc<Semaphore>,
}

impl Advisers {
    pub(crate) fn new(panel: Panel) -> Self {
        Self {
            panel: Arc::new(panel),
            room: Arc::new(Semaphore::new(MOST_ASKED)),
        }
    }

    /// Who they are, as people are told.
    pub(crate) fn labels(&self) -> String {
        let labels = self.panel.labels();
        match labels.split_last() {
            Some((last, rest)) if !rest.is_empty() => format!("{} and {last}", rest.join(", ")),
            _ => labels.concat(),
        }
    }

    /// Asks off the threads that serve requests, and waits no longer than the deadline.
    async fn ask(&self, query: Query) -> Vec<Opinion> {
        let Ok(permit) = Arc::clone(&self.room).try_acquire_owned() else {
            return self.panel.silence(&ProviderError::Busy);
        };
        let panel = Arc::clone(&self.panel);
        let asked = spawn_blocking(move || {
            let opinions = panel.ask(&query);
            // A question that nobody waits for any more still takes its room.
            drop(permit);
            opinions
        });
        match tokio::time::timeout(self.panel.deadline() + GRACE, asked).await {
            Ok(Ok(opinions)) => opinions,
            _ => self.panel.silence(&ProviderError::Late),
        }
    }
}

/// An answer, before and after what others say of it.
pub(crate) struct Heard {
    /// The pack's own, by which a signature would be counted.
    pub own: Resolution,
    /// The same, less sure where somebody disagrees.
    pub heard: Resolution,
}

/// The answer for an address on a day, with second opinions where there are any. An answer that
/// claims nothing is not asked about: its address need not leave.
pub(crate) async fn resolve(state: &AppState, input: &Input<'_>, on: NaiveDate) -> Heard {
    let own = signing::resolve(state, input, on);
    let civics: Arc<Civics> = state.civics();
    let Some(advisers) = civics.advisers().filter(|_| claims(own.level)) else {
        return Heard {
            heard: own.clone(),
            own,
        };
    };
    let opinions = advisers.ask(Query::new(input)).await;
    for opinion in &opinions {
        if let Err(error) = &opinion.divisions {
            let provider = opinion.provider.as_str();
            tracing::warn!(provider.name = provider, error = %error, "no second opinion");
        }
    }
    Heard {
        heard: civics.weigh(own.clone(), &opinions),
        own,
    }
}
