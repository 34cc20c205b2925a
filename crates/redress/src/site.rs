//! The site, running: requests, the intake behind them, and, where asked for, mailer and timers.

use crate::carrier::failure;
use crate::config::UpkeepConfig;
use crate::failure::{Failure, Outcome};
use crate::machine::{SystemClock, random};
use crate::packs::WatchedPacks;
use crate::{directory, resolving, sweeping, upkeep};
use axum::Router;
use redress_civics::officials::Directory;
use redress_civics::providers::Panel;
use redress_mailer::Mailer;
use redress_storage::intake::{Intake, IntakeSettings};
use redress_storage::secrets::Vault;
use redress_storage::settings::PUBLIC_URL;
use redress_storage::{StorageResult, Store};
use redress_web::{AppState, Civics, HookKeys, Pace, Parts, router};
use std::convert::Infallible;
use std::future::Future;
use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;
use tokio::net::TcpListener;
use tokio::sync::watch;

/// How often the directory's revision is looked at.
const GLANCE: Duration = Duration::from_secs(2);

/// How long requests on their way may take once the process is told to stop.
const PATIENCE: Duration = Duration::from_secs(20);

/// What is to be served.
pub struct Site {
    /// Where everything is kept.
    pub store: Store,
    /// Its keys.
    pub vault: Vault,
    /// The packs that addresses are answered from, and the watch over their files.
    pub packs: WatchedPacks,
    /// Who is asked for second opinions on what is looked up.
    pub providers: Option<Panel>,
    /// Where requests come in.
    pub listener: TcpListener,
    /// The base of all links.
    pub public_url: String,
    /// Whether strangers are limited.
    pub has_limits: bool,
    /// How much one client may do on this node.
    pub pace: Pace,
    /// Proxies whose word on the client's address is believed.
    pub proxies: Vec<IpAddr>,
    /// What calls of providers of mail are checked with.
    pub hook_keys: HookKeys,
    /// How many of these that are not signed one client may make on this node.
    pub hook_pace: Pace,
    /// Mailer and timers, when they run here too.
    pub mailer: Option<(Mailer, UpkeepConfig)>,
    /// Pages of the program itself, beside those of the web.
    pub beside: Router,
}

impl Site {
    /// Serves until `stop` is ready, then finishes what was taken in. `ready` is called once requests
    /// are answered.
    pub async fn serve(self, ready: impl FnOnce(), stop: impl Future<Output = ()>) -> Outcome {
        let WatchedPacks { packs, watch } = self.packs;
        directory::fill(&self.store, &packs).await?;
        let (revision, directory) = load(&self.store).await.map_err(Failure::failed)?;
        self.store
            .settings
            .record_setting(PUBLIC_URL, &self.public_url)
            .await
            .map_err(Failure::failed)?;
        let (intake, worker) =
            Intake::new(self.store.signatures.clone(), IntakeSettings::default());
        let vault = Arc::new(self.vault);
        let state = AppState::new(Parts {
            store: self.store.clone(),
            intake,
            vault: Arc::clone(&vault),
            civics: Civics::new(packs, directory).with_providers(self.providers),
            clock: Arc::new(SystemClock),
            random: Box::new(random()),
            public_url: self.public_url,
            node: format!("{:x}", std::process::id()),
            has_limits: self.has_limits,
            pace: self.pace,
            proxies: self.proxies,
            hook_keys: self.hook_keys,
            hook_pace: self.hook_pace,
        });
        let (order, stopped) = watch::channel(false);
        // The worker outlives the listener: requests on their way still get their answer.
        let (drain, drained) = watch::channel(false);
        let hangup = crate::packs::hangup();
        let watching = state.clone();
        let watched = async {
            tokio::select! {
                never = watch_directory(&self.store, watching.clone(), revision) => never,
                never = watch.run(&self.store, watching.clone(), hangup) => never,
                never = sweeping::run(&watching) => never,
                never = resolving::run(&self.store, &vault, &watching) => never,
            }
        };
        let app = self.beside.merge(router(state));
        let app = app.into_make_service_with_connect_info::<SocketAddr>();
        let listener = self.listener;
        let served = async {
            let serve = axum::serve(listener, app).with_graceful_shutdown(until(stopped.clone()));
            let patience = async {
                until(stopped.clone()).await;
                tokio::time::sleep(PATIENCE).await;
            };
            let served = tokio::select! {
                served = serve => served,
                never = watched => match never {},
                // A client that never ends its request keeps nobody.
                () = patience => Ok(()),
            };
            drain.send_replace(true);
            served.map_err(Failure::failed)
        };
        let carried = carry(self.mailer.as_ref(), &self.store, stopped.clone());
        let ends = async {
            stop.await;
            order.send_replace(true);
        };
        ready();
        let (served, (), carried, ()) =
            tokio::join!(served, worker.run(until(drained)), carried, ends);
        served.and(carried)
    }
}

/// Ready once the order is given; its giver lives as long as whoever waits.
async fn until(mut order: watch::Receiver<bool>) {
    let _ = order.wait_for(|is_given| *is_given).await;
}

/// Mailer and timers, until the order to stop.
async fn carry(
    mailer: Option<&(Mailer, UpkeepConfig)>,
    store: &Store,
    stopped: watch::Receiver<bool>,
) -> Outcome {
    let Some((mailer, config)) = mailer else {
        return Ok(());
    };
    let kept = upkeep::run(store, mailer, config, until(stopped.clone()));
    let (carried, ()) = tokio::join!(mailer.run(until(stopped)), kept);
    carried.map(|_| ()).map_err(failure)
}

/// The directory, and the revision that it has at least.
async fn load(store: &Store) -> StorageResult<(i64, Directory)> {
    let revision = store.officials.find_directory_revision().await?;
    Ok((revision, store.officials.load_directory().await?))
}

/// Answers with what was imported, a few seconds after it was, without a restart.
async fn watch_directory(store: &Store, state: AppState, mut revision: i64) -> Infallible {
    loop {
        tokio::time::sleep(GLANCE).await;
        let found = store.officials.find_directory_revision().await;
        if found.is_ok_and(|found| found != revision)
            && let Ok((found, directory)) = load(store).await
        {
            revision = found;
            state.replace_directory(directory);
        }
    }
}
