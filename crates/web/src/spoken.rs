//! In which language a page speaks: English, or Spanish.
//!
//! English stands in code and templates; `templates/site/spanish.json` holds each text in Spanish under its English. A path
//! that begins with `/es` or `/en` decides, or `?lang=es`; else the browser's `Accept-Language`. Links of a page go on in its
//! language, so that nothing has to be remembered about anybody. What organizers write stays as they wrote it; console and
//! desk speak English.
//!
//! To add a text: write it as a literal inside `t`, `say` or `english`, and its Spanish in the file; a test names what is missing.

use axum::extract::Request;
use axum::http::header::{ACCEPT_LANGUAGE, CONTENT_LANGUAGE, CONTENT_TYPE, VARY};
use axum::http::uri::PathAndQuery;
use axum::http::{HeaderMap, HeaderValue, Method, Uri};
use axum::middleware::Next;
use axum::response::Response;
use redress_model::spanish_post;
use std::collections::HashMap;
use std::fmt::Display;
use std::sync::LazyLock;

/// A language of the site.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) enum Language {
    /// As in the United States.
    #[default]
    English,
    /// As in the United States.
    Spanish,
}

impl Language {
    /// Its code (ISO 639-1), as signatures keep it.
    pub(crate) const fn code(self) -> &'static str {
        match self {
            Self::English => "en",
            Self::Spanish => "es",
        }
    }

    fn named(code: &str) -> Option<Self> {
        [Self::English, Self::Spanish]
            .into_iter()
            .find(|language| language.code() == code)
    }

    const fn other(self) -> Self {
        match self {
            Self::English => Self::Spanish,
            Self::Spanish => Self::English,
        }
    }
}

/// The language that a path asked for.
#[derive(Clone, Copy)]
struct Named(Language);

/// What one request speaks.
#[derive(Clone)]
struct Spoken {
    language: Language,
    /// What links begin with: empty, `/en` or `/es`.
    base: &'static str,
    /// The page itself in a path without a language; the home page where it cannot be read again.
    page: String,
}

tokio::task_local! {
    static SPOKEN: Spoken;
}

static SPANISH: LazyLock<HashMap<String, String>> = LazyLock::new(|| {
    let text = include_str!("../../../templates/site/spanish.json");
    serde_json::from_str(text).unwrap_or_default()
});

/// Takes the language off a path, before it is routed.
pub(crate) fn strip<B>(mut request: axum::http::Request<B>) -> axum::http::Request<B> {
    let uri = request.uri();
    let whole = uri.path_and_query().map_or("/", PathAndQuery::as_str);
    let found = [Language::English, Language::Spanish]
        .into_iter()
        .find_map(|language| {
            let rest = whole.strip_prefix('/')?.strip_prefix(language.code())?;
            let is_whole = rest.is_empty() || rest.starts_with(['/', '?']);
            is_whole.then(|| (language, rest.to_owned()))
        });
    let Some((language, rest)) = found else {
        return request;
    };
    let rest = if rest.starts_with('/') {
        rest
    } else {
        format!("/{rest}")
    };
    if let Ok(path) = rest.parse::<PathAndQuery>() {
        let mut parts = uri.clone().into_parts();
        parts.path_and_query = Some(path);
        if let Ok(stripped) = Uri::from_parts(parts) {
            *request.uri_mut() = stripped;
            request.extensions_mut().insert(Named(language));
        }
    }
    request
}

/// Decides the language of a request, and says it in the answer.
pub(crate) async fn choose(request: Request, next: Next) -> Response {
    let spoken = spoken(&request);
    let language = spoken.language;
    let mut response = SPOKEN.scope(spoken, next.run(request)).await;
    let headers = response.headers_mut();
    let is_page = headers
        .get(CONTENT_TYPE)
        .is_some_and(|kind| kind.as_bytes().starts_with(b"text/html"));
    if is_page {
        headers.append(VARY, HeaderValue::from_static("accept-language"));
        headers.insert(CONTENT_LANGUAGE, HeaderValue::from_static(language.code()));
    }
    response
}

fn spoken(request: &Request) -> Spoken {
    let (path, query) = (request.uri().path(), request.uri().query());
    let asked = query.into_iter().flat_map(|query| query.split('&'));
    let asked = asked
        .filter_map(|pair| pair.strip_prefix("lang="))
        .find_map(Language::named);
    let named = request.extensions().get::<Named>().map(|named| named.0);
    let is_english = ["/console", "/desk/"]
        .iter()
        .any(|face| path.starts_with(face));
    let chosen = asked.or(named);
    let language = if is_english {
        Language::English
    } else {
        chosen.unwrap_or_else(|| preferred(request.headers()))
    };
    Spoken {
        language,
        base: match chosen {
            None => "",
            Some(Language::English) => "/en",
            Some(Language::Spanish) => "/es",
        },
        page: if request.method() == Method::GET {
            path.to_owned()
        } else {
            String::new()
        },
    }
}

