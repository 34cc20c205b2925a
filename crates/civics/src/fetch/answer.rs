//! What the head of an answer means for a file of which some bytes may be here.

use super::part::Seen;
use super::retry;
use std::time::Duration;
use ureq::http::{HeaderMap, StatusCode};

/// What to do about an answer.
#[derive(Debug, PartialEq, Eq)]
pub enum Verdict {
    /// The whole file comes, of so many bytes if that is known.
    Whole {
        /// What the server says of it.
        seen: Seen,
    },
    /// The rest comes, up to a whole of so many bytes.
    Rest {
        /// The whole length.
        total: u64,
    },
    /// Nothing is missing: the part is as long as the file.
    Complete,
    /// What is here is of no use any more.
    Restart {
        /// Why.
        why: String,
    },
    /// There is no such file.
    Absent,
    /// Another try may bring it.
    Again {
        /// What the server said.
        why: String,
        /// For how long it asks to be left alone.
        wait: Option<Duration>,
    },
    /// No other try would bring it.
    Refused {
        /// What the server said, and the mend.
        why: String,
    },
}

/// Judges the head of an answer to a request for a file of which `have` bytes are here.
pub fn judge(
    status: StatusCode,
    head: &HeaderMap,
    address: &str,
    have: u64,
    before: Option<&Seen>,
) -> Verdict {
    let said = format!("answers {}", status.as_u16());
    match status.as_u16() {
        200 => Verdict::Whole {
            seen: seen(head, address),
        },
        206 => rest(head, have, before),
        // Asked for the rest of what is all here already, or of a file that has become shorter.
        416 => match range(head) {
            Some((None, Some(total))) if have > 0 && total == have => Verdict::Complete,
            _ => Verdict::Restart {
                why: format!("{said}: it has another file than the one begun"),
            },
        },
        404 | 410 => Verdict::Absent,
        408 | 425 | 429 | 500..=599 => Verdict::Again {
            why: said,
            wait: retry::asked_for(head),
        },
        401 | 403 | 407 => Verdict::Refused {
            why: format!("{said}: it does not let this machine in; try another base address"),
        },
        _ => Verdict::Refused {
            why: format!("{said}, which is no file; check the base address"),
        },
    }
}

fn rest(head: &HeaderMap, have: u64, before: Option<&Seen>) -> Verdict {
    let restart = |why: &str| Verdict::Restart {
        why: why.to_owned(),
    };
    let Some((Some((first, last)), Some(total))) = range(head) else {
        return restart("sends a part without saying which");
    };
    if first != have || last.checked_add(1) != Some(total) || total <= have {
        return restart("sends another part than was asked for");
    }
    let is_the_same = before.is_some_and(|before| {
        let now = seen(head, &before.address);
        let agrees = |now: &Option<String>, then: &Option<String>| {
            now.is_none() || then.is_none() || now == then
        };
        agrees(&now.etag, &before.etag)
            && agrees(&now.last_modified, &before.last_modified)
            && before.total.is_none_or(|before| before == total)
    });
    if is_the_same {
        Verdict::Rest { total }
    } else {
        restart("has another file than the one begun")
    }
}

fn seen(head: &HeaderMap, address: &str) -> Seen {
    let text = |name: &str| {
        head.get(name)
            .and_then(|value| value.to_str().ok())
            .map(|text| text.trim().to_owned())
    };
    Seen {
        address: address.to_owned(),
        // A weak tag does not promise the same bytes (RFC 9110, section 8.8.1).
        etag: text("etag").filter(|etag| etag.starts_with('"')),
        last_modified: text("last-modified"),
        total: text("content-length").and_then(|length| length.parse().ok()),
    }
}

/// First and last byte of a part.
type Span = (u64, u64);

/// `Content-Range`: the part, if it names one, and the whole length, if it knows it.
fn range(head: &HeaderMap) -> Option<(Option<Span>, Option<u64>)> {
    let text = head.get("content-range")?.to_str().ok()?;
    let (part, total) = text.trim().strip_prefix("bytes ")?.split_once('/')?;
    let part = match part.split_once('-') {
        Some((first, last)) => Some((first.parse().ok()?, last.parse().ok()?)),
        None if part == "*" => None,
        None => return None,
    };
    let total = match total {
        "*" => None,
        total => Some(total.parse().ok()?),
    };
    Some((part, total))
}
