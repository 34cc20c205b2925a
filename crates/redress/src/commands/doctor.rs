//! `redress doctor`.

use crate::failure::{Failure, Outcome};
use crate::instance::{Database, run};
use crate::output::{self, Globals};
use anyhow::anyhow;
use clap::Args;
use redress_storage::Store;
use serde_json::{Value, json};

/// Petitions asked for at a time.
const PAGE: u32 = 200;

/// Check an instance; exit 1 when something differs
#[derive(Args)]
pub struct Doctor {
    #[command(flatten)]
    database: Database,
    /// Count every signature again and compare with the stored counts
    #[arg(long)]
    recount: bool,
}

impl Doctor {
    /// Checks and prints what differs.
    pub fn run(&self, globals: &Globals) -> Outcome {
        let findings = run(async {
            let instance = self.database.open(&globals.config).await?;
            let findings = self.findings(&instance.store).await;
            instance.close().await;
            findings
        })?;
        if globals.json {
            output::print(&json!({ "differences": findings }).to_string());
        } else if !globals.quiet {
            let lines: Vec<String> = findings
                .iter()
                .map(|finding| {
                    format!(
                        "{} {}: stored {}, recounted {}",
                        finding["petition"].as_str().unwrap_or("-"),
                        finding["what"].as_str().unwrap_or("-"),
                        finding["stored"],
                        finding["recounted"]
                    )
                })
                .collect();
            output::print(if lines.is_empty() {
                "nothing differs"
            } else {
                ""
            });
            output::print(&lines.join("\n"));
        }
        if findings.is_empty() {
            Ok(())
        } else {
            Err(Failure::failed(anyhow!("{} differences", findings.len())))
        }
    }

    async fn findings(&self, store: &Store) -> Result<Vec<Value>, Failure> {
        let mut findings = Vec::new();
        if let Some(number) = store
            .audit
            .find_broken_link()
            .await
            .map_err(Failure::failed)?
        {
            findings.push(json!({"petition": Value::Null, "what": "audit chain broken at entry", "stored": number, "recounted": Value::Null}));
        }
        if !self.recount {
            return Ok(findings);
        }
        let mut after = None;
        loop {
            let petitions = store
                .petitions
                .list_petitions(None, &[], after, PAGE)
                .await
                .map_err(Failure::failed)?;
            let Some(last) = petitions.last() else {
                return Ok(findings);
            };
            after = Some(last.id);
            for petition in &petitions {
                for difference in store
                    .tallies
                    .recount(petition.id)
                    .await
                    .map_err(Failure::failed)?
                {
                    findings.push(json!({"petition": petition.slug.as_str(), "what": difference.what, "stored": difference.stored, "recounted": difference.recounted}));
                }
            }
        }
    }
}