/// The language that a browser prefers (RFC 9110, section 12.5.4); English where it names neither.
fn preferred(headers: &HeaderMap) -> Language {
    let accepted = headers.get(ACCEPT_LANGUAGE);
    let accepted = accepted.and_then(|text| text.to_str().ok());
    let mut best = (0.0, Language::English);
    for range in accepted.unwrap_or_default().split(',') {
        let (tag, quality) = range.split_once(';').unwrap_or((range, "q=1"));
        let quality = quality.trim().strip_prefix("q=");
        let quality: f32 = quality.and_then(|text| text.parse().ok()).unwrap_or(0.0);
        let primary = tag.trim().split('-').next().unwrap_or_default();
        if let Some(language) = Language::named(&primary.to_ascii_lowercase())
            && quality > best.0
        {
            best = (quality, language);
        }
    }
    best.1
}

/// The language of the request at hand; English outside one.
pub(crate) fn language() -> Language {
    SPOKEN
        .try_with(|spoken| spoken.language)
        .unwrap_or_default()
}

/// What links of the request at hand begin with.
pub(crate) fn base() -> &'static str {
    SPOKEN.try_with(|spoken| spoken.base).unwrap_or_default()
}

/// The other language: its code, its name in itself, and where the page is in it; `fallback` for what cannot be read again.
pub(crate) fn other(fallback: &str) -> (&'static str, &'static str, String) {
    let other = language().other();
    let name = match other {
        Language::English => "English",
        Language::Spanish => "Español",
    };
    let page = SPOKEN
        .try_with(|spoken| spoken.page.clone())
        .unwrap_or_default();
    let page = if page.is_empty() { fallback } else { &page };
    (other.code(), name, format!("/{}{page}", other.code()))
}

