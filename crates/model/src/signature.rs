//! A signature's life.

pub mod state;

use crate::coded::worded_enum;

worded_enum! {
    /// Why a signature was rejected.
    RejectionReason, UnknownReason {
        /// Another submission of the same e-mail took its slot: its old link explains so.
        Replaced = "replaced",
        /// Too many from one network.
        ClientRate = "client_rate",
        /// Too many from one e-mail domain.
        DomainRate = "domain_rate",
        /// Its network is blocked.
        NetworkBlocked = "network_blocked",
        /// Its e-mail domain is blocked.
        DomainBlocked = "domain_blocked",
        /// Its e-mail is blocked.
        EmailBlocked = "email_blocked",
        /// Its name is blocked.
        NameBlocked = "name_blocked",
        /// A trap for programs was sprung.
        Robot = "robot",
        /// Staff: not a person, or not this one.
        NotGenuine = "not_genuine",
        /// Staff: signed before under another e-mail.
        Duplicate = "duplicate",
        /// Staff: offends.
        Offensive = "offensive",
    }
}

worded_enum! {
    /// Who rejected it. What a rule rejected gives way; what staff rejected stays.
    RejectedBy, UnknownRejecter {
        /// A rule, while it came in.
        Rule = "rule",
        /// A person with an account.
        Staff = "staff",
    }
}

worded_enum! {
    /// How it came in.
    Origin, UnknownOrigin {
        /// By form or program.
        Online = "online",
        /// From a sheet of paper, typed in.
        Paper = "paper",
    }
}
