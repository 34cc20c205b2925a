//! `redress serve`.

use crate::directory;
use crate::failure::{Failure, Outcome};
use crate::instance::{Database, Instance, KeyFile, run};
use crate::machine::{SystemClock, random};
use crate::output::{self, Globals};
use anyhow::anyhow;
use clap::Args;
use redress_civics::officials::Directory;
use redress_civics::pack::Pack;
use redress_storage::intake::{Intake, IntakeSettings};
use redress_storage::settings::PUBLIC_URL;
use redress_storage::{StorageResult, Store};
use redress_web::{AppState, Civics, Parts, router};
use std::convert::Infallible;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;
use tokio::net::TcpListener;
use tokio::signal::unix::{SignalKind, signal};
use tokio::sync::watch;

/// How often the directory's revision is looked at.
const GLANCE: Duration = Duration::from_secs(2);

/// How long requests on their way may take once the process is told to stop.
const PATIENCE: Duration = Duration::from_secs(20);

/// Serve the site for signers and the API
#[derive(Args)]
pub struct Serve {
    #[command(flatten)]
    database: Database,
    #[command(flatten)]
    key_file: KeyFile,
    /// The pack to answer addresses from; its places and officials are loaded into an empty directory
    #[arg(long, value_name = "FILE")]
    pack: PathBuf,
    /// Where to listen; port 0 takes a free one
    #[arg(long, value_name = "ADDR", default_value = "127.0.0.1:8080")]
    listen: SocketAddr,
    /// The base of all links (default: the listening address); kept, so that mail uses the same
    #[arg(long, value_name = "URL", value_parser = parse_url)]
    public_url: Option<String>,
}

fn parse_url(text: &str) -> Result<String, String> {
    let rest = text
        .strip_prefix("https://")
        .or_else(|| text.strip_prefix("http://"));
    match rest {
        Some(rest) if !rest.is_empty() && !rest.contains([' ', '?', '#', '@']) => {
            Ok(text.trim_end_matches('/').to_owned())
        }
        _ => Err("write https://petition.example".to_owned()),
    }
}

impl Serve {
    /// Serves until it is told to stop, then finishes what it has taken in.
    pub fn run(&self, globals: &Globals) -> Outcome {
        let pack = Pack::open(&self.pack)?;
        run(async {
            let instance = self.database.open().await?;
            let served = self.serve(&instance, pack, globals).await;
            instance.close().await;
            served
        })
    }

    async fn serve(&self, instance: &Instance, pack: Pack, globals: &Globals) -> Outcome {
        directory::fill(&instance.store, &pack).await?;
        let (revision, directory) = load(&instance.store).await.map_err(Failure::failed)?;
        let civics = Civics::new(pack, directory);
        let listener = TcpListener::bind(self.listen).await.map_err(|error| {
            Failure::failed(anyhow!("cannot listen on {}: {error}", self.listen))
        })?;
        let address = listener.local_addr().map_err(Failure::failed)?;
        let public_url = self
            .public_url
            .clone()
            .unwrap_or_else(|| format!("http://{address}"));
        instance
            .store
            .settings
            .record_setting(PUBLIC_URL, &public_url)
            .await
            .map_err(Failure::failed)?;
        let (intake, worker) =
            Intake::new(instance.store.signatures.clone(), IntakeSettings::default());
        let state = AppState::new(Parts {
            store: instance.store.clone(),
            intake,
            vault: Arc::new(instance.vault(&self.key_file)?),
            civics,
            clock: Arc::new(SystemClock),
            random: Box::new(random()),
            public_url: public_url.clone(),
            node: format!("{:x}", std::process::id()),
            has_limits: std::env::var("REDRESS_LIMITS__ENABLED")
                .map_or(true, |value| value != "false"),
            proxies: Vec::new(),
        });
        let (stop, stopped) = watch::channel(false);
        let wait = |mut stopped: watch::Receiver<bool>| async move {
            // The sender lives as long as this function.
            let _ = stopped.wait_for(|is_stopping| *is_stopping).await;
        };
        // The worker outlives the listener: requests on their way still get their answer.
        let (drain, drained) = watch::channel(false);
        let watched = watch_directory(&instance.store, state.clone(), revision);
        let app = router(state).into_make_service_with_connect_info::<SocketAddr>();
        let served = async {
            let serve = axum::serve(listener, app).with_graceful_shutdown(wait(stopped.clone()));
            let patience = async {
                wait(stopped).await;
                tokio::time::sleep(PATIENCE).await;
            };
            let served = tokio::select! {
                served = serve => served,
                never = watched => match never {},
                // A client that never ends its request keeps nobody.
                () = patience => Ok(()),
            };
            drain.send_replace(true);
            served
        };
        let ends = async {
            told_to_stop().await?;
            stop.send_replace(true);
            Ok::<(), std::io::Error>(())
        };
        if !globals.quiet {
            output::print(&format!(
                "site {public_url}\napi {public_url}/api/v1\nready"
            ));
        }
        let (served, (), ended) = tokio::join!(served, worker.run(wait(drained)), ends);
        served.and(ended).map_err(Failure::failed)
    }
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

/// Ctrl-C, or the order that service managers give.
async fn told_to_stop() -> std::io::Result<()> {
    let mut terminate = signal(SignalKind::terminate())?;
    tokio::select! {
        interrupted = tokio::signal::ctrl_c() => interrupted,
        _ = terminate.recv() => Ok(()),
    }
}
