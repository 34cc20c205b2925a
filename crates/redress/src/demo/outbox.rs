//! `/outbox`: the mail of a demo, to be read in the browser. Nothing of it has left the machine.

use askama::Template;
use axum::Router;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::http::header::{CONTENT_SECURITY_POLICY, CONTENT_TYPE, X_CONTENT_TYPE_OPTIONS};
use axum::response::{Html, IntoResponse, Json, Response};
use axum::routing::get;
use chrono::{DateTime, Utc};
use mail_parser::MessageParser;
use serde::Serialize;
use std::io;
use std::path::{Path as FilePath, PathBuf};
use std::sync::Arc;

const STYLE: &str = include_str!("../../../../templates/demo/outbox.css");

/// A mail in the outbox.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Kept {
    /// Its name.
    pub id: String,
    /// Whom it is for.
    pub to: String,
    /// What it says it is about.
    pub subject: String,
    /// When it was kept.
    pub at: DateTime<Utc>,
    /// The web addresses in its text, each once.
    pub links: Vec<String>,
    /// Its text.
    #[serde(skip)]
    pub text: String,
    /// Its attachments by name.
    #[serde(skip)]
    pub attachments: Vec<String>,
}

#[derive(Template)]
#[template(path = "outbox.html")]
struct ListPage<'a> {
    mails: &'a [Kept],
}

#[derive(Template)]
#[template(path = "mail.html")]
struct MailPage<'a> {
    mail: &'a Kept,
    pieces: Vec<Piece<'a>>,
}

/// A piece of a text: plain, or a link.
struct Piece<'a> {
    text: &'a str,
    is_link: bool,
}

/// The pages of an outbox in a folder.
pub fn routes(folder: PathBuf) -> Router {
    Router::new()
        .route("/outbox", get(list))
        .route("/outbox.json", get(list_json))
        .route("/outbox/{id}", get(show))
        .route("/outbox.css", get(style))
        .with_state(Arc::new(folder))
}

type Folder = State<Arc<PathBuf>>;

async fn list(State(folder): Folder) -> Response {
    answer(list_mails(&folder).map(|mails| render(&ListPage { mails: &mails })))
}

async fn list_json(State(folder): Folder) -> Response {
    match list_mails(&folder) {
        Ok(mails) => Json(mails).into_response(),
        Err(_) => StatusCode::INTERNAL_SERVER_ERROR.into_response(),
    }
}

async fn style() -> impl IntoResponse {
    ([(CONTENT_TYPE, "text/css; charset=utf-8")], STYLE)
}

/// `/outbox/{id}` is a page, `/outbox/{id}.eml` the bytes.
async fn show(State(folder): Folder, Path(name): Path<String>) -> Response {
    let (id, is_raw) = match name.strip_suffix(".eml") {
        Some(id) => (id, true),
        None => (name.as_str(), false),
    };
    let Some(path) = find_mail(&folder, id) else {
        return StatusCode::NOT_FOUND.into_response();
    };
    if is_raw {
        return match std::fs::read(&path) {
            Ok(bytes) => {
                let headers = [
                    (CONTENT_TYPE, "message/rfc822"),
                    (X_CONTENT_TYPE_OPTIONS, "nosniff"),
                ];
                (headers, bytes).into_response()
            }
            Err(_) => StatusCode::NOT_FOUND.into_response(),
        };
    }
    answer(read_mail(&path).map(|mail| {
        let pieces = pieces(&mail.text);
        render(&MailPage {
            mail: &mail,
            pieces,
        })
    }))
}

fn render(page: &impl Template) -> String {
    // A page of texts renders.
    page.render().unwrap_or_default()
}

fn answer(page: io::Result<String>) -> Response {
    match page {
        Ok(page) => {
            let policy = "default-src 'none'; style-src 'self'; base-uri 'none'";
            ([(CONTENT_SECURITY_POLICY, policy)], Html(page)).into_response()
        }
        Err(_) => StatusCode::INTERNAL_SERVER_ERROR.into_response(),
    }
}

