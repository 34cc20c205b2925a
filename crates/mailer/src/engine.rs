//! The delivery engine: claims letters under leases, carries each through one attempt, and writes down what became of it.

mod assemble;
mod attempt;
mod busy;
mod fence;
mod pace;
mod routes;
mod signs;
mod turns;
mod write;

pub(crate) use assemble::{Unready, unsigned_form};
pub(crate) use write::Writes;

use crate::error::MailerError;
use crate::mailer::Mailer;
use attempt::{Became, Course};
use busy::Busy;
use chrono::Duration;
use redress_model::delivery::state::DeliveryState;
use redress_model::id::DeliveryId;
use redress_storage::StorageError;
use redress_storage::breakers::{Heed, RELAY, Sign};
use redress_storage::deliveries::{Claimed, Claiming};
use signs::Way;
use std::collections::{BTreeMap, HashSet, VecDeque};
use std::future::Future;
use std::pin::pin;
use std::sync::Arc;
use tokio::sync::watch;
use tokio::task::{Id, JoinError, JoinSet};
use tokio::time::{Instant, sleep};
use turns::Turns;

/// How many letters wait to be put to work, for each session: letters to one domain go one after another, and others must not wait for them.
const AHEAD: usize = 8;

/// How many letters are made ready, on their way or written down, for each session: while one waits for a commit another has the connection, and
/// the more wait, the less each of them costs.
const AT_WORK: usize = 5;

/// How many letters to one domain are at work: one has its turn, the others are made ready or written down.
const OF_DOMAIN: usize = 4;

/// How often what time moves is moved while there are letters enough.
const TIDY: std::time::Duration = std::time::Duration::from_secs(1);

/// How often storage may fail in a row before draining gives up.
const MOST_TROUBLES: u32 = 8;

/// What became of the letters that were tried.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Carried {
    /// Where they stand now.
    pub states: BTreeMap<DeliveryState, u64>,
    /// Of these, how many found nobody to speak to: the relay did not answer.
    pub untried: u64,
    /// How many another process has by now, or settles by what it knows.
    pub lost: u64,
    /// How many went back to the queue untouched.
    pub returned: u64,
    /// How many were due when it ended and stay so: their domain, or the relay, blocks us.
    pub left: u64,
}

impl Carried {
    /// How many stand in a state.
    pub fn count(&self, state: DeliveryState) -> u64 {
        self.states.get(&state).copied().unwrap_or_default()
    }

    fn add(&mut self, became: &Became) {
        match became {
            Became::Stands {
                state, is_untried, ..
            } => {
                *self.states.entry(*state).or_default() += 1;
                self.untried += u64::from(*is_untried);
            }
            Became::Lost => self.lost += 1,
            Became::Returned | Became::PutBack | Became::Barred | Became::Trouble(_) => {
                self.returned += 1;
            }
        }
    }
}

/// For how long the engine carries.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Mode {
    /// Until nothing is due, whatever the hour.
    Drain,
    /// Until it is told to stop, at the officials' pace.
    Serve,
}

/// A claimed letter that waits to be put to work, and where it goes.
struct Held {
    claimed: Claimed,
    way: Way,
}

/// What became of a claim.
type Joined = Result<Result<Vec<Held>, StorageError>, JoinError>;

/// Takes letters that are due, under a lease, as many as there is room for.
async fn claim(mailer: Mailer, mode: Mode, room: usize) -> Result<Vec<Held>, StorageError> {
    let at = mailer.now();
    let timeouts = mailer.settings().timeouts;
    let lease = Duration::from_std(timeouts.lease()).unwrap_or(Duration::hours(1));
    let breakers = mailer.store().breakers.list_breakers().await?;
    *mailer.troubled() = breakers.into_iter().map(|breaker| breaker.name).collect();
    // Whoever drains the queue has looked at it: what is in trouble is tried, what blocks us is not.
    let pace = mailer.settings().pace;
    let by = match mode {
        Mode::Drain => Heed::BlocksAlone.into(),
        Mode::Serve => Claiming {
            heed: Heed::All,
            at_once: Some(pace.at_once).filter(|most| *most > 0),
            a_minute: Some(pace.a_minute).filter(|most| *most > 0),
        },
    };
    let room = u32::try_from(room).unwrap_or(u32::MAX);
    let token = mailer.new_token();
    let deliveries = &mailer.store().deliveries;
    let mut claimed = deliveries
        .claim_deliveries(at, at + lease, token, room, by)
        .await?;
    mailer.find_groups(&mut claimed).await;
    let held = claimed.into_iter().map(|claimed| Held {
        way: mailer.way_of(&claimed),
        claimed,
    });
    Ok(held.collect())
}

