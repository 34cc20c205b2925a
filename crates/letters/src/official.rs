//! The letter to an official about one batch, its cover for a clerk, and the variant without an attachment.
//!
//! Everything the letter states comes from one [`LetterView`], which [`LetterView::check`] refuses when two of its numbers
//! cannot both be true. The wording is in `templates/mail`.

mod check;
mod said;
mod salutation;
mod table;
mod view;

pub use salutation::addressed_as;
pub use view::{
    CityStatus, DistrictCount, Fellow, LetterKind, LetterView, ListPlace, PrintedComment,
    Recipient, VerifiedCounts, Withdrawn,
};

use crate::error::LettersError;
use crate::parts::{Language, LetterParts};
use crate::plain::shortened;
use crate::wrap::wrapped;
use askama::Template;
use said::Said;

/// The longest subject, in characters.
pub const LONGEST_SUBJECT: usize = 120;
/// The most comments that a letter prints.
pub const MOST_COMMENTS: usize = 5;

#[derive(Template)]
#[template(path = "en/letter.txt")]
struct EnglishText<'a> {
    l: &'a Said,
}

#[derive(Template)]
#[template(path = "en/letter.html")]
struct EnglishHtml<'a> {
    l: &'a Said,
}

#[derive(Template)]
#[template(path = "en/letter.subject.txt")]
struct EnglishSubject<'a> {
    l: &'a Said,
}

/// Writes the letter. Fails for a view without its sender or with numbers that contradict each other, rather than with a gap.
pub fn render(view: &LetterView) -> Result<LetterParts, LettersError> {
    view.check()?;
    let said = Said::of(view)?;
    // Offices are written to in English, whatever their signers speak.
    let (Language::English | Language::Spanish) = view.language;
    Ok(LetterParts {
        subject: subject(&said)?,
        text: wrapped(&EnglishText { l: &said }.render()?),
        html: EnglishHtml { l: &said }.render()?,
    })
}

/// The subject, in which the ask gives way when there is no room for all of it: the numbers never do.
fn subject(said: &Said) -> Result<String, LettersError> {
    let whole = EnglishSubject { l: said }.render()?;
    let over = whole.chars().count().saturating_sub(LONGEST_SUBJECT);
    if over == 0 {
        return Ok(whole);
    }
    let most = said.ask_line.chars().count().saturating_sub(over);
    let short = Said {
        ask_line: shortened(&said.ask_line, most.max(1)),
        ..said.clone()
    };
    Ok(shortened(
        &EnglishSubject { l: &short }.render()?,
        LONGEST_SUBJECT,
    ))
}
