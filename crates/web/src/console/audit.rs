//! `/console/audit`: who did what, newest first, for owners.
//!
//! The log is one chain for the whole instance. An owner sees the entries about petitions, accounts and the word of an
//! organization that they own; what is about nobody's organization is the command line's to show.

use super::permission::Permission;
use super::refusal::Refusal;
use super::visitor::Visitor;
use super::{Frame, render};
use crate::failure::Failure;
use crate::state::AppState;
use askama::Template;
use axum::extract::rejection::QueryRejection;
use axum::extract::{Query, State};
use axum::response::Html;
use redress_model::id::{AccountId, OrganizationId};
use redress_model::slug::Slug;
use redress_storage::audit::AuditEntry;
use serde::Deserialize;
use serde_json::Value;
use std::collections::{HashMap, HashSet};

/// Entries on one page.
const PAGE: usize = 50;
/// Entries read at once.
const STRIDE: i64 = 200;
/// Entries looked through for one page at most; the next page goes on from there.
const LOOK: i64 = 2_000;
/// Accounts whose e-mail can be shown.
const ACCOUNTS: u32 = 1_000;

/// Before which entry the list goes on.
#[derive(Deserialize, Default)]
pub(crate) struct Asked {
    before: Option<i64>,
}

struct Row {
    number: i64,
    at: String,
    actor: String,
    action: String,
    subject: String,
    details: String,
}

#[derive(Template)]
#[template(path = "console/audit.html")]
struct View {
    frame: Frame,
    rows: Vec<Row>,
    next: Option<i64>,
}

/// The page.
pub(crate) async fn show(
    State(state): State<AppState>,
    visitor: Visitor,
    asked: Result<Query<Asked>, QueryRejection>,
) -> Result<Html<String>, Refusal> {
    let owned = visitor.organizations_with(Permission::ReadAudit)?;
    let owned = owned
        .iter()
        .map(|it| (it.organization.id, &it.organization.slug));
    let Query(asked) = asked.map_err(|_| Failure::NotFound)?;
    let newest = find_last(&state).await? + 1;
    let before = match asked.before {
        Some(before) if before > 0 => before.min(newest),
        Some(_) => return Err(Failure::NotFound.into()),
        None => newest,
    };
    let mut reader = Reader::new(&state, owned).await?;
    let (entries, next) = reader.list(before).await?;
    render(&View {
        frame: Frame::new("Audit log", "audit", &visitor),
        rows: entries.into_iter().map(|entry| reader.row(entry)).collect(),
        next,
    })
}

/// The number of the newest entry. Numbers have no gaps, so it is found by doubling and halving, in some thirty reads.
async fn find_last(state: &AppState) -> Result<i64, Failure> {
    let exists = async |number: i64| -> Result<bool, Failure> {
        let found = state.store().audit.list_deeds(number - 1, 1).await?;
        Ok(!found.is_empty())
    };
    let (mut there, mut beyond) = (0, 1);
    while exists(beyond).await? {
        (there, beyond) = (beyond, beyond.saturating_mul(2));
    }
    while beyond - there > 1 {
        let middle = there + (beyond - there) / 2;
        if exists(middle).await? {
            there = middle;
        } else {
            beyond = middle;
        }
    }
    Ok(there)
}

/// Tells an owner's entries from others'.
struct Reader<'a> {
    state: &'a AppState,
    organizations: HashSet<OrganizationId>,
    words: HashSet<String>,
    emails: HashMap<AccountId, String>,
    known: HashMap<String, bool>,
}

impl<'a> Reader<'a> {
    async fn new(
        state: &'a AppState,
        owned: impl Iterator<Item = (OrganizationId, &Slug)>,
    ) -> Result<Self, Failure> {
        let (organizations, words) = owned.map(|(id, slug)| (id, slug.to_string())).unzip();
        let accounts = &state.store().accounts;
        let accounts = accounts.list_accounts(None, ACCOUNTS).await?.into_iter();
        Ok(Self {
            state,
            organizations,
            words,
            emails: accounts
                .map(|account| (account.id, account.email.as_str().to_owned()))
                .collect(),
            known: HashMap::new(),
        })
    }

