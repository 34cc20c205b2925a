//! `redress demo`.

use crate::carrier;
use crate::config::{Config, UpkeepConfig};
use crate::demo::crowd::{self, Place};
use crate::demo::outbox;
use crate::demo::setting::{self, Folder, Login};
use crate::failure::{Failure, Outcome};
use crate::instance::{Database, DatabaseUrl, Instance, run};
use crate::life::told_to_stop;
use crate::output::{self, Globals, Progress};
use crate::packs::{PackFiles, WatchedPacks};
use crate::site::Site;
use anyhow::anyhow;
use clap::Args;
use redress_mailer::Mailer;
use redress_mailer::settings::{MailerSettings, OfficeHours, Pace, TransportSettings};
use redress_model::delivery::state::DeliveryState;
use redress_model::petition::Petition;
use redress_storage::deliveries::DeliveryFilter;
use redress_storage::secrets::{Token, TokenPurpose};
use std::net::SocketAddr;
use std::path::PathBuf;
use std::time::Duration;
use tokio::net::TcpListener;
use tokio::sync::oneshot;

/// How many sign before anybody looks, so that there is something to see.
const FIRST_SIGNERS: usize = 60;

/// How long the first letters may take.
const PATIENCE: Duration = Duration::from_mins(1);

/// Everything in one process, on a made-up county: site, console, letters, an outbox for the mail
#[derive(Args)]
pub struct Demo {
    /// Where to listen; port 0 takes a free one
    #[arg(long, value_name = "ADDR", default_value = "127.0.0.1:8080")]
    listen: SocketAddr,
    /// Where everything is kept; the next start goes on where it was
    #[arg(long, value_name = "DIR", default_value = "./data/demo")]
    data: PathBuf,
    /// Begin anew
    #[arg(long)]
    reset: bool,
    /// So many people sign over HTTP and confirm by their mail
    #[arg(long, value_name = "N")]
    crowd: Option<usize>,
}

/// An open demo.
struct Stage<'a> {
    instance: &'a Instance,
    mailer: Mailer,
    petition: Petition,
    login: Login,
    place: Place,
    url: String,
}

impl Demo {
    /// Runs until it is told to stop.
    pub fn run(&self, globals: &Globals) -> Outcome {
        let folder = Folder(self.data.clone());
        if self.reset {
            folder.reset()?;
        }
        let progress = globals.progress();
        progress.say("making ready");
        let packs = PackFiles::at(vec![folder.pack()?.path().to_owned()]).open()?;
        run(async {
            let database = Database::at(DatabaseUrl::Sqlite(folder.database()));
            let instance = database.open(&globals.config).await?;
            let played = self.play(&instance, &folder, packs, globals, &progress);
            let ended = Box::pin(played).await;
            instance.close().await;
            ended
        })
    }

    async fn play(
        &self,
        instance: &Instance,
        folder: &Folder,
        packs: WatchedPacks,
        globals: &Globals,
        progress: &Progress,
    ) -> Outcome {
        let listener = TcpListener::bind(self.listen).await.map_err(|error| {
            Failure::failed(anyhow!("cannot listen on {}: {error}", self.listen))
        })?;
        let address = listener.local_addr().map_err(Failure::failed)?;
        let url = format!("http://{address}");
        let keys = crate::instance::KeyFile::default();
        let vault = || instance.vault(&keys, &globals.config);
        let petition = setting::petition(instance, &vault()?).await?;
        let settings = settings(folder);
        let mailer = carrier::with_url(instance, vault()?, settings, &url).await?;
        let stage = Stage {
            instance,
            mailer: mailer.clone(),
            login: setting::login(folder, instance).await?,
            place: Place {
                address: address.to_string(),
                outbox: folder.outbox(),
                truth: folder.truth(),
            },
            petition,
            url: url.clone(),
        };
        let site = Site {
            store: instance.store.clone(),
            vault: vault()?,
            packs,
            // A made-up county is known to nobody else.
            providers: None,
            listener,
            public_url: url,
            // The crowd and whoever plays come from one machine.
            has_limits: false,
            pace: redress_web::Pace::default(),
            proxies: Vec::new(),
            hook_keys: redress_web::HookKeys::default(),
            hook_pace: redress_web::Pace::default(),
            mailer: Some((mailer, UpkeepConfig::default())),
            beside: outbox::routes(folder.outbox()),
        };
        let (ready, is_ready) = oneshot::channel();
        let (end, ends) = oneshot::channel::<()>();
        let served = site.serve(
            || {
                // Whoever waits for it is below.
                let _ = ready.send(());
            },
            async {
                let _ = ends.await;
            },
        );
        let shown = async {
            let shown = tokio::select! {
                shown = async {
                    // Dropped only by a site that failed: it says why.
                    if is_ready.await.is_err() {
                        return Ok(());
                    }
                    stage.show(self.crowd, globals, progress).await?;
                    told_to_stop().await;
                    Ok(())
                } => shown,
                () = told_to_stop() => Ok(()),
            };
            drop(end);
            shown
        };
        let (served, shown) = tokio::join!(served, shown);
        served.and(shown)
    }
}

