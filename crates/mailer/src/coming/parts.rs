//! A message taken apart, within bounds.

use mail_parser::{HeaderName, MessageParser, MimeHeaders, PartType};

/// How deep parts are gone into. Real reports need three levels.
const DEEPEST: usize = 8;
/// How many parts are looked at.
const MOST: usize = 64;
/// How many bytes of one part are decoded.
const LONGEST: usize = 1 << 20;
/// How many header fields of one part are kept, and how many characters of each.
const FIELDS: (usize, usize) = (500, 4_000);

/// The header of a message or part.
#[derive(Debug, Clone, Default)]
pub(super) struct Head {
    /// Names in lower case; values unfolded, without control characters.
    fields: Vec<(String, String)>,
    /// The subject, decoded.
    pub(super) subject: String,
    /// The first address of From, as it was written.
    pub(super) from: String,
    /// The name beside it, decoded; empty for none.
    pub(super) from_name: String,
}

impl Head {
    /// Reads the header at the beginning of some bytes; empty where there is none.
    pub(super) fn of(bytes: &[u8]) -> Self {
        let Some(message) = MessageParser::default().parse_headers(bytes) else {
            return Self::default();
        };
        let from = message.from().and_then(|from| from.first());
        let fields = message
            .headers()
            .iter()
            .take(FIELDS.0)
            .map(|header| {
                let range = header.offset_start as usize..header.offset_end as usize;
                let value = bytes.get(range).unwrap_or_default();
                let value = &value[..value.len().min(FIELDS.1 * 4)];
                (
                    header.name.as_str().to_ascii_lowercase(),
                    unfolded(&String::from_utf8_lossy(value)),
                )
            })
            .collect();
        Self {
            fields,
            subject: unfolded(message.subject().unwrap_or_default()),
            from: from
                .and_then(|from| from.address())
                .map(unfolded)
                .unwrap_or_default(),
            from_name: from
                .and_then(|from| from.name())
                .map(unfolded)
                .unwrap_or_default(),
        }
    }

    /// All values of a name (in lower case), in order.
    pub(super) fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        let named = move |(its, value): &'a (String, String)| (its == name).then_some(&**value);
        self.fields.iter().filter_map(named)
    }

    /// The first value of a name.
    pub(super) fn first(&self, name: &str) -> Option<&str> {
        self.fields
            .iter()
            .find(|(its, _)| its == name)
            .map(|(_, value)| value.as_str())
    }

    /// The first value of a name in lower case; empty for none.
    pub(super) fn word(&self, name: &str) -> String {
        self.first(name).unwrap_or_default().to_lowercase()
    }

    /// Whether there is anything.
    pub(super) fn is_empty(&self) -> bool {
        self.fields.is_empty()
    }

    /// Whether the envelope had no sender, as far as a way in has noted it: what must not be answered (RFC 5321, section 4.5.5).
    pub(super) fn has_null_sender(&self) -> bool {
        self.first("return-path")
            .is_some_and(|path| path.replace(char::is_whitespace, "") == "<>")
    }
}

/// One part.
#[derive(Debug, Clone)]
pub(super) struct Part {
    /// Its type, in lower case: `text/plain`.
    pub(super) kind: String,
    /// The report that a multipart/report says to be, in lower case.
    pub(super) report_type: String,
    /// What it says, decoded; of types that are text or made of fields.
    pub(super) text: Option<String>,
    /// The header of the message that it holds, or that it quotes.
    pub(super) inner: Option<Head>,
}

/// A message: its header, and its parts from the outside in.
#[derive(Debug, Clone)]
pub(super) struct Parts {
    pub(super) head: Head,
    pub(super) list: Vec<Part>,
}

impl Parts {
    /// Takes a message apart.
    pub(super) fn of(bytes: &[u8]) -> Self {
        let mut list = Vec::new();
        walk(bytes, 0, &mut list);
        Self {
            head: Head::of(bytes),
            list,
        }
    }

    /// What the first part of a type says.
    pub(super) fn text_of(&self, kind: &str) -> Option<&str> {
        let part = self
            .list
            .iter()
            .find(|part| part.kind == kind && part.text.is_some())?;
        part.text.as_deref()
    }

    /// What it says to people: the plain text, or else the HTML as text; empty for nothing.
    pub(super) fn text(&self) -> String {
        self.text_of("text/plain")
            .filter(|text| !text.trim().is_empty())
            .map(str::to_owned)
            .or_else(|| {
                self.text_of("text/html")
                    .map(mail_parser::decoders::html::html_to_text)
            })
            .unwrap_or_default()
    }
}

