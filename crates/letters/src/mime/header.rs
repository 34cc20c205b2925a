//! Headers: folded (RFC 5322, section 2.2.3), encoded where they are not ASCII (RFC 2047), and never what they were not asked to be.

use super::Mailbox;
use crate::error::LettersError;
use crate::plain::{hexadecimal, one_line};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use chrono::{DateTime, Datelike, Utc};

/// Lines are folded before they pass this; RFC 2047 sets 76 for lines with encoded words.
const LINE: usize = 76;
/// No word of a header is longer; with its header's name it stays below 998 (RFC 5322, section 2.1.1).
const WORD: usize = 900;

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

/// An atom (RFC 5322, section 3.2.3).
fn is_atom(text: &str) -> bool {
    !text.is_empty()
        && text
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || b"!#$%&'*+-/=?^_`{|}~".contains(&byte))
}

/// An address as it stands in a header: the domain in ASCII (IDNA), the local part quoted where it is no run of atoms.
fn address(email: &str, what: &'static str) -> Result<String, LettersError> {
    if email.contains(['\r', '\n', '\0']) {
        return Err(LettersError::BrokenLine(what));
    }
    let wrong = || LettersError::Header(what);
    let (local, domain) = email.rsplit_once('@').ok_or_else(wrong)?;
    let domain = idna::domain_to_ascii(domain).map_err(|_| wrong())?;
    let is_domain = domain.split('.').all(|label| {
        !label.is_empty()
            && label
                .bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
    });
    let is_local =
        (1..=64).contains(&local.len()) && local.bytes().all(|byte| byte.is_ascii_graphic());
    if !is_domain || !is_local || domain.len() > 253 {
        return Err(wrong());
    }
    if local.split('.').all(is_atom) {
        return Ok(format!("{local}@{domain}"));
    }
    let quoted = local.replace('\\', "\\\\").replace('"', "\\\"");
    Ok(format!("\"{quoted}\"@{domain}"))
}

/// An instant as RFC 5322, section 3.3, writes it: with a year of four digits.
pub(super) fn date(instant: DateTime<Utc>) -> Result<String, LettersError> {
    if (1900..=9999).contains(&instant.year()) {
        Ok(instant.to_rfc2822())
    } else {
        Err(LettersError::Header("the date"))
    }
}

/// `<left@right>` of an id with or without its brackets (RFC 5322, section 3.6.4).
pub(super) fn message_id(id: &str) -> Result<String, LettersError> {
    let wrong = LettersError::Header("the id of a message");
    let bare = without_brackets(id);
    match bare.split_once('@') {
        Some((left, right))
            if left.split('.').all(is_atom)
                && right.split('.').all(is_atom)
                && bare.len() <= WORD =>
        {
            Ok(format!("<{bare}>"))
        }
        _ => Err(wrong),
    }
}

/// `<name.of.the.list>` with or without its brackets (RFC 2919).
pub(super) fn list_id(id: &str) -> Result<String, LettersError> {
    let bare = without_brackets(id);
    if bare.len() <= 255 && bare.contains('.') && bare.split('.').all(is_atom) {
        Ok(format!("<{bare}>"))
    } else {
        Err(LettersError::Header("the id of the list"))
    }
}

/// `<https://...>`; one click works over `https` alone (RFC 8058, section 3.1).
pub(super) fn unsubscribe_url(url: &str) -> Result<String, LettersError> {
    let is_url = url.starts_with("https://")
        && url.len() <= WORD
        && url
            .bytes()
            .all(|byte| byte.is_ascii_graphic() && !b"<>,\"".contains(&byte));
    if is_url {
        Ok(format!("<{url}>"))
    } else {
        Err(LettersError::Header("the address to unsubscribe at"))
    }
}

/// A name for a further header: one that this module does not write itself.
pub(super) fn field_name(name: &str) -> Result<&str, LettersError> {
    const OURS: [&str; 20] = [
        "from",
        "reply-to",
        "to",
        "cc",
        "bcc",
        "sender",
        "subject",
        "date",
        "message-id",
        "in-reply-to",
        "references",
        "list-id",
        "list-unsubscribe",
        "list-unsubscribe-post",
        "auto-submitted",
        "x-auto-response-suppress",
        "mime-version",
        "content-type",
        "content-transfer-encoding",
        "content-disposition",
    ];
    let is_name = (1..=60).contains(&name.len())
        && name
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || byte == b'-');
    if is_name && !OURS.contains(&name.to_ascii_lowercase().as_str()) {
        Ok(name)
    } else {
        Err(LettersError::Header("the name of a further header"))
    }
}

fn without_brackets(id: &str) -> &str {
    id.strip_prefix('<')
        .and_then(|id| id.strip_suffix('>'))
        .unwrap_or(id)
}

fn is_content_type(text: &str) -> bool {
    let (kind, parameters) = text.split_once(';').unwrap_or((text, ""));
    kind.split('/').count() == 2
        && kind.split('/').all(is_atom)
        && text.len() <= 200
        && parameters
            .bytes()
            .all(|byte| byte.is_ascii_graphic() || byte == b' ')
}

fn percent_encoded(text: &str) -> String {
    text.bytes().fold(String::new(), |mut out, byte| {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            out.push(char::from(byte));
        } else {
            out.push('%');
            out.push_str(&hexadecimal(&[byte]).to_uppercase());
        }
        out
    })
}
