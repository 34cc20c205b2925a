//! `redress serve`.

use crate::carrier;
use crate::failure::{Failure, Outcome};
use crate::instance::{Database, Instance, KeyFile, run};
use crate::life::told_to_stop;
use crate::output::{self, Globals};
use crate::packs::{PackFiles, WatchedPacks};
use crate::second_opinions;
use crate::site::Site;
use anyhow::anyhow;
use axum::Router;
use clap::Args;
use redress_civics::providers::Panel;
use redress_web::Pace;
use std::net::SocketAddr;
use std::path::PathBuf;
use tokio::net::TcpListener;

/// Serve the site for signers and the API
#[derive(Args)]
pub struct Serve {
    #[command(flatten)]
    database: Database,
    #[command(flatten)]
    key_file: KeyFile,
    /// The pack to answer addresses from, or a folder of packs; may be given several times. Places and officials are
    /// loaded into an empty directory. Rename a new one over it and it is answered from within seconds, or at once on SIGHUP
    #[arg(long, value_name = "FILE")]
    pack: Vec<PathBuf>,
    /// Where to listen; port 0 takes a free one (default: site.listen of the configuration)
    #[arg(long, value_name = "ADDR")]
    listen: Option<SocketAddr>,
    /// The base of all links (default: the listening address); kept, so that mail uses the same
    #[arg(long, value_name = "URL", value_parser = parse_url)]
    public_url: Option<String>,
    /// Send letters and mails and run the timers in this process too
    #[arg(long)]
    with_mailer: bool,
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
        let packs = PackFiles::at(self.packs(globals)?).open()?;
        let providers = second_opinions::panel(&globals.config.civics.providers)?;
        run(async {
            let instance = self.database.open(&globals.config).await?;
            let served = Box::pin(self.serve(&instance, packs, providers, globals)).await;
            instance.close().await;
            served
        })
    }

    fn packs(&self, globals: &Globals) -> Result<Vec<PathBuf>, Failure> {
        if !self.pack.is_empty() {
            return Ok(self.pack.clone());
        }
        let configured = &globals.config.site.pack;
        if configured.is_empty() {
            return Err(Failure::input(anyhow!(
                "no pack: name it with --pack FILE, or as site.pack in the configuration; `redress civics build` makes one"
            )));
        }
        Ok(vec![PathBuf::from(configured)])
    }

    async fn serve(
        &self,
        instance: &Instance,
        packs: WatchedPacks,
        providers: Option<Panel>,
        globals: &Globals,
    ) -> Outcome {
        let config = &globals.config;
        let listen = self.listen.unwrap_or(config.site.listen);
        let listener = TcpListener::bind(listen)
            .await
            .map_err(|error| Failure::failed(anyhow!("cannot listen on {listen}: {error}")))?;
        let address = listener.local_addr().map_err(Failure::failed)?;
        let configured = Some(&config.site.public_url).filter(|url| !url.is_empty());
        let public_url = self.public_url.as_ref().or(configured).map_or_else(
            || format!("http://{address}"),
            |url| url.trim_end_matches('/').to_owned(),
        );
        let mailer = if self.with_mailer {
            let vault = instance.vault(&self.key_file, config)?;
            let settings = config.mailer.settings();
            let mailer = carrier::with_url(instance, vault, settings, &public_url).await?;
            Some((mailer, config.upkeep.clone()))
        } else {
            None
        };
        let site = Site {
            store: instance.store.clone(),
            vault: instance.vault(&self.key_file, config)?,
            packs,
            providers,
            listener,
            public_url: public_url.clone(),
            has_limits: config.limits.enabled,
            pace: Pace {
                a_second: config.limits.a_second,
                burst: config.limits.burst,
            },
            proxies: config.site.proxies.clone(),
            hook_keys: crate::hooks::keys(&config.hooks)?,
            hook_pace: Pace {
                a_second: config.hooks.a_second,
                burst: config.hooks.burst,
            },
            mailer,
            beside: Router::new(),
        };
        let ready = || {
            if !globals.quiet {
                output::print(&format!(
                    "site {public_url}\nconsole {public_url}/console\napi {public_url}/api/v1\nready"
                ));
            }
        };
        Box::pin(site.serve(ready, told_to_stop())).await
    }
}
