//! The letter to an official as one page, US Letter.
//!
//! Above: who writes, to whom, which letter. In the middle: what is asked, the counts, how to answer. Below: a code that leads to the public
//! record, that address in plain text, and the hashes of the list. The parts above and below are as large as they are; what is
//! between them gives way, in this order: the type from 11 to 9 points, rows of the table, the ask, which then says that it goes on
//! in the message.

mod fitting;
mod view;
mod words;

pub use view::{DistrictCount, Fellow, PrintedLetter, Reader, Standing, VerifiedCounts};

use crate::code::Code;
use crate::error::SheetError;
use crate::page::Sheets;
use crate::text::clean::one_line;
use fitting::fitted;
pub(crate) use words::Count;
use words::Said;

/// Draws the letter: the same bytes for the same view. Fails for an address that no code holds.
pub fn pdf(view: &PrintedLetter) -> Result<Vec<u8>, SheetError> {
    let code = Code::of(&view.verify_url)?;
    let said = Said::of(view);
    let marks = fitted(&said)?;
    let mut sheets = Sheets::new(
        &said.heading,
        &one_line(&view.organization, 200),
        view.language,
    );
    sheets.page(|page| {
        for mark in &marks {
            mark.draw(page, &code);
        }
    })?;
    sheets.finish()
}