    /// A page of entries before a number, and from where the next page goes on.
    async fn list(&mut self, before: i64) -> Result<(Vec<AuditEntry>, Option<i64>), Failure> {
        let (mut entries, mut upper) = (Vec::new(), before);
        while upper > 1 && before - upper < LOOK {
            let after = (upper - 1 - STRIDE).max(0);
            let count = (upper - 1 - after) as u32;
            let stride = self.state.store().audit.list_deeds(after, count).await?;
            for entry in stride.into_iter().rev() {
                upper = entry.number;
                if self.is_ours(&entry).await? {
                    entries.push(entry);
                }
                if entries.len() == PAGE {
                    return Ok((entries, (upper > 1).then_some(upper)));
                }
            }
            upper = upper.min(after + 1);
        }
        Ok((entries, (upper > 1).then_some(upper)))
    }

    async fn is_ours(&mut self, entry: &AuditEntry) -> Result<bool, Failure> {
        // A petition may have the same word as somebody's organization.
        if entry.action.starts_with("organization.") {
            return Ok(self.words.contains(&entry.subject));
        }
        if let Some(&known) = self.known.get(&entry.subject) {
            return Ok(known);
        }
        let is_ours = self.look_up(&entry.subject).await?;
        self.known.insert(entry.subject.clone(), is_ours);
        Ok(is_ours)
    }

    async fn look_up(&self, subject: &str) -> Result<bool, Failure> {
        let store = self.state.store();
        if let Ok(account) = subject.parse() {
            let memberships = store.accounts.list_memberships(account).await?;
            let mut organizations = memberships.iter().map(|it| it.organization.id);
            return Ok(organizations.any(|id| self.organizations.contains(&id)));
        }
        let Ok(slug) = Slug::parse(subject) else {
            return Ok(false);
        };
        let petition = store.petitions.find_petition_by_slug(&slug).await?;
        Ok(petition.is_some_and(|it| self.organizations.contains(&it.organization_id)))
    }

    /// An entry in words. The log itself names no person; the page puts e-mails in the place of ids.
    fn row(&self, entry: AuditEntry) -> Row {
        let email = |id: &str| {
            let id = id.parse().ok()?;
            self.emails.get(&id).cloned()
        };
        let actor = entry.actor.strip_prefix("account:").and_then(email);
        let subject = email(&entry.subject);
        Row {
            number: entry.number,
            at: entry.at.format("%Y-%m-%d %H:%M:%S").to_string(),
            actor: actor.unwrap_or_else(|| entry.actor.replace('_', " ")),
            action: entry.action,
            subject: subject.unwrap_or(entry.subject),
            details: words(&entry.details),
        }
    }
}

/// Details as people read them: `by district, format xlsx`. What is no object stands as it is.
fn words(details: &str) -> String {
    let members = match serde_json::from_str(details) {
        Ok(Value::Null) => return String::new(),
        Ok(Value::Object(members)) => members,
        _ => return details.to_owned(),
    };
    let text = |value: &Value| match value {
        Value::String(text) => text.clone(),
        Value::Array(values) => {
            let texts = values.iter().map(|it| it.as_str().unwrap_or("…"));
            texts.collect::<Vec<_>>().join(" and ")
        }
        other => other.to_string(),
    };
    let members = members
        .iter()
        .map(|(name, value)| format!("{} {}", name.replace('_', " "), text(value)));
    members.collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests {
    use super::words;

    #[test]
    fn details_are_told_in_words() {
        for (details, told) in [
            ("null", ""),
            ("{}", ""),
            (r#"{"role":"owner"}"#, "role owner"),
            (r#"{"by":"place","rows":3}"#, "by place, rows 3"),
            (r#"{"changed":["title","ask"]}"#, "changed title and ask"),
            ("[1", "[1"),
        ] {
            assert_eq!(words(details), told);
        }
    }
}