/// A text of ours in the language of the request.
pub(crate) fn t(english: &'static str) -> &'static str {
    match language() {
        Language::English => english,
        Language::Spanish => SPANISH.get(english).map_or(english, String::as_str),
    }
}

/// The same for a text that was put together; what is not known stays.
pub(crate) fn told(english: &str) -> String {
    match language() {
        Language::English => english.to_owned(),
        Language::Spanish => SPANISH
            .get(english)
            .map_or_else(|| english.to_owned(), Clone::clone),
    }
}

/// A post's title: its government's own in English; in Spanish the office, where it is known.
pub(crate) fn post(title: &str) -> String {
    match language() {
        Language::English => title.to_owned(),
        Language::Spanish => spanish_post::title(title).unwrap_or_else(|| title.to_owned()),
    }
}

/// One of the homes that an address may have, as the map names it in English.
pub(crate) fn home(label: &str) -> String {
    match language() {
        Language::English => label.to_owned(),
        Language::Spanish => spanish_post::home(label),
    }
}

/// Marks a text that is shown in the language of whoever reads it.
pub(crate) const fn english(text: &'static str) -> &'static str {
    text
}

/// A text with one blank.
pub(crate) fn say1(english: &'static str, part: impl Display) -> String {
    say(english, &[&part])
}

/// A text of ours with its blanks `{}` filled in, in their order.
pub(crate) fn say(english: &'static str, parts: &[&dyn Display]) -> String {
    let mut pieces = t(english).split("{}");
    let mut text = pieces.next().unwrap_or_default().to_owned();
    for (index, piece) in pieces.enumerate() {
        if let Some(part) = parts.get(index) {
            text.push_str(&part.to_string());
        }
        text.push_str(piece);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;
    use std::path::Path;

    fn files(folder: &Path, ending: &str, found: &mut Vec<String>) {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                files(&path, ending, found);
            } else if path.to_string_lossy().ends_with(ending) {
                found.push(std::fs::read_to_string(path).unwrap());
            }
        }
    }

    /// The literals that follow an opening such as `t("`.
    fn literals(text: &str, opening: &str, found: &mut BTreeSet<String>) {
        for (at, _) in text.match_indices(opening) {
            let before = text[..at].chars().next_back();
            if before.is_some_and(|letter| letter.is_alphanumeric() || letter == '_') {
                continue;
            }
            let rest = text[at + opening.len()..].trim_start();
            let Some(rest) = rest.strip_prefix('"') else {
                continue;
            };
            let end = rest.match_indices('"').find(|(at, _)| {
                let slashes = rest[..*at].chars().rev().take_while(|it| *it == '\\');
                slashes.count() % 2 == 0
            });
            let literal = &rest[..end.unwrap().0];
            found.insert(literal.replace("\\\"", "\"").replace("\\\\", "\\"));
        }
    }

    /// What the site says: in templates, in code, and of fields that are wrong.
    fn said() -> BTreeSet<String> {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
        let mut found = BTreeSet::new();
        let mut texts = Vec::new();
        files(&root.join("templates/site"), ".html", &mut texts);
        files(&root.join("crates/web/src"), ".rs", &mut texts);
        for text in &texts {
            let code = text.split("#[cfg(test)]").next().unwrap();
            for opening in ["t(", "english(", "say(", "say1(", "say2(", "say3(", "say4("] {
                literals(code, opening, &mut found);
            }
        }
        for file in ["person_name", "email", "zip", "comment"] {
            let path = root.join(format!("crates/model/src/{file}.rs"));
            let text = std::fs::read_to_string(path).unwrap();
            let errors = text.split("coded_error! {").nth(1).unwrap();
            let errors = errors.split("\n}").next().unwrap();
            for line in errors.lines().filter(|line| line.contains(" = \"")) {
                found.insert(line.split('"').nth(3).unwrap().to_owned());
            }
        }
        found
    }

    #[test]
    fn every_text_of_the_site_stands_in_spanish_and_none_is_left_over() {
        let said = said();
        let spanish: BTreeSet<String> = SPANISH.keys().cloned().collect();
        let missing: Vec<_> = said.difference(&spanish).collect();
        assert!(missing.is_empty(), "without Spanish: {missing:#?}");
        let unused: Vec<_> = spanish.difference(&said).collect();
        assert!(unused.is_empty(), "said nowhere: {unused:#?}");
        assert!(said.len() > 150, "{}", said.len());
    }

    #[test]
    fn both_languages_have_the_same_blanks() {
        for (english, spanish) in SPANISH.iter() {
            let blanks = |text: &str| text.matches("{}").count();
            assert_eq!(blanks(english), blanks(spanish), "{english}");
            assert!(!spanish.trim().is_empty(), "{english}");
        }
    }

    #[test]
    fn no_page_of_the_site_holds_text_in_one_language_alone() {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../templates/site");
        for entry in std::fs::read_dir(root).unwrap() {
            let path = entry.unwrap().path();
            if path.extension().is_none_or(|ending| ending != "html") {
                continue;
            }
            let text = std::fs::read_to_string(&path).unwrap();
            let mut bare = String::new();
            let mut rest = text.as_str();
            while let Some(at) = rest.find(['{', '<']) {
                bare.push_str(&rest[..at]);
                let closing = match &rest[at..] {
                    open if open.starts_with("{{") => "}}",
                    open if open.starts_with("{%") => "%}",
                    open if open.starts_with("{#") => "#}",
                    _ => ">",
                };
                let end = rest[at..].find(closing).unwrap();
                rest = &rest[at + end + closing.len()..];
            }
            let words = bare.split(|letter: char| !letter.is_alphabetic());
            let words: Vec<_> = words.filter(|word| word.len() > 1).collect();
            assert!(
                words
                    .iter()
                    .all(|word| *word == "class" || *word == "columns"),
                "{}: {words:?}",
                path.display()
            );
        }
    }

    #[test]
    fn a_browser_says_which_language_it_prefers() {
        for (accepted, language) in [
            ("es-MX,es;q=0.9,en;q=0.8", Language::Spanish),
            ("en-US,en;q=0.9,es;q=0.8", Language::English),
            ("fr,es;q=0.5,en;q=0.4", Language::Spanish),
            ("en;q=0.3, ES;q=0.7", Language::Spanish),
            ("es;q=0", Language::English),
            ("fr", Language::English),
            ("", Language::English),
        ] {
            let mut headers = HeaderMap::new();
            headers.insert(ACCEPT_LANGUAGE, accepted.parse().unwrap());
            assert_eq!(preferred(&headers), language, "{accepted}");
        }
    }

    #[test]
    fn a_path_loses_its_language_alone() {
        for (path, stripped) in [
            ("/es/p/it?note=link", "/p/it?note=link"),
            ("/es", "/"),
            ("/en?lang=es", "/?lang=es"),
            ("/essay", "/essay"),
            ("/p/es", "/p/es"),
        ] {
            let request = axum::http::Request::get(path).body(()).unwrap();
            let uri = strip(request).uri().to_string();
            assert_eq!(uri, stripped, "{path}");
        }
    }
}
