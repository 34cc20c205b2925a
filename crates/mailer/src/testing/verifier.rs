//! Checks signatures as a server does that got a message (RFC 6376, section 6.1): apart from the code that makes them, but for the headers'
//! form.

use crate::dkim::{Field, fields, hash_input};
use aws_lc_rs::signature::{
    ED25519, RSA_PKCS1_1024_8192_SHA256_FOR_LEGACY_USE_ONLY, UnparsedPublicKey,
    VerificationAlgorithm,
};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use sha2::{Digest, Sha256};
use std::collections::HashMap;

/// Checks a message's `nth` signature, from 0, against the `p=` of its record, decoded. `Err` says what is wrong.
pub fn verify(message: &[u8], nth: usize, public: &[u8]) -> Result<(), &'static str> {
    let (all, body) = fields(message).ok_or("no message")?;
    let is_signature = |field: &&Field<'_>| field.name.eq_ignore_ascii_case("DKIM-Signature");
    let own = all
        .iter()
        .filter(is_signature)
        .nth(nth)
        .ok_or("no signature")?;
    let text = std::str::from_utf8(own.value).map_err(|_| "no text")?;
    let tags = tags(text);
    let tag = |name: &str| tags.get(name).map(String::as_str).ok_or("a tag is missing");
    let decoded = |name: &str| {
        STANDARD
            .decode(squeezed(tag(name)?))
            .map_err(|_| "no base64")
    };

    let is_relaxed = match tag("c")? {
        "relaxed/relaxed" => true,
        "relaxed/simple" => false,
        _ => return Err("another form"),
    };
    let body = if is_relaxed {
        relaxed_body(&message[body..])
    } else {
        simple_body(&message[body..])
    };
    if Sha256::digest(&body)[..] != decoded("bh")?[..] {
        return Err("the body is another");
    }
    let at = text.rfind("b=").ok_or("no b=")?;
    let emptied = &text.as_bytes()[..at + 2];
    let own = Field {
        name: own.name,
        value: emptied,
    };
    let names = squeezed(tag("h")?);
    let input = hash_input(&all, names.split(':'), &own);
    let signature = decoded("b")?;
    let is_right = match tag("a")? {
        "ed25519-sha256" => check(&ED25519, public, &Sha256::digest(&input), &signature),
        "rsa-sha256" => check(
            &RSA_PKCS1_1024_8192_SHA256_FOR_LEGACY_USE_ONLY,
            public,
            &input,
            &signature,
        ),
        _ => return Err("another algorithm"),
    };
    is_right.then_some(()).ok_or("the signature is wrong")
}

/// The tags of the `nth` signature, without blanks.
pub fn tags_of(message: &[u8], nth: usize) -> Option<HashMap<String, String>> {
    let (all, _) = fields(message)?;
    let own = all
        .iter()
        .filter(|field| field.name.eq_ignore_ascii_case("DKIM-Signature"))
        .nth(nth)?;
    let tags = tags(std::str::from_utf8(own.value).ok()?);
    Some(
        tags.into_iter()
            .map(|(name, value)| (name, squeezed(&value)))
            .collect(),
    )
}

fn check(
    algorithm: &'static dyn VerificationAlgorithm,
    public: &[u8],
    signed: &[u8],
    signature: &[u8],
) -> bool {
    UnparsedPublicKey::new(algorithm, public)
        .verify(signed, signature)
        .is_ok()
}

fn tags(text: &str) -> HashMap<String, String> {
    text.split(';')
        .filter_map(|tag| tag.split_once('='))
        .map(|(name, value)| (name.trim().to_owned(), value.trim().to_owned()))
        .collect()
}

fn squeezed(text: &str) -> String {
    text.chars()
        .filter(|letter| !letter.is_whitespace())
        .collect()
}

/// RFC 6376, section 3.4.3.
fn simple_body(body: &[u8]) -> Vec<u8> {
    let mut body = body.to_vec();
    while body.ends_with(b"\r\n") {
        body.truncate(body.len() - 2);
    }
    body.extend_from_slice(b"\r\n");
    body
}

/// RFC 6376, section 3.4.4.
fn relaxed_body(body: &[u8]) -> Vec<u8> {
    let text = String::from_utf8_lossy(body);
    let mut lines: Vec<String> = text
        .split("\r\n")
        .map(|line| {
            let mut out = String::new();
            let mut is_after_blank = false;
            for letter in line.chars() {
                if matches!(letter, ' ' | '\t') {
                    is_after_blank = true;
                } else {
                    if is_after_blank {
                        out.push(' ');
                    }
                    is_after_blank = false;
                    out.push(letter);
                }
            }
            out
        })
        .collect();
    while lines.last().is_some_and(String::is_empty) {
        lines.pop();
    }
    lines
        .iter()
        .flat_map(|line| [line.as_bytes(), b"\r\n"])
        .flatten()
        .copied()
        .collect()
}
