//! What can go wrong while a message is put together. Nothing that somebody wrote stands in an error.

use thiserror::Error;

/// An error of any message. None is met by sending the message anyway.
#[derive(Debug, Error)]
pub enum LettersError {
    /// The view lacks something that every such message says: the sender, a link, the ask.
    #[error("the message cannot be written without {0}")]
    Missing(&'static str),
    /// The view says two things that cannot both be true.
    #[error("the letter's view contradicts itself: {0}")]
    Inconsistent(&'static str),
    /// Not `https://` or `http://`, or with something inside that no address on the web holds.
    #[error("{0} is not a web address")]
    Url(&'static str),
    /// A carriage return, a line feed or a NUL where a header would be written.
    #[error("{0} holds a line break or a nul")]
    BrokenLine(&'static str),
    /// Not what RFC 5322 and RFC 2045 allow there, in ASCII.
    #[error("{0} is not written as a header needs it")]
    Header(&'static str),
    /// The template failed.
    #[error("the message does not render")]
    Render(#[from] askama::Error),
}
