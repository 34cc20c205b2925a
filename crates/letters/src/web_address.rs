//! Links that a message prints.

use crate::error::LettersError;

/// Refuses what is no address on the web, or holds something that would end it in the middle of a sentence or an attribute.
/// `what` names it in the error.
pub(crate) fn check(what: &'static str, url: &str) -> Result<(), LettersError> {
    let rest = url
        .strip_prefix("https://")
        .or_else(|| url.strip_prefix("http://"));
    let is_address = rest.is_some_and(|rest| {
        !rest.is_empty()
            && rest.len() <= 900
            && rest
                .bytes()
                .all(|byte| byte.is_ascii_graphic() && !b"<>\"'\\^`{|}".contains(&byte))
    });
    if is_address {
        Ok(())
    } else {
        Err(LettersError::Url(what))
    }
}
