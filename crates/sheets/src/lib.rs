//! Letters and lists as pages to print: PDF.
//!
//! A sheet is a pure function of what it shows, like a message: everything comes in as one value, bytes go out. No clock is
//! read, no id is drawn by chance, and fonts lie in the program, so that the same value gives the same bytes on every machine. A letter's
//! sheet can therefore be frozen with its batch and sent at every try.
//!
//! Its rules:
//!
//! - **A letter is one page**, US Letter, whatever strangers wrote into it: type shrinks a little, then the ask is cut and the page
//!   says so. Numbers, addressee, sender, hashes and the way to check are never cut away for it.
//! - **It holds no secret.** What is printed is copied, scanned and filed on public record, so its code leads to the public
//!   record and never to an office's own link.
//! - **A list has as many pages as it needs**, each with its head and `page 3 of 217`. Only one page is held open at a time; what is
//!   done is compressed.
//! - **Text is text.** Whatever the page shows can be searched and copied. A character that no font here holds is shown as a
//!   box, and is still there for whoever copies it. What is unseen (controls, marks that turn the direction of text around) is
//!   taken out before it is measured; right-to-left scripts run as they should inside lines that run from the left.
//! - **Heavy things stay here.** The writer of PDF, the shaper of scripts and the fonts are dependencies of this crate alone.
//!
//! Fonts are Noto, under the Open Font License, one file to a script; `fonts/README.md` lists what is covered and how the files are made.
//!
//! Arrows: may use `redress-model` and `redress-reports`, and needs neither yet; used by `redress-mailer`, by `redress-web` and by the program.
//!
//! To add a sheet: a file named for it with its view, its words beside those of the others in both languages, and a test that reads its
//! pages back. To add a script: a line in `fonts/prepare` and one in `text::fonts`.

mod code;
pub mod error;
pub mod language;
pub mod letter;
pub mod list;
mod page;
mod text;
