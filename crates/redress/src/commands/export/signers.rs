//! `redress export signers`.

use crate::commands::petition::{find, parse_slug};
use crate::failure::{Failure, Outcome};
use crate::instance::{Database, Instance, KeyFile, run};
use crate::machine::{SystemClock, random};
use crate::output::{self, Globals};
use clap::{Args, ValueEnum};
use rand::Rng;
use redress_model::clock::Clock;
use redress_model::petition::Petition;
use redress_model::signature::state::SignatureState;
use redress_model::slug::Slug;
use redress_reports::formula::neutralised;
use redress_storage::audit::{Actor, Deed};
use redress_storage::secrets::PetitionSecrets;
use redress_storage::signatures::{Signature, SignatureFilter};
use serde_json::json;
use std::fs::{File, OpenOptions};
use std::io::{BufWriter, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};

/// Signatures read at a time; memory holds no more, whatever the petition's size.
const PAGE: u32 = 1_000;

const COLUMNS: [&str; 21] = [
    "export",
    "number",
    "state",
    "name",
    "email",
    "street",
    "unit",
    "city",
    "usps_state",
    "zip",
    "place_geoid",
    "district",
    "origin",
    "sheet",
    "signed_at",
    "confirmed_at",
    "lists_name",
    "wants_updates",
    "shares_comment",
    "comment",
    "comment_review",
];

/// A petition's signers, unsealed, as CSV
///
/// What is personal leaves the instance with this: the audit log gets an entry before the first row is written, and its mark
/// stands in the column export of every row, so that a copy that turns up says which export it is from. The file is readable by
/// its owner alone. Without --out the rows go to standard output.
#[derive(Args)]
pub struct Signers {
    #[command(flatten)]
    database: Database,
    #[command(flatten)]
    key_file: KeyFile,
    /// Which petition
    #[arg(long, value_name = "SLUG", value_parser = parse_slug)]
    petition: Slug,
    /// Whom to list
    #[arg(long, value_enum, default_value_t = Who::Confirmed)]
    who: Who,
    /// Where to (default: standard output)
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
}

/// Whom to list.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Who {
    /// Who counts.
    Confirmed,
    /// Who waits for a confirmation.
    Pending,
    /// Who took it back.
    Withdrawn,
    /// Whom a rule or staff refused.
    Rejected,
}

impl Who {
    fn state(self) -> SignatureState {
        match self {
            Self::Confirmed => SignatureState::Confirmed,
            Self::Pending => SignatureState::Pending,
            Self::Withdrawn => SignatureState::Withdrawn,
            Self::Rejected => SignatureState::Rejected,
        }
    }
}

impl Signers {
    /// Writes them.
    pub fn run(&self, globals: &Globals) -> Outcome {
        let rows = run(async {
            let instance = self.database.open(&globals.config).await?;
            let rows = self.export(&instance, globals).await;
            instance.close().await;
            rows
        })?;
        if self.out.is_some() && globals.json {
            output::print(&json!({ "rows": rows }).to_string());
        } else if self.out.is_some() && !globals.quiet {
            output::print(&format!("{rows} signers written"));
        }
        Ok(())
    }

    async fn export(&self, instance: &Instance, globals: &Globals) -> Result<u64, Failure> {
        let petition = find(&instance.store, &self.petition).await?;
        let vault = instance.vault(&self.key_file, &globals.config)?;
        let secrets = vault.petition(petition.id).await.map_err(Failure::failed)?;
        let mark = format!("{:012x}", random().next_u64() >> 16);
        let deed = Deed {
            actor: Actor::CommandLine,
            action: "export.signers",
            subject: petition.slug.to_string(),
            details: json!({"export": mark, "who": self.who.state().as_str()}),
            at: SystemClock.now(),
        };
        let recorded = instance.store.audit.record_deed(&deed).await;
        recorded.map_err(Failure::failed)?;
        let listing = Listing {
            instance,
            petition: &petition,
            secrets: &secrets,
            mark: &mark,
            state: self.who.state(),
        };
        let Some(path) = &self.out else {
            return listing
                .write(std::io::stdout().lock(), Path::new("standard output"))
                .await;
        };
        let part = path.with_added_extension("part");
        let file = private(&part).map_err(|error| Failure::unwritable(path, &error))?;
        let written = listing.write(BufWriter::new(file), path).await;
        let placed = written.and_then(|rows| {
            let renamed = std::fs::rename(&part, path);
            renamed.map_err(|error| Failure::unwritable(path, &error))?;
            Ok(rows)
        });
        if placed.is_err() {
            let _ = std::fs::remove_file(&part);
        }
        placed
    }
}

