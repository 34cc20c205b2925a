//! `redress officials import`.

use crate::directory;
use crate::failure::{Failure, Outcome};
use crate::instance::{Database, Instance, run};
use crate::machine::SystemClock;
use crate::output::{self, Globals};
use anyhow::anyhow;
use clap::Args;
use redress_civics::officials::{
    Change, ChangeKind, Directory, Gatherer, Layout, Notice, NoticeKind, changes,
};
use redress_civics::pack::Pack;
use redress_civics::pack::format::{MAGIC, Section};
use redress_model::clock::Clock;
use serde_json::json;
use std::collections::HashMap;
use std::fmt::Write;
use std::path::PathBuf;

/// Governments asked for at a time.
const PAGE: u32 = 5_000;

/// Take a list of officials (CSV) or a pack; what it changes is shown
#[derive(Args)]
pub struct Import {
    #[command(flatten)]
    database: Database,
    /// A CSV of officials, or a pack
    #[arg(value_name = "FILE")]
    file: PathBuf,
    /// Show what would change, and change nothing
    #[arg(long)]
    dry_run: bool,
}

/// What a file brought.
struct Read {
    after: Directory,
    rows: u64,
    notices: Vec<Notice>,
}

impl Import {
    /// Imports it.
    pub fn run(&self, globals: &Globals) -> Outcome {
        let bytes =
            std::fs::read(&self.file).map_err(|error| Failure::unreadable(&self.file, &error))?;
        let pack = if bytes.starts_with(MAGIC) {
            Some(Pack::open(&self.file)?)
        } else {
            None
        };
        run(async {
            let instance = self.database.open(&globals.config).await?;
            let imported = self.import(&instance, pack.as_ref(), &bytes, globals).await;
            instance.close().await;
            imported
        })
    }

    async fn import(
        &self,
        instance: &Instance,
        pack: Option<&Pack>,
        bytes: &[u8],
        globals: &Globals,
    ) -> Outcome {
        let store = &instance.store;
        let before = store
            .officials
            .load_directory()
            .await
            .map_err(Failure::failed)?;
        let read = match pack {
            Some(pack) => Self::read_pack(&before, pack)?,
            None => self.read_csv(instance, &before, bytes).await?,
        };
        let on = SystemClock.now().date_naive();
        let changed = changes(&before, &read.after, on);
        if !self.dry_run {
            if let Some(pack) = pack {
                directory::record_governments(store, pack).await?;
            }
            let source = self.file.file_name().unwrap_or_default().to_string_lossy();
            directory::record(store, &before, &read.after, &source).await?;
        }
        self.tell(&read, &changed, globals);
        Ok(())
    }

    /// A pack's rows come after those that are there, file by file.
    fn read_pack(before: &Directory, pack: &Pack) -> Result<Read, Failure> {
        let brought: Directory = pack.json(Section::Officials)?;
        let mut gatherer = Gatherer::resume(before);
        gatherer.append(&brought);
        let rows = brought
            .jurisdictions()
            .flat_map(|(_, jurisdiction)| &jurisdiction.posts)
            .map(|post| post.tenures.len() as u64)
            .sum();
        Ok(Read {
            after: gatherer.finish(),
            rows,
            notices: Vec::new(),
        })
    }

    async fn read_csv(
        &self,
        instance: &Instance,
        before: &Directory,
        bytes: &[u8],
    ) -> Result<Read, Failure> {
        let divisions = divisions(instance).await?;
        // Whoever loads a list that does not say its age says that it holds today.
        let mut layout = Layout::default();
        let today = SystemClock.now().date_naive().to_string();
        layout.defaults.insert("as_of".to_owned(), today);
        let mut gatherer = Gatherer::resume(before);
        let mut notices = Vec::new();
        let rows = gatherer
            .read_csv(
                bytes,
                &self.file.display().to_string(),
                &layout,
                &|id| divisions.get(id).cloned(),
                &mut |notice| notices.push(notice),
            )
            .map_err(Failure::input)?;
        if rows == 0 {
            let first = notices.first().map_or_else(
                || "it has no rows".to_owned(),
                |notice| format!("line {}: {}", notice.line, notice.text),
            );
            return Err(Failure::input(anyhow!(
                "no row of {} can be used; {first}",
                self.file.display()
            )));
        }
        Ok(Read {
            after: gatherer.finish(),
            rows,
            notices,
        })
    }

    fn tell(&self, read: &Read, changed: &[Change], globals: &Globals) {
        if globals.json {
            let notices: Vec<_> = read
                .notices
                .iter()
                .map(|notice| json!({"line": notice.line, "refused": notice.kind == NoticeKind::Refused, "text": notice.text}))
                .collect();
            let told = json!({"rows": read.rows, "applied": !self.dry_run, "notices": notices, "changes": changed});
            output::print(&told.to_string());
            return;
        }
        for notice in &read.notices {
            let what = match notice.kind {
                NoticeKind::Refused => "refused",
                NoticeKind::Remark => "taken in part",
            };
            eprintln!(
                "{}: line {}: {what}: {}",
                self.file.display(),
                notice.line,
                notice.text
            );
        }
        if globals.quiet {
            return;
        }
        let refused = read
            .notices
            .iter()
            .filter(|notice| notice.kind == NoticeKind::Refused)
            .count();
        let mut text = String::new();
        for change in changed {
            let _ = writeln!(text, "{}", line(change));
        }
        let verb = if self.dry_run {
            "would change"
        } else {
            "changed"
        };
        let _ = write!(
            text,
            "{} rows taken, {refused} refused, {} seats {verb}",
            read.rows,
            changed.len()
        );
        output::print(&text);
    }
}

fn line(change: &Change) -> String {
    let nobody = "nobody known";
    let was = change.was.as_deref().unwrap_or(nobody);
    let now = change.now.as_deref().unwrap_or(nobody);
    let post = &change.post;
    match change.kind {
        ChangeKind::Added => format!("{post}: new seat, {now}"),
        ChangeKind::Gone => format!("{post}: no seat any more, was {was}"),
        ChangeKind::Holder => format!("{post}: {was} -> {now}"),
        ChangeKind::Contact => format!("{post}: {now}, reached another way"),
        ChangeKind::Term => format!("{post}: {now}, another term"),
    }
}

/// GEOIDs of the governments that are known by an OCD id.
async fn divisions(instance: &Instance) -> Result<HashMap<String, String>, Failure> {
    let mut known = HashMap::new();
    let mut after = None;
    loop {
        let page = instance
            .store
            .officials
            .list_governments(after.as_ref(), PAGE)
            .await
            .map_err(Failure::failed)?;
        let Some(last) = page.last() else {
            return Ok(known);
        };
        after = Some(last.geoid.clone());
        for government in page {
            if let Some(ocd_id) = government.ocd_id {
                known.insert(ocd_id, government.geoid.to_string());
            }
        }
    }
}
