//! Words of headers that have a form of their own: addresses, ids, dates, names. Each is refused where its form is broken.

use crate::error::LettersError;
use crate::plain::hexadecimal;
use chrono::{DateTime, Datelike, Utc};

/// No word of a header is longer; with its header's name it stays below 998 (RFC 5322, section 2.1.1).
const WORD: usize = 900;

/// An atom (RFC 5322, section 3.2.3).
pub(super) fn is_atom(text: &str) -> bool {
    !text.is_empty()
        && text
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || b"!#$%&'*+-/=?^_`{|}~".contains(&byte))
}

/// An address as it stands in a header: the domain in ASCII (IDNA), the local part quoted where it is no run of atoms.
pub(super) fn address(email: &str, what: &'static str) -> Result<String, LettersError> {
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

pub(super) fn is_content_type(text: &str) -> bool {
    let (kind, parameters) = text.split_once(';').unwrap_or((text, ""));
    kind.split('/').count() == 2
        && kind.split('/').all(is_atom)
        && text.len() <= 200
        && parameters
            .bytes()
            .all(|byte| byte.is_ascii_graphic() || byte == b' ')
}

pub(super) fn percent_encoded(text: &str) -> String {
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