fn private(path: &Path) -> std::io::Result<File> {
    let mut options = OpenOptions::new();
    options.create(true).write(true).truncate(true).mode(0o600);
    options.open(path)
}

struct Listing<'a> {
    instance: &'a Instance,
    petition: &'a Petition,
    secrets: &'a PetitionSecrets,
    mark: &'a str,
    state: SignatureState,
}

impl Listing<'_> {
    /// Rows as they are read, oldest first.
    async fn write(&self, out: impl Write, path: &Path) -> Result<u64, Failure> {
        let failed = |error: csv::Error| Failure::unwritable(path, &std::io::Error::from(error));
        let mut csv = csv::Writer::from_writer(out);
        csv.write_record(COLUMNS).map_err(failed)?;
        let filter = SignatureFilter {
            state: Some(self.state),
            ..SignatureFilter::of(self.petition.id)
        };
        let signatures = &self.instance.store.signatures;
        let (mut rows, mut after) = (0, None);
        loop {
            let page = signatures.list_signatures(&filter, after, PAGE).await;
            let page = page.map_err(Failure::failed)?;
            let Some(last) = page.last() else {
                csv.flush()
                    .map_err(|error| Failure::unwritable(path, &error))?;
                return Ok(rows);
            };
            after = Some(last.id);
            for signature in &page {
                // Erased since the page was asked for.
                if let Some(row) = self.row(signature)? {
                    csv.write_record(row).map_err(failed)?;
                    rows += 1;
                }
            }
        }
    }

    fn row(&self, signature: &Signature) -> Result<Option<[String; 21]>, Failure> {
        let Some(sealed) = &signature.sealed else {
            return Ok(None);
        };
        let opened = self.secrets.open_personal(signature.id, sealed);
        let opened = opened.map_err(Failure::failed)?;
        let text = |text: &str| neutralised(text).into_owned();
        let address = opened.address.as_ref();
        let unit = address.and_then(|address| address.unit.as_deref());
        let geoid = signature.location.home.geoid();
        let review = signature.review.as_ref();
        Ok(Some([
            self.mark.to_owned(),
            signature
                .number
                .map_or_else(String::new, |it| it.to_string()),
            signature.state.as_str().to_owned(),
            text(&opened.signer.name),
            text(&opened.signer.email),
            text(address.map_or("", |address| &address.street)),
            text(unit.unwrap_or_default()),
            text(&opened.signer.city),
            opened.signer.state,
            opened.signer.zip,
            geoid.map_or_else(String::new, |geoid| geoid.as_str().to_owned()),
            text(signature.location.district_key()),
            signature.origin.as_str().to_owned(),
            text(signature.sheet.as_deref().unwrap_or_default()),
            signature.signed_at.to_rfc3339(),
            signature
                .confirmed_at
                .map_or_else(String::new, |at| at.to_rfc3339()),
            signature.wishes.lists_name.to_string(),
            signature.wishes.wants_updates.to_string(),
            signature.wishes.shares_comment.to_string(),
            text(opened.comment.as_deref().unwrap_or_default()),
            review.map_or_else(String::new, |review| review.state.to_string()),
        ]))
    }
}
