//! A letter on its way to one official.

pub mod event;
pub mod hook;
pub mod state;

use crate::coded::worded_enum;

worded_enum! {
    /// Which letter it is.
    LetterVariant, UnknownLetterVariant {
        /// With the list attached.
        Letter = "letter",
        /// Too large for the office: the list lies at the desk.
        Link = "link",
    }
}

worded_enum! {
    /// Why nothing can be sent to a post.
    NoContactReason, UnknownNoContactReason {
        /// No e-mail address is known.
        NoEmail = "no_email",
        /// The term is over, and no successor is known.
        TermEnded = "term_ended",
        /// Nobody holds the post, and its office has no address.
        Vacant = "vacant",
        /// Nobody is known to hold it on the day.
        HolderUnknown = "holder_unknown",
    }
}

worded_enum! {
    /// How far a try came before it ended.
    AttemptStage, UnknownAttemptStage {
        /// Finding the server and connecting.
        Connect = "connect",
        /// The greeting and EHLO.
        Greet = "greet",
        /// STARTTLS and its handshake.
        Secure = "secure",
        /// MAIL FROM.
        Sender = "sender",
        /// RCPT TO.
        Recipient = "recipient",
        /// DATA.
        Data = "data",
        /// The body, the dot and the wait for its answer.
        Dot = "dot",
    }
}
