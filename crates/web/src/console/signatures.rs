//! `/console/p/{slug}/signatures`: signatures that need a look: found by who, where and when, rejected and put back.

mod decide;
pub(super) mod erase;
mod row;

pub(crate) use decide::decide;

use super::permission::Permission;
use super::posted::Posted;
use super::refusal::Refusal;
use super::visitor::Visitor;
use super::{Frame, days, render};
use crate::abuse::condition::{BadField, Condition, Reader};
use crate::abuse::finding::{self, Found};
use crate::body::FormFields;
use crate::site::grouped;
use crate::state::AppState;
use askama::Template;
use axum::extract::rejection::QueryRejection;
use axum::extract::{Path, Query, State};
use axum::response::Html;
use redress_model::fingerprint::Fingerprint;
use redress_model::id::SignatureId;
use redress_model::petition::Petition;
use redress_model::role::MemberRole;
use redress_model::signature::RejectionReason;
use redress_model::signature::state::SignatureState;
use redress_storage::StorageResult;
use row::Row;
use serde::Deserialize;
use std::collections::{BTreeSet, HashMap};

/// Signatures on a page.
const PAGE: usize = 50;
/// Signatures that one page looks through.
const MOST: usize = 20_000;

/// What a link may ask for: nothing that names a person.
#[derive(Deserialize, Default)]
#[serde(default)]
pub(crate) struct Linked {
    domain: String,
    network: String,
    person: String,
    place: String,
    state: String,
}

/// What is looked for, and what was done.
#[derive(Default)]
struct Asked {
    condition: Condition,
    after: Option<SignatureId>,
    note: Option<String>,
}

impl Asked {
    fn sent(fields: &FormFields) -> Self {
        Self {
            condition: Condition::sent(fields),
            after: fields.text("after").parse().ok(),
            note: None,
        }
    }
}

#[derive(Template)]
#[template(path = "console/signatures.html")]
struct View {
    frame: Frame,
    slug: String,
    note: Option<String>,
    condition: Condition,
    bad: Vec<BadField>,
    states: &'static [SignatureState],
    reasons: [RejectionReason; 3],
    rows: Vec<Row>,
    /// Whether who looks may erase.
    may_erase: bool,
    looked_at: String,
    /// After which signature the page begins.
    after: String,
    /// After which the next does.
    next: Option<String>,
}

/// The page.
pub(crate) async fn show(
    State(state): State<AppState>,
    visitor: Visitor,
    Path(slug): Path<String>,
    linked: Result<Query<Linked>, QueryRejection>,
) -> Result<Html<String>, Refusal> {
    let permission = Permission::ReviewSignatures;
    let (petition, role) = visitor.open(&state, &slug, permission).await?;
    let linked = linked.unwrap_or_default().0;
    let asked = Asked {
        condition: Condition {
            domain: linked.domain,
            network: linked.network,
            person: linked.person,
            place: linked.place,
            state: linked.state,
            ..Condition::default()
        },
        ..Asked::default()
    };
    page(&state, &visitor, (&petition, role), asked).await
}

/// The page with what was looked for.
pub(crate) async fn search(
    State(state): State<AppState>,
    Path(slug): Path<String>,
    Posted { visitor, fields }: Posted,
) -> Result<Html<String>, Refusal> {
    let permission = Permission::ReviewSignatures;
    let (petition, role) = visitor.open(&state, &slug, permission).await?;
    let asked = Asked::sent(&fields);
    page(&state, &visitor, (&petition, role), asked).await
}

async fn page(
    state: &AppState,
    visitor: &Visitor,
    (petition, role): (&Petition, MemberRole),
    asked: Asked,
) -> Result<Html<String>, Refusal> {
    let secrets = state.vault().petition(petition.id).await?;
    let in_force = state.guards().find(state, petition.id).await?;
    let zone = days::zone(petition);
    let reader = Reader {
        petition: petition.id,
        secrets: &secrets,
        rules: &in_force.guard.rules,
        zone,
    };
    let after = asked.after;
    let (found, bad) = match asked.condition.read(&reader) {
        Ok(matcher) => {
            let found = finding::find(state, &secrets, (&matcher, after), (PAGE, MOST)).await?;
            (found, Vec::new())
        }
        Err(bad) => (Found::default(), bad),
    };
    let civics = state.civics();
    let several = several(state, petition, &found).await?;
    let rows = found.matches.iter();
    let rows = rows.map(|(signature, signer)| {
        let row = Row::of(
            (signature, signer.as_ref()),
            &in_force.guard,
            (&civics, zone),
        );
        let mailboxes = signature.address_key.and_then(|key| several.get(&key));
        row.of_several(mailboxes.copied())
    });
    render(&View {
        frame: Frame::of(petition, role, "signatures", visitor),
        slug: petition.slug.to_string(),
        note: asked.note,
        bad,
        states: SignatureState::ALL,
        reasons: STAFF,
        rows: rows.collect(),
        may_erase: Permission::EraseSignatures.is_given_to(role),
        looked_at: grouped(i64::try_from(found.looked_at).unwrap_or(i64::MAX)),
        after: after.map_or_else(String::new, |id| id.to_string()),
        next: found.next.map(|id| id.to_string()),
        condition: asked.condition,
    })
}

/// Of the persons on the page, those who signed under several e-mails, with how many.
async fn several(
    state: &AppState,
    petition: &Petition,
    found: &Found,
) -> StorageResult<HashMap<Fingerprint, u32>> {
    let keys = found.matches.iter().map(|(signature, _)| signature);
    let keys: BTreeSet<Fingerprint> = keys.filter_map(|it| it.address_key).collect();
    let keys: Vec<Fingerprint> = keys.into_iter().collect();
    if keys.is_empty() {
        return Ok(HashMap::new());
    }
    let signatures = &state.store().signatures;
    let listed = signatures
        .list_several_mailboxes(petition.id, &keys)
        .await?;
    Ok(listed.into_iter().collect())
}

/// Why people with an account reject.
pub(super) const STAFF: [RejectionReason; 3] = [
    RejectionReason::NotGenuine,
    RejectionReason::Duplicate,
    RejectionReason::Offensive,
];