/// No office hours and no daily pace: whoever plays wants to see it now.
fn settings(folder: &Folder) -> MailerSettings {
    MailerSettings {
        transport: TransportSettings::Outbox {
            directory: folder.outbox(),
        },
        office_hours: OfficeHours {
            enabled: false,
            ..OfficeHours::default()
        },
        pace: Pace {
            one_letter_a_day: false,
            ..Pace::default()
        },
        from_domain: "demo.redress.example".to_owned(),
        poll_seconds: 1,
        ..MailerSettings::default()
    }
}

impl Stage<'_> {
    /// Fills an empty stage, prints where everything is, lets a crowd in.
    async fn show(&self, crowd: Option<usize>, globals: &Globals, progress: &Progress) -> Outcome {
        let desk = match self.find_desk().await? {
            Some(desk) => desk,
            None => self.open_scene(progress).await?,
        };
        progress.end();
        let (url, login) = (&self.url, &self.login);
        output::print(&format!(
            "site {url}\nconsole {url}/console\ndesk {desk}\noutbox {url}/outbox\napi {url}/api/v1\nlogin {} {}\nready",
            login.email.as_str(),
            login.password
        ));
        if let Some(number) = crowd {
            let summary = crowd::gather(&self.place, number, &globals.progress()).await?;
            output::print(&summary.to_string());
        }
        Ok(())
    }

    /// The first signers, the first letters.
    async fn open_scene(&self, progress: &Progress) -> Result<String, Failure> {
        setting::statuses(self.instance, &self.petition).await?;
        progress.say("the first neighbors sign");
        crowd::gather(&self.place, FIRST_SIGNERS, &Progress::Silent).await?;
        progress.say("the first letters go out");
        let batches = &self.instance.store.batches;
        self.mailer
            .freeze_all(self.petition.id)
            .await
            .map_err(carrier::failure)?;
        let frozen = batches
            .list_batches(self.petition.id, None, None, 0, 1_000)
            .await;
        for batch in frozen.map_err(Failure::failed)? {
            let deed = setting::deed("delivery.approve");
            batches
                .approve_batch(batch.id, &deed)
                .await
                .map_err(Failure::failed)?;
        }
        let wait = async {
            loop {
                if let Some(desk) = self.find_desk().await? {
                    return Ok(desk);
                }
                tokio::time::sleep(Duration::from_millis(100)).await;
            }
        };
        tokio::time::timeout(PATIENCE, wait)
            .await
            .unwrap_or_else(|_| Err(Failure::failed(anyhow!("no letter went out"))))
    }

    /// The desk of an office that has a letter.
    async fn find_desk(&self) -> Result<Option<String>, Failure> {
        let deliveries = &self.instance.store.deliveries;
        let mut letters = Vec::new();
        for state in [DeliveryState::Accepted, DeliveryState::PresumedDelivered] {
            let arrived = DeliveryFilter {
                batch: None,
                state: Some(state),
            };
            let found = deliveries.list_deliveries(self.petition.id, arrived, None, 1);
            letters.extend(found.await.map_err(Failure::failed)?);
        }
        let vault = self
            .instance
            .vault(&crate::instance::KeyFile::default(), &Config::default())?;
        Ok(letters.first().map(|letter| {
            let token = Token::issue(
                vault.instance_key(),
                TokenPurpose::Desk,
                letter.id.0,
                letter.epoch,
            );
            format!("{}/desk/{token}", self.url)
        }))
    }
}