/// Every mail, the newest first.
pub fn list_mails(folder: &FilePath) -> io::Result<Vec<Kept>> {
    let mut mails = Vec::new();
    for entry in std::fs::read_dir(folder.join("new"))? {
        match read_mail(&entry?.path()) {
            Ok(mail) => mails.push(mail),
            // Taken away meanwhile.
            Err(error) if error.kind() == io::ErrorKind::NotFound => {}
            Err(error) => return Err(error),
        }
    }
    mails.sort_by(|one, other| other.at.cmp(&one.at).then_with(|| one.id.cmp(&other.id)));
    Ok(mails)
}

/// A mail by its name, which is letters and digits alone.
fn find_mail(folder: &FilePath, id: &str) -> Option<PathBuf> {
    let is_name = !id.is_empty() && id.bytes().all(|byte| byte.is_ascii_alphanumeric());
    let path = folder.join("new").join(id);
    (is_name && path.is_file()).then_some(path)
}

/// Reads one mail.
pub fn read_mail(path: &FilePath) -> io::Result<Kept> {
    let bytes = std::fs::read(path)?;
    let at = std::fs::metadata(path)?.modified()?;
    let message = MessageParser::default()
        .parse(&bytes)
        .ok_or_else(|| io::Error::other("not a message"))?;
    let text = message.body_text(0).unwrap_or_default().into_owned();
    let to = message
        .to()
        .and_then(|to| to.first())
        .and_then(|to| to.address())
        .unwrap_or_default();
    let mut links: Vec<String> = Vec::new();
    for piece in pieces(&text).into_iter().filter(|piece| piece.is_link) {
        if !links.iter().any(|link| link == piece.text) {
            links.push(piece.text.to_owned());
        }
    }
    Ok(Kept {
        id: path
            .file_name()
            .map(|name| name.to_string_lossy().into_owned())
            .unwrap_or_default(),
        to: to.to_owned(),
        subject: message.subject().unwrap_or_default().to_owned(),
        at: at.into(),
        links,
        attachments: message.attachments().filter_map(mail_name).collect(),
        text,
    })
}

fn mail_name(part: &mail_parser::MessagePart<'_>) -> Option<String> {
    use mail_parser::MimeHeaders;
    part.attachment_name().map(str::to_owned)
}

/// A text taken apart at its web addresses.
fn pieces(text: &str) -> Vec<Piece<'_>> {
    let mut pieces = Vec::new();
    let mut rest = text;
    while let Some(at) = rest
        .find("http://")
        .into_iter()
        .chain(rest.find("https://"))
        .min()
    {
        let (before, from) = rest.split_at(at);
        let end = from
            .find(|sign: char| sign.is_whitespace() || "<>\"')".contains(sign))
            .unwrap_or(from.len());
        let link = from[..end].trim_end_matches(['.', ',', ';', ':']);
        pieces.push(Piece {
            text: before,
            is_link: false,
        });
        pieces.push(Piece {
            text: link,
            is_link: true,
        });
        rest = &from[link.len()..];
    }
    pieces.push(Piece {
        text: rest,
        is_link: false,
    });
    pieces
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_taken_apart_at_its_links_and_nothing_is_lost() {
        let text = "See https://a.example/x?y=1. Or <http://b.example>, then go.";
        let all = pieces(text);
        let links: Vec<&str> = all
            .iter()
            .filter(|piece| piece.is_link)
            .map(|piece| piece.text)
            .collect();
        assert_eq!(links, ["https://a.example/x?y=1", "http://b.example"]);
        let whole: String = all.iter().map(|piece| piece.text).collect();
        assert_eq!(whole, text);
    }

    #[test]
    fn only_a_mail_of_the_outbox_is_shown() {
        let folder = FilePath::new("/nowhere");
        for id in ["", "../login", "a/b", "a.eml", ".."] {
            assert_eq!(find_mail(folder, id), None, "{id}");
        }
    }
}
