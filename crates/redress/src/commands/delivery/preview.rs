//! `redress delivery preview`.

use super::Subject;
use crate::carrier::failure;
use crate::failure::{Failure, Outcome};
use crate::instance::run;
use crate::output::{self, Globals};
use clap::Args;
use redress_mailer::freezing::PreviewLetter;
use redress_model::comment::CommentReview;
use redress_model::delivery::NoContactReason;
use serde_json::json;
use std::fmt::Write;
use std::path::{Path, PathBuf};

/// Write each letter that would go now as one .eml file
#[derive(Args)]
pub struct Preview {
    #[command(flatten)]
    subject: Subject,
    /// A folder, made when absent
    #[arg(long, value_name = "DIR")]
    out: PathBuf,
}

impl Preview {
    /// Writes them. Nothing is frozen.
    pub fn run(&self, globals: &Globals) -> Outcome {
        let (letters, waiting) = run(async {
            let (instance, petition) = self.subject.open(globals).await?;
            let mailer = self.subject.mailer(&instance, globals).await?;
            let letters = mailer.preview(petition.id).await;
            let comments = &instance.store.comments;
            let waiting = comments.count_comments(petition.id, CommentReview::Unseen);
            let waiting = waiting.await.map_err(Failure::failed);
            instance.close().await;
            Ok((letters.map_err(failure)?, waiting?))
        })?;
        std::fs::create_dir_all(&self.out)
            .map_err(|error| Failure::unwritable(&self.out, &error))?;
        let mut told = Vec::new();
        for letter in &letters {
            let name = file_name(letter);
            output::write(Some(&self.out.join(&name)), &letter.eml)?;
            told.push((name, letter));
        }
        output::print(&tell(&told, waiting, &self.out, globals));
        Ok(())
    }
}

/// `batch-0007-3972000-council_member-3.eml`; it holds nothing that a file system minds.
fn file_name(letter: &PreviewLetter) -> String {
    let post: String = letter
        .post
        .chars()
        .map(|sign| {
            if sign.is_ascii_alphanumeric() || sign == '_' {
                sign
            } else {
                '-'
            }
        })
        .collect();
    format!("batch-{:04}-{post}.eml", letter.batch)
}

fn tell(
    letters: &[(String, &PreviewLetter)],
    waiting: u64,
    out: &Path,
    globals: &Globals,
) -> String {
    if globals.json {
        let letters: Vec<_> = letters
            .iter()
            .map(|(name, letter)| {
                json!({
                    "file": name,
                    "post": letter.post,
                    "batch": letter.batch,
                    "geoid": letter.geoid.as_str(),
                    "recipient": letter.recipient.as_ref().ok(),
                    "no_contact": letter.recipient.as_ref().err().map(|reason| reason.as_str()),
                })
            })
            .collect();
        return json!({ "letters": letters, "comments_waiting": waiting }).to_string();
    }
    let mut text = String::new();
    for (name, letter) in letters {
        let whom = match &letter.recipient {
            Ok(recipient) => format!("to {recipient}"),
            Err(reason) => format!("cannot be sent: {}", why(*reason)),
        };
        let _ = writeln!(text, "{name} {} {whom}", letter.post);
    }
    let sendable = letters
        .iter()
        .filter(|(_, letter)| letter.recipient.is_ok())
        .count();
    let _ = write!(
        text,
        "{} letters in {}, {sendable} of them can be sent",
        letters.len(),
        out.display()
    );
    if waiting > 0 {
        let _ = write!(
            text,
            "\ncomments that wait for a review and are in none of them: {waiting} (console, Comments)"
        );
    }
    text
}

/// A reason as a person would say it.
pub fn why(reason: NoContactReason) -> &'static str {
    match reason {
        NoContactReason::NoEmail => "no e-mail address is known",
        NoContactReason::TermEnded => "the term has ended and no successor is known",
        NoContactReason::Vacant => "the post is vacant",
        NoContactReason::HolderUnknown => "nobody is known to hold the post",
    }
}
