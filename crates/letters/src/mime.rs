//! A message as bytes (RFC 5322, RFC 2045 to 2047, RFC 2183).
//!
//! `multipart/alternative(text, html)`, or with attachments `multipart/mixed(multipart/alternative(text, html), ...)`. Everything
//! that varies is a parameter, so that the same parameters give the same bytes and every attempt to send a message is the
//! same message: boundaries come from a seed, and begin with `=_`, which neither quoted-printable nor base64 can
//! write, so that no part holds one.
//!
//! All lines end in CR LF, are ASCII, and are at most 78 octets long where a word of a header (a link, an id) is not longer by itself;
//! none passes 998 (RFC 5322, section 2.1.1). A line break or a NUL where a header would be written is an error; what a reader
//! could not see is taken out; everything else is encoded.

mod body;
mod header;
mod token;

use crate::error::LettersError;
use crate::plain::hexadecimal;
use chrono::{DateTime, Utc};
use header::Headers;
use sha2::{Digest, Sha256};

/// Somebody with an address.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mailbox {
    /// The name shown, in any script; empty for none.
    pub name: String,
    /// The address; its domain may be written in any script.
    pub email: String,
}

/// What stands above the text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Head {
    /// Whose message it is: an address of ours, never a signer's.
    pub from: Mailbox,
    /// Where an answer goes, when not to `from`.
    pub reply_to: Option<Mailbox>,
    /// The one reader.
    pub to: Mailbox,
    /// The instant of `Date`, written in UTC, whole seconds.
    pub date: DateTime<Utc>,
    /// `left@right`, with or without angle brackets.
    pub message_id: String,
    /// Ids of the earlier messages of the thread, oldest first; the last becomes `In-Reply-To`.
    pub references: Vec<String>,
    /// Name of the list in domain form (RFC 2919), with or without angle brackets.
    pub list_id: Option<String>,
    /// The `https` address that takes a one-click unsubscription by POST (RFC 8058).
    pub list_unsubscribe: Option<String>,
    /// Further headers: a name of letters, digits and hyphens, and an unstructured value.
    pub extra: Vec<(String, String)>,
}

/// A file that goes with a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Attachment<'a> {
    /// Its name, at most 200 bytes; slashes become hyphens.
    pub filename: &'a str,
    /// `type/subtype`, ASCII, with parameters if need be.
    pub content_type: &'a str,
    /// What is in it.
    pub bytes: &'a [u8],
}

/// Puts a message together. `boundary_seed` is whatever is the message's own, its id for one.
///
/// Fails with [`LettersError::BrokenLine`] and [`LettersError::Header`] for parameters that cannot stand in a header.
pub fn assemble(
    head: &Head,
    subject: &str,
    text: &str,
    html: &str,
    attachments: &[Attachment<'_>],
    boundary_seed: &[u8],
) -> Result<Vec<u8>, LettersError> {
    let mut headers = Headers::default();
    write_head(&mut headers, head, subject)?;
    let files: usize = attachments.iter().map(|file| file.bytes.len()).sum();
    let mut message =
        Vec::with_capacity(files / 3 * 4 + files / 38 + text.len() + html.len() + 4096);
    let inner = boundary(boundary_seed, "alternative");
    if attachments.is_empty() {
        headers.multipart("alternative", &inner);
        message.extend_from_slice(headers.end().as_bytes());
        write_alternative(&mut message, &inner, text, html);
        return Ok(message);
    }
    let outer = boundary(boundary_seed, "mixed");
    headers.multipart("mixed", &outer);
    message.extend_from_slice(headers.end().as_bytes());
    open_part(&mut message, &outer);
    let mut part = Headers::default();
    part.multipart("alternative", &inner);
    message.extend_from_slice(part.end().as_bytes());
    write_alternative(&mut message, &inner, text, html);
    for attachment in attachments {
        message.extend_from_slice(b"\r\n");
        open_part(&mut message, &outer);
        let mut part = Headers::default();
        part.attachment(attachment.content_type, attachment.filename)?;
        message.extend_from_slice(part.end().as_bytes());
        body::write_base64(&mut message, attachment.bytes);
    }
    close_parts(&mut message, &outer);
    Ok(message)
}

fn write_head(headers: &mut Headers, head: &Head, subject: &str) -> Result<(), LettersError> {
    headers.mailbox("From", "the sender", &head.from)?;
    if let Some(reply_to) = &head.reply_to {
        headers.mailbox("Reply-To", "the address for answers", reply_to)?;
    }
    headers.mailbox("To", "the recipient", &head.to)?;
    headers.text("Subject", "the subject", subject)?;
    headers.words("Date", &[token::date(head.date)?]);
    headers.words("Message-ID", &[token::message_id(&head.message_id)?]);
    let references = head
        .references
        .iter()
        .map(|id| token::message_id(id))
        .collect::<Result<Vec<_>, _>>()?;
    if let Some(last) = references.last() {
        headers.words("In-Reply-To", std::slice::from_ref(last));
        headers.words("References", &references);
    }
    if let Some(list) = &head.list_id {
        headers.words("List-Id", &[token::list_id(list)?]);
    }
    if let Some(url) = &head.list_unsubscribe {
        headers.words("List-Unsubscribe", &[token::unsubscribe_url(url)?]);
        headers.words(
            "List-Unsubscribe-Post",
            &["List-Unsubscribe=One-Click".to_owned()],
        );
    }
    // RFC 3834: no other machine answers; Exchange reads a header of its own.
    headers.words("Auto-Submitted", &["auto-generated".to_owned()]);
    headers.words("X-Auto-Response-Suppress", &["OOF".to_owned()]);
    for (name, value) in &head.extra {
        headers.text(token::field_name(name)?, "a further header", value)?;
    }
    headers.words("MIME-Version", &["1.0".to_owned()]);
    Ok(())
}

fn write_alternative(message: &mut Vec<u8>, boundary: &str, text: &str, html: &str) {
    for (kind, content) in [("plain", text), ("html", html)] {
        open_part(message, boundary);
        let mut part = Headers::default();
        part.readable(kind);
        message.extend_from_slice(part.end().as_bytes());
        body::write_quoted_printable(message, content);
        // The break before a boundary belongs to the boundary (RFC 2046, section 5.1.1).
        message.extend_from_slice(b"\r\n");
    }
    message.truncate(message.len() - 2);
    close_parts(message, boundary);
}

fn open_part(message: &mut Vec<u8>, boundary: &str) {
    message.extend_from_slice(format!("--{boundary}\r\n").as_bytes());
}

fn close_parts(message: &mut Vec<u8>, boundary: &str) {
    message.extend_from_slice(format!("\r\n--{boundary}--\r\n").as_bytes());
}

fn boundary(seed: &[u8], of: &str) -> String {
    let digest = Sha256::new()
        .chain_update(of)
        .chain_update([0])
        .chain_update(seed)
        .finalize();
    format!("=_{}", hexadecimal(&digest[..15]))
}
