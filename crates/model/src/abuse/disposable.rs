//! Domains whose mailboxes are made for a minute: a signal for reviewers, never a verdict.

/// What a petition starts with, one domain or pattern a line.
pub const DEFAULT_DOMAINS: &str = include_str!("disposable_domains.txt");