/// What one run holds.
struct Run<'a> {
    mailer: &'a Mailer,
    mode: Mode,
    stop: watch::Receiver<bool>,
    /// Whoever writes what attempts have to say: as long as the run lasts.
    writing: JoinSet<()>,
    waiting: VecDeque<Held>,
    running: JoinSet<Became>,
    busy: Busy,
    turns: Arc<Turns>,
    /// How many were held after the last claim.
    filled: usize,
    /// When that was.
    looked_at: Option<Instant>,
    /// What is being claimed, one claim at a time, and how many letters at most.
    claiming: JoinSet<Result<Vec<Held>, StorageError>>,
    room: usize,
    /// Whether the last claim gave nothing while nothing was held.
    is_dry: bool,
    /// Whether the last claim gave as many as it was asked for, so that there are more.
    is_full: bool,
    /// When what time moves was last moved.
    tidied_at: Option<Instant>,
    carried: Carried,
    troubles: u32,
    /// Letters in a row that came back from their fence.
    turned_back: u32,
    /// Whether the relay and we are at odds: draining ends.
    is_barred: bool,
    /// Letters that are too large and cannot be written smaller.
    hopeless: HashSet<DeliveryId>,
}

impl Mailer {
    /// Sends every letter that is queued and whose time has come, whatever the hour and the pace, and ends. Fails when storage
    /// does again and again.
    pub async fn drain_letters(&self) -> Result<Carried, MailerError> {
        let (_stop, stopped) = watch::channel(false);
        let carried = Run::new(self, Mode::Drain, stopped).carry().await;
        self.transport().rest().await;
        let mut carried = carried?;
        let due = self.store().deliveries.count_due(self.now()).await?;
        carried.left = due.saturating_sub(carried.returned);
        Ok(carried)
    }

    /// Sends letters at the officials' pace until `stop` is ready. Then nothing is claimed any more, what has passed its intent
    /// is awaited, and the rest goes back to the queue.
    pub async fn run_letters(
        &self,
        stop: impl Future<Output = ()>,
    ) -> Result<Carried, MailerError> {
        let (order, stopped) = watch::channel(false);
        let mut stop = pin!(stop);
        let mut carry = pin!(Run::new(self, Mode::Serve, stopped).carry());
        let carried = tokio::select! {
            carried = &mut carry => carried,
            () = &mut stop => {
                order.send_replace(true);
                carry.await
            }
        };
        self.transport().rest().await;
        carried
    }
}

impl<'a> Run<'a> {
    fn new(mailer: &'a Mailer, mode: Mode, stop: watch::Receiver<bool>) -> Self {
        let mut writing = JoinSet::new();
        writing.spawn(mailer.clone().write_for_all());
        Self {
            writing,
            mailer,
            mode,
            stop,
            waiting: VecDeque::new(),
            running: JoinSet::new(),
            busy: Busy::default(),
            turns: Arc::default(),
            filled: 0,
            looked_at: None,
            claiming: JoinSet::new(),
            room: 0,
            is_dry: false,
            is_full: false,
            tidied_at: None,
            carried: Carried::default(),
            troubles: 0,
            turned_back: 0,
            is_barred: false,
            hopeless: HashSet::new(),
        }
    }

    async fn carry(mut self) -> Result<Carried, MailerError> {
        loop {
            if self.takes_nothing_more() {
                self.return_waiting().await;
            } else if let Err(error) = self.look().await {
                self.bear(error).await?;
            }
            self.start();
            if !self.running.is_empty() || !self.claiming.is_empty() {
                self.go_on().await?;
            } else if self.takes_nothing_more() || (self.mode == Mode::Drain && self.troubles == 0)
            {
                return Ok(self.carried);
            } else {
                self.rest().await;
            }
        }
    }

    /// Whether it was told to stop, or drains letters that come back from their fence again and again, or all of them from the relay.
    fn takes_nothing_more(&self) -> bool {
        let has_had_enough = self.is_barred || self.turned_back >= MOST_TROUBLES;
        *self.stop.borrow() || (self.mode == Mode::Drain && has_had_enough)
    }