fn walk(bytes: &[u8], depth: usize, list: &mut Vec<Part>) {
    if list.len() >= MOST {
        return;
    }
    let header = MessageParser::default().parse_headers(bytes);
    let content_type = header.as_ref().and_then(|header| header.content_type());
    let kind = content_type.map_or_else(
        || "text/plain".to_owned(),
        |kind| {
            let subtype = kind.subtype().unwrap_or("plain");
            format!("{}/{subtype}", kind.ctype()).to_ascii_lowercase()
        },
    );
    let attribute = |name| content_type.and_then(|kind| kind.attribute(name));
    let report_type = attribute("report-type")
        .unwrap_or_default()
        .to_ascii_lowercase();
    let body = body_of(bytes);
    let children = match attribute("boundary") {
        Some(boundary) if kind.starts_with("multipart/") => split(body, boundary),
        _ => Vec::new(),
    };
    let is_whole = !kind.starts_with("multipart/") || children.is_empty();
    let holds_message = matches!(kind.as_str(), "message/rfc822" | "message/global");
    let is_encoded = header.as_ref().is_some_and(|header| {
        let encoding = header.header(HeaderName::ContentTransferEncoding);
        let encoding = encoding.and_then(|it| it.as_text()).unwrap_or_default();
        matches!(
            encoding.to_ascii_lowercase().as_str(),
            "base64" | "quoted-printable"
        )
    });
    let text = (is_whole && !holds_message)
        .then(|| decoded(bytes, &kind))
        .flatten();
    let inner = match (kind.as_str(), &text) {
        ("message/rfc822" | "message/global", _) if !is_encoded => Some(Head::of(body)),
        (
            "text/rfc822-headers" | "message/rfc822-headers" | "message/global-headers",
            Some(text),
        ) => Some(Head::of(text.as_bytes())),
        _ => None,
    };
    list.push(Part {
        kind,
        report_type,
        text,
        inner,
    });
    if depth < DEEPEST {
        for child in children {
            walk(child, depth + 1, list);
        }
    }
}

/// What a part says, its encoding and charset undone. Never called for a part that holds a message, nor for one with parts: of
/// those the library would go in as deep as a stranger likes.
fn decoded(bytes: &[u8], kind: &str) -> Option<String> {
    let is_text = kind.starts_with("text/") || kind.starts_with("message/");
    if !is_text && !kind.starts_with("multipart/") {
        return None;
    }
    let bytes = &bytes[..bytes.len().min(LONGEST)];
    if kind.starts_with("multipart/") {
        // It says that it has parts and has none: people still see its text.
        return Some(String::from_utf8_lossy(body_of(bytes)).into_owned());
    }
    let message = MessageParser::default().parse(bytes)?;
    Some(match &message.parts.first()?.body {
        PartType::Text(text) | PartType::Html(text) => text.to_string(),
        PartType::Binary(bytes) | PartType::InlineBinary(bytes) => {
            String::from_utf8_lossy(bytes).into_owned()
        }
        PartType::Message(_) | PartType::Multipart(_) => return None,
    })
}

/// What follows the first empty line; nothing where there is none.
fn body_of(bytes: &[u8]) -> &[u8] {
    let mut at = 0;
    for line in bytes.split_inclusive(|byte| *byte == b'\n') {
        at += line.len();
        if matches!(line, b"\n" | b"\r\n") {
            return &bytes[at..];
        }
    }
    &[]
}

/// The parts between lines that are a boundary.
fn split<'a>(body: &'a [u8], boundary: &str) -> Vec<&'a [u8]> {
    let mut parts = Vec::new();
    let mut from = None;
    let mut at = 0;
    for line in body.split_inclusive(|byte| *byte == b'\n') {
        let begins = at;
        at += line.len();
        let Some(rest) = line
            .strip_prefix(b"--")
            .and_then(|rest| rest.strip_prefix(boundary.as_bytes()))
        else {
            continue;
        };
        let rest = rest.trim_ascii_end();
        if !rest.is_empty() && rest != b"--" {
            continue;
        }
        if let Some(from) = from {
            parts.push(&body[from..begins]);
        }
        from = (rest.is_empty() && parts.len() < MOST).then_some(at);
        if from.is_none() {
            return parts;
        }
    }
    if let Some(from) = from {
        // What was cut short ends where it ends.
        parts.push(&body[from..]);
    }
    parts
}

/// A value on one line: white space is one space, control characters go.
fn unfolded(text: &str) -> String {
    let text: String = text
        .chars()
        .map(|letter| if letter.is_whitespace() { ' ' } else { letter })
        .filter(|letter| !letter.is_control())
        .take(FIELDS.1)
        .collect();
    text.split(' ')
        .filter(|word| !word.is_empty())
        .collect::<Vec<_>>()
        .join(" ")
}
