//! An office's answer by mail, handed on to whoever runs the petition.

use crate::error::LettersError;
use crate::parts::MailParts;
use crate::plain::{one_line, shortened};
use crate::web_address;
use crate::wrap::wrapped;
use askama::Template;

/// The longest answer that is quoted, in characters.
const QUOTED: usize = 20_000;

/// Everything that the mail says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ForwardView {
    /// The petition's headline.
    pub petition_title: String,
    /// Whose letter was answered: `Mayor Elena Ruiz, Aurora city`.
    pub office: String,
    /// The letter's batch.
    pub batch: u32,
    /// Who wrote, as the answer says: name and address.
    pub from: String,
    /// The answer's subject.
    pub subject: String,
    /// Its words, without the letter that it quotes.
    pub text: String,
    /// The letter's page in the console.
    pub console_url: String,
    /// Whether an answer to this mail goes to who wrote.
    pub is_answerable: bool,
}

/// The view with a stranger's words made harmless.
struct Said {
    petition: String,
    office: String,
    batch: u32,
    from: String,
    subject: String,
    lines: Vec<String>,
    console_url: String,
    is_answerable: bool,
}

#[derive(Template)]
#[template(path = "en/forward.txt")]
struct Text<'a> {
    m: &'a Said,
}

#[derive(Template)]
#[template(path = "en/forward.html")]
struct Html<'a> {
    m: &'a Said,
}

/// Writes the mail. Fails for a link that is none, and where nothing was answered.
pub fn render(view: &ForwardView) -> Result<MailParts, LettersError> {
    web_address::check("the link to the letter", &view.console_url)?;
    let text: String = view.text.chars().take(QUOTED).collect();
    if text.trim().is_empty() {
        return Err(LettersError::Missing("what was answered"));
    }
    let said = Said {
        petition: one_line(&view.petition_title),
        office: one_line(&view.office),
        batch: view.batch,
        from: shortened(&one_line(&view.from), 400),
        subject: shortened(&one_line(&view.subject), 300),
        lines: text.lines().map(one_line).collect(),
        console_url: view.console_url.clone(),
        is_answerable: view.is_answerable,
    };
    let m = &said;
    Ok(MailParts {
        subject: shortened(&format!("Answer of {}: {}", said.office, said.subject), 200),
        text: wrapped(&Text { m }.render()?),
        html: Html { m }.render()?,
    })
}
