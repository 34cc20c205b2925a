//! Headers: folded (RFC 5322, section 2.2.3), encoded where they are not ASCII (RFC 2047), and never what they were not asked to be.

use super::Mailbox;
use super::token::{address, is_atom, is_content_type, percent_encoded};
use crate::error::LettersError;
use crate::plain::one_line;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;

/// Lines are folded before they pass this; RFC 2047 sets 76 for lines with encoded words.
const LINE: usize = 76;

/// Header lines as they are written one after another.
#[derive(Default)]
pub(super) struct Headers {
    out: String,
    column: usize,
    is_at_name: bool,
}

impl Headers {
    /// Somebody with an address. `what` names them in an error.
    pub(super) fn mailbox(
        &mut self,
        name: &str,
        what: &'static str,
        mailbox: &Mailbox,
    ) -> Result<(), LettersError> {
        let shown = seen(&mailbox.name, what)?;
        let address = address(&mailbox.email, what)?;
        self.open(name);
        if shown.is_empty() {
            self.word(&address);
        } else {
            if is_plain(&shown) && shown.split(' ').all(is_atom) {
                self.folded(&shown);
            } else if is_plain(&shown) {
                let quoted = shown.replace('\\', "\\\\").replace('"', "\\\"");
                self.folded(&format!("\"{quoted}\""));
            } else {
                self.encoded(&shown);
            }
            self.word(&format!("<{address}>"));
        }
        self.close();
        Ok(())
    }

    /// Unstructured text. `what` names it in an error.
    pub(super) fn text(
        &mut self,
        name: &str,
        what: &'static str,
        text: &str,
    ) -> Result<(), LettersError> {
        let shown = seen(text, what)?;
        self.open(name);
        if is_plain(&shown) {
            self.folded(&shown);
        } else {
            self.encoded(&shown);
        }
        self.close();
        Ok(())
    }

    /// Words that are known to be well-formed, one after another.
    pub(super) fn words(&mut self, name: &str, words: &[String]) {
        self.open(name);
        for word in words {
            self.word(word);
        }
        self.close();
    }

    /// That parts follow.
    pub(super) fn multipart(&mut self, kind: &str, boundary: &str) {
        self.words(
            "Content-Type",
            &[
                format!("multipart/{kind};"),
                format!("boundary=\"{boundary}\""),
            ],
        );
    }

    /// That text follows, in quoted-printable.
    pub(super) fn readable(&mut self, kind: &str) {
        self.words(
            "Content-Type",
            &[format!("text/{kind};"), "charset=utf-8".to_owned()],
        );
        self.words(
            "Content-Transfer-Encoding",
            &["quoted-printable".to_owned()],
        );
    }

    /// That a file follows, in base64 (RFC 2183; RFC 2231 for names that are not ASCII).
    pub(super) fn attachment(
        &mut self,
        content_type: &str,
        filename: &str,
    ) -> Result<(), LettersError> {
        if !is_content_type(content_type) {
            return Err(LettersError::Header("the type of an attachment"));
        }
        let what = "the name of an attachment";
        let filename = seen(filename, what)?.replace(['/', '\\'], "-");
        if filename.is_empty() || filename.len() > 200 {
            return Err(LettersError::Header(what));
        }
        let named = if is_plain(&filename) {
            format!("filename=\"{}\"", filename.replace('"', "\\\""))
        } else {
            format!("filename*=UTF-8''{}", percent_encoded(&filename))
        };
        self.words("Content-Type", &[content_type.to_owned()]);
        self.words("Content-Transfer-Encoding", &["base64".to_owned()]);
        self.words("Content-Disposition", &["attachment;".to_owned(), named]);
        Ok(())
    }

    /// The lines, and the empty one that ends them.
    pub(super) fn end(mut self) -> String {
        self.out.push_str("\r\n");
        self.out
    }

    fn open(&mut self, name: &str) {
        self.out.push_str(name);
        self.out.push(':');
        self.column = name.len() + 1;
        self.is_at_name = true;
    }

    fn close(&mut self) {
        self.out.push_str("\r\n");
    }

    /// A word on this line if there is room for it. The first stays beside the header's name: a line of nothing but blanks is
    /// what some servers take for the end of the headers.
    fn word(&mut self, word: &str) {
        if self.column + 1 + word.len() > LINE && !self.is_at_name {
            self.out.push_str("\r\n");
            self.column = 0;
        }
        self.is_at_name = false;
        self.out.push(' ');
        self.out.push_str(word);
        self.column += 1 + word.len();
    }

    /// Text that stands as it is, folded between its words.
    fn folded(&mut self, text: &str) {
        for word in text.split(' ') {
            self.word(word);
        }
    }

    /// Text as encoded words in base64, none of which cuts a character.
    fn encoded(&mut self, text: &str) {
        let mut rest = text;
        while !rest.is_empty() {
            let room = LINE.saturating_sub(self.column + 1 + "=?UTF-8?B??=".len()) / 4 * 3;
            // The least that holds any one character, with a little to spare for lines that are nearly full.
            let room = if room < 12 { 45 } else { room.min(45) };
            let mut cut = rest.len().min(room);
            while !rest.is_char_boundary(cut) {
                cut -= 1;
            }
            let (now, later) = rest.split_at(cut);
            self.word(&format!("=?UTF-8?B?{}?=", STANDARD.encode(now)));
            rest = later;
        }
    }
}

/// What a reader sees of a text on one line. A break or a NUL is refused rather than mended: nobody types one into a name, so that
/// somebody means a header of their own.
fn seen(text: &str, what: &'static str) -> Result<String, LettersError> {
    if text.contains(['\r', '\n', '\0']) {
        return Err(LettersError::BrokenLine(what));
    }
    Ok(one_line(text))
}

/// Whether it can stand in a header as it is: ASCII, nothing that reads as an encoded word, no word too long for a line.
fn is_plain(text: &str) -> bool {
    text.is_ascii() && !text.contains("=?") && text.split(' ').all(|word| word.len() < LINE - 8)
}
