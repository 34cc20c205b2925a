//! A letter as one page: the same view, drawn. It says what everybody may read, and not the secret of the office's desk.

use super::view::BatchView;
use crate::error::MailerError;
use redress_letters::error::LettersError;
use redress_letters::official::{
    CityStatus, DistrictCount, LetterKind, LetterView, Recipient, addressed_as,
};
use redress_letters::parts::{Language, PrintedPage};
use redress_sheets::letter::{self, Fellow, PrintedLetter, Reader, Standing, VerifiedCounts};

/// Draws the page of a letter. Fails for a letter without a sender, as its words do.
pub(super) fn printed_page(
    letter: &LetterView,
    batch: &BatchView,
    is_attached: bool,
) -> Result<PrintedPage, MailerError> {
    let sender = letter
        .sender
        .as_ref()
        .ok_or(LettersError::Missing("a sender"))?;
    let verified = letter.verified;
    let is_clerk = matches!(letter.kind, LetterKind::Clerk { .. });
    let fellows = letter.fellows.iter().map(|fellow| Fellow {
        reader: reader(&fellow.recipient, false),
        own_district: fellow.in_district.as_ref().map(district),
    });
    let view = PrintedLetter {
        language: match letter.language {
            Language::English => redress_sheets::language::Language::English,
            Language::Spanish => redress_sheets::language::Language::Spanish,
        },
        organization: sender.organization.clone(),
        postal_address: sender.postal_address.clone(),
        contact: sender.contact_email.as_str().to_owned(),
        dated_on: letter.frozen_on,
        reader: reader(&letter.recipient, is_clerk),
        fellows: fellows.collect(),
        place: letter.place.clone(),
        state: letter.state.clone(),
        petition: letter.petition_title.clone(),
        ask_line: letter.ask_line.clone(),
        ask: letter.ask_text.clone(),
        standing: standing(&letter.status),
        letter: letter.letter,
        part: letter.part,
        parts: letter.parts,
        batch: letter.batch,
        first: letter.first,
        last: letter.last,
        count: letter.count,
        total: letter.total,
        new_since_last: letter.new_since_last,
        own_district: letter.in_district.as_ref().map(district),
        districts: letter.districts.iter().map(district).collect(),
        verified: VerifiedCounts {
            confirmed: verified.confirmed,
            self_asserted: verified.self_asserted,
            paper: verified.paper,
            unconfirmed: verified.unconfirmed,
        },
        needs_confirmation: letter.needs_confirmation,
        verify_url: letter.verify_url.clone(),
        csv_sha256: letter.csv_sha256.clone(),
        merkle_root: batch.merkle_root.clone(),
    };
    let filename = format!("letter-{}-batch-{}.pdf", batch.slug, batch.batch);
    let pdf = letter::pdf(&view)?;
    Ok(PrintedPage::new(filename, is_attached, &pdf))
}

fn reader(recipient: &Recipient, is_clerk: bool) -> Reader {
    let name = recipient.name.clone();
    Reader {
        title: recipient.title.clone(),
        addressed_as: name
            .as_deref()
            .map(addressed_as)
            .unwrap_or_default()
            .to_owned(),
        name,
        district: recipient.district.clone(),
        is_clerk,
    }
}

fn standing(status: &CityStatus) -> Option<Standing> {
    match status {
        CityStatus::Forbid { matter } => Some(Standing {
            exists: false,
            matter: matter.clone(),
            since_on: None,
            source: None,
        }),
        CityStatus::End {
            matter,
            known_since,
            source,
        } => Some(Standing {
            exists: true,
            matter: matter.clone(),
            since_on: *known_since,
            source: source.clone(),
        }),
        CityStatus::None => None,
    }
}

fn district(row: &DistrictCount) -> letter::DistrictCount {
    letter::DistrictCount {
        label: row.label.clone(),
        new: row.new,
        total: row.total,
    }
}