    /// Begins to take what is due, as much as sessions are about to carry. Letters go on meanwhile.
    async fn look(&mut self) -> Result<(), StorageError> {
        let most = self.mailer.settings().sessions * AHEAD;
        let held = self.waiting.len() + self.running.len();
        // A claim is a durable write: one for every letter would cost more than the letters, also where only some may be had at once. But one slow
        // server keeps no others waiting for longer than a look at an empty queue.
        let poll = std::time::Duration::from_secs(self.mailer.settings().poll_seconds.max(1));
        let was_just_there = self.looked_at.is_some_and(|at| at.elapsed() < poll);
        let has_enough = self.waiting.len() * 2 > most;
        let has_most = was_just_there && !self.is_full && held > 0 && held * 2 > self.filled;
        // What came to its end by now is claimed no more, and ends the run that drains.
        if !self.claiming.is_empty() || has_enough || has_most || self.is_dry {
            return Ok(());
        }
        if !self.is_full || self.tidied_at.is_none_or(|at| at.elapsed() >= TIDY) {
            self.tidy().await?;
        }
        self.room = most - self.waiting.len();
        let claim = claim(self.mailer.clone(), self.mode, self.room);
        self.claiming.spawn(claim);
        Ok(())
    }

    /// Takes what was claimed.
    async fn take(&mut self, claimed: Joined) -> Result<(), MailerError> {
        match claimed {
            Ok(Ok(held)) => {
                self.is_full = held.len() >= self.room;
                self.is_dry = held.is_empty() && self.running.is_empty() && self.waiting.is_empty();
                self.waiting.extend(held);
                self.filled = self.waiting.len() + self.running.len();
                self.looked_at = Some(Instant::now());
                self.troubles = 0;
                Ok(())
            }
            Ok(Err(error)) => self.bear(error).await,
            Err(error) => {
                // A mistake in the program: the leases run out by themselves.
                tracing::error!(error = %error, "a claim ended in a panic");
                let ended = StorageError::Busy("a claim ended in a panic".into());
                self.bear(ended).await
            }
        }
    }

    /// Moves what time moves, and writes smaller what was too large.
    async fn tidy(&mut self) -> Result<(), StorageError> {
        let deliveries = &self.mailer.store().deliveries;
        let recovered = deliveries.recover_deliveries(self.mailer.now()).await?;
        if recovered.requeued + recovered.uncertain + recovered.expired > 0 {
            tracing::warn!(
                delivery.requeued = recovered.requeued,
                delivery.uncertain = recovered.uncertain,
                delivery.expired = recovered.expired,
                "deliveries without an owner were settled"
            );
        }
        self.mailer.send_smaller(&mut self.hopeless).await?;
        self.tidied_at = Some(Instant::now());
        Ok(())
    }

    /// Puts letters to work, few to each domain, and to no group of servers more than it may have.
    fn start(&mut self) {
        let most = match self.mailer.settings().pace.at_once {
            0 => usize::MAX,
            most => most as usize,
        };
        let mut next = 0;
        while self.running.len() < self.mailer.settings().sessions * AT_WORK
            && let Some(held) = self.waiting.get(next)
        {
            let (of_domain, of_group) = self.busy.count(&held.way);
            if of_domain >= OF_DOMAIN || of_group >= most {
                next += 1;
                continue;
            }
            let Some(Held { claimed, way }) = self.waiting.remove(next) else {
                return;
            };
            let course = Course {
                mode: self.mode,
                stop: self.stop.clone(),
                turns: Arc::clone(&self.turns),
                begun: Instant::now(),
            };
            let mailer = self.mailer.clone();
            let task = async move { mailer.attempt(claimed, course).await };
            let id = self.running.spawn(task).id();
            self.busy.insert(id, way);
        }
    }

