//! What a member of an organization may do.

use crate::coded::worded_enum;

worded_enum! {
    /// The roles of an organization's members.
    MemberRole, UnknownMemberRole {
        /// Everything, members and keys included.
        Owner = "owner",
        /// Petitions and their texts.
        Editor = "editor",
        /// Signatures and comments that need a look.
        Reviewer = "reviewer",
        /// Counts and reports.
        Analyst = "analyst",
        /// Batches and letters.
        Deliverer = "deliverer",
    }
}