    /// Waits for attempts to end, for what is being claimed, or for the order to stop.
    async fn go_on(&mut self) -> Result<(), MailerError> {
        let is_stopping = *self.stop.borrow();
        let poll = std::time::Duration::from_secs(self.mailer.settings().poll_seconds.max(1));
        let mut joined = tokio::select! {
            Some(joined) = self.running.join_next_with_id() => Some(joined),
            Some(_) = self.writing.join_next() => {
                // A mistake in the program: who waited was told to come again.
                tracing::error!("the writer ended in a panic");
                self.writing.spawn(self.mailer.clone().write_for_all());
                return Ok(());
            }
            Some(claimed) = self.claiming.join_next() => return self.take(claimed).await,
            _ = self.stop.changed(), if !is_stopping && self.mode == Mode::Serve => return Ok(()),
            // One slow server does not keep letters to others from being claimed.
            () = sleep(poll), if !is_stopping && self.mode == Mode::Serve => return Ok(()),
            else => None,
        };
        let troubles = self.troubles;
        while let Some(one) = joined {
            match one {
                // All who were at work found storage in the same trouble: it is waited out once.
                Ok((id, ref became @ Became::Trouble(ref error)))
                    if self.troubles > troubles && error.is_passing() =>
                {
                    self.busy.remove(id);
                    self.carried.add(became);
                }
                other => self.finish(other).await?,
            }
            joined = self.running.try_join_next_with_id();
        }
        Ok(())
    }

    /// What becomes of the rest by what became of one.
    async fn finish(&mut self, joined: Result<(Id, Became), JoinError>) -> Result<(), MailerError> {
        match joined {
            Ok((id, became)) => {
                self.busy.remove(id);
                self.carried.add(&became);
                match became {
                    Became::Trouble(error) => self.bear(error).await?,
                    Became::Returned => self.turn_back().await,
                    Became::Barred => {
                        self.is_barred = true;
                        self.return_those_of(RELAY).await;
                    }
                    // Whoever drains heeds blocks alone.
                    Became::Stands {
                        opened: Some((name, sign)),
                        ..
                    } if self.mode == Mode::Serve || sign == Sign::Blocked => {
                        self.return_those_of(&name).await;
                    }
                    Became::Stands { .. } | Became::PutBack | Became::Lost => self.turned_back = 0,
                }
            }
            Err(error) => {
                // A mistake in the program ended one attempt: its lease runs out, and the others go on.
                self.busy.remove(error.id());
                self.carried.lost += 1;
                tracing::error!("an attempt ended in a panic");
            }
        }
        Ok(())
    }

    /// Storage failed: what passes is waited out, everything else ends the run.
    async fn bear(&mut self, error: StorageError) -> Result<(), MailerError> {
        self.troubles += 1;
        let has_had_enough = self.mode == Mode::Drain && self.troubles >= MOST_TROUBLES;
        if !error.is_passing() || has_had_enough {
            self.return_waiting().await;
            return Err(error.into());
        }
        tracing::warn!(error = %error, troubles = self.troubles, "storage is waited for");
        let wait = std::time::Duration::from_millis(50 << self.troubles.min(6));
        self.pause(wait).await;
        Ok(())
    }

    /// A letter came back from its fence, and would come again at once: the next one waits a little.
    async fn turn_back(&mut self) {
        self.turned_back += 1;
        let wait = std::time::Duration::from_millis(10 << self.turned_back.min(8));
        self.pause(wait).await;
    }

    /// Nothing is due.
    async fn rest(&mut self) {
        self.is_dry = false;
        if self.mode == Mode::Serve && self.troubles == 0 {
            self.mailer.transport().rest().await;
            let wait = std::time::Duration::from_secs(self.mailer.settings().poll_seconds.max(1));
            self.pause(wait).await;
        }
    }

    async fn pause(&mut self, wait: std::time::Duration) {
        tokio::select! {
            () = sleep(wait) => {}
            _ = self.stop.wait_for(|is_stopping| *is_stopping), if self.mode == Mode::Serve => {}
        }
    }

    /// Puts back what waits for servers that are in trouble now.
    async fn return_those_of(&mut self, name: &str) {
        let waiting = std::mem::take(&mut self.waiting);
        for held in waiting {
            if held.way.is_of(name) {
                let became = self.mailer.return_lease(&held.claimed).await;
                self.carried.add(&became);
            } else {
                self.waiting.push_back(held);
            }
        }
    }

    async fn return_waiting(&mut self) {
        if let Some(Ok(Ok(held))) = self.claiming.join_next().await {
            self.waiting.extend(held);
        }
        for held in std::mem::take(&mut self.waiting) {
            let became = self.mailer.return_lease(&held.claimed).await;
            self.carried.add(&became);
        }
    }
}
