//! `/console/p/{slug}/comments`: what signers said and agreed to show, passed or refused before an official or the public sees it.

use super::permission::Permission;
use super::posted::Posted;
use super::refusal::Refusal;
use super::visitor::Visitor;
use super::{Frame, days, render, words};
use crate::body::FormFields;
use crate::failure::Failure;
use crate::places;
use crate::site::grouped;
use crate::state::AppState;
use askama::Template;
use axum::extract::rejection::QueryRejection;
use axum::extract::{Path, Query, State};
use axum::response::{Html, Redirect};
use chrono_tz::Tz;
use redress_model::comment::CommentReview::{self, Passed, Refused, Unseen};
use redress_model::id::{PetitionId, SignatureId};
use redress_model::petition::Petition;
use redress_storage::secrets::PetitionSecrets;
use redress_storage::signatures::Signature;
use serde::Deserialize;
use serde_json::json;
use std::collections::HashMap;

/// Comments on a page.
const PAGE: u32 = 25;
/// Accounts whose e-mail can be shown.
const ACCOUNTS: u32 = 1_000;
/// The ways to decide: a button's name, and what it makes of a comment.
const WAYS: [(&str, CommentReview); 3] =
    [("pass", Passed), ("refuse", Refused), ("take_back", Unseen)];
/// A button's value that means every comment of its page.
const WHOLE_PAGE: &str = "page";

/// Which ones, after which the list goes on, and what led here.
#[derive(Deserialize, Default)]
#[serde(default)]
pub(crate) struct Asked {
    review: String,
    after: Option<SignatureId>,
    note: String,
}

struct Bucket {
    word: &'static str,
    name: &'static str,
    count: String,
    is_chosen: bool,
}

struct Row {
    id: String,
    /// What was said; `None` where it does not open.
    text: Option<String>,
    /// As the letter would print it.
    name: String,
    city: String,
    place: String,
    signed_at: String,
    is_frozen: bool,
    /// Who decided, and when.
    decided: Option<String>,
}

#[derive(Template)]
#[template(path = "console/comments.html")]
struct View {
    frame: Frame,
    slug: String,
    note: Option<&'static str>,
    buckets: Vec<Bucket>,
    chosen: &'static str,
    /// What is said of them all.
    told: &'static str,
    rows: Vec<Row>,
    /// After which comment the page begins.
    after: String,
    next: Option<SignatureId>,
}

impl View {
    fn is_unseen(&self) -> bool {
        self.chosen == Unseen.as_str()
    }

    fn may_pass(&self) -> bool {
        self.chosen != Passed.as_str()
    }

    fn may_refuse(&self) -> bool {
        self.chosen != Refused.as_str()
    }
}

/// How many wait, for those who may review them.
pub(super) async fn count_waiting(state: &AppState, petition: PetitionId) -> Result<u64, Failure> {
    let comments = &state.store().comments;
    Ok(comments.count_comments(petition, Unseen).await?)
}

/// `1 comment waits for a review`, or `1,204 comments wait for a review`; `None` when none does.
pub(super) fn waiting_told(count: u64) -> Option<String> {
    match count {
        0 => None,
        1 => Some("1 comment waits for a review".to_owned()),
        count => Some(format!("{} comments wait for a review", figure(count))),
    }
}

/// The page.
pub(crate) async fn show(
    State(state): State<AppState>,
    visitor: Visitor,
    Path(slug): Path<String>,
    asked: Result<Query<Asked>, QueryRejection>,
) -> Result<Html<String>, Refusal> {
    let permission = Permission::ReviewSignatures;
    let (petition, role) = visitor.open(&state, &slug, permission).await?;
    let Query(asked) = asked.map_err(|_| Failure::NotFound)?;
    let chosen = read_review(&asked.review)?;
    let comments = &state.store().comments;
    let list = comments.list_comments(petition.id, chosen, asked.after, PAGE);
    let list = list.await?;
    let is_full = list.len() == PAGE as usize;
    render(&View {
        frame: Frame::of(&petition, role, "comments", &visitor),
        slug: petition.slug.to_string(),
        note: match asked.note.as_str() {
            "done" => Some("Done, and in the audit log."),
            "nothing" => Some("Nothing was changed: it stood so already."),
            _ => None,
        },
        buckets: buckets(&state, petition.id, chosen).await?,
        chosen: chosen.as_str(),
        told: told(chosen),
        next: list.last().filter(|_| is_full).map(|last| last.id),
        rows: rows(&state, &petition, &list).await?,
        after: asked.after.map_or_else(String::new, |id| id.to_string()),
    })
}

/// Passes, refuses, or takes back, one or all of a page.
pub(crate) async fn decide(
    State(state): State<AppState>,
    Path(slug): Path<String>,
    Posted { visitor, fields }: Posted,
) -> Result<Redirect, Refusal> {
    let permission = Permission::ReviewSignatures;
    let (petition, _) = visitor.open(&state, &slug, permission).await?;
    let shown = read_review(fields.text("review"))?;
    let (review, ids) = read_decision(&fields).ok_or(Failure::NotFound)?;
    // Ids say who let which words out, and nothing of the person.
    let details = json!({ "review": review.as_str(), "signatures": ids });
    let deed = visitor.deed(&state, "comment.review", &petition.slug, details);
    let comments = &state.store().comments;
    let changed = comments.review_comments(petition.id, &ids, review, &deed);
    let note = if changed.await?.is_empty() {
        "nothing"
    } else {
        "done"
    };
    let after = fields.text("after").parse::<SignatureId>();
    let after = after.map_or_else(|_| String::new(), |id| format!("&after={id}"));
    let slug = &petition.slug;
    let page = format!("/console/p/{slug}/comments?review={shown}&note={note}{after}");
    Ok(Redirect::to(&page))
}

/// What the address or a form says; nothing is what waits.
fn read_review(word: &str) -> Result<CommentReview, Failure> {
    if word.is_empty() {
        return Ok(Unseen);
    }
    word.parse().map_err(|_| Failure::NotFound)
}

/// Which button was pressed, and for which comments.
fn read_decision(fields: &FormFields) -> Option<(CommentReview, Vec<SignatureId>)> {
    let (review, which) = WAYS.iter().find_map(|(name, review)| {
        let which = fields.text(name);
        (!which.is_empty()).then_some((*review, which))
    })?;
    if which != WHOLE_PAGE {
        return Some((review, vec![which.parse().ok()?]));
    }
    let named = fields.0.iter().filter(|(name, _)| name == "id");
    let ids = named.map(|(_, text)| text.parse().ok());
    Some((review, ids.collect::<Option<Vec<SignatureId>>>()?))
}

fn told(review: CommentReview) -> &'static str {
    match review {
        Unseen => {
            "Their signers agreed that officials and the public may read these. Nobody does before you pass them: letters and lists that are frozen meanwhile go without them."
        }
        Passed => "Letters and lists that are frozen from now on carry these.",
        Refused => "These are in no letter and no list that is frozen from now on, and on no page.",
    }
}

async fn buckets(
    state: &AppState,
    petition: PetitionId,
    chosen: CommentReview,
) -> Result<Vec<Bucket>, Failure> {
    let mut buckets = Vec::new();
    for &review in CommentReview::ALL {
        let comments = &state.store().comments;
        let count = comments.count_comments(petition, review).await?;
        buckets.push(Bucket {
            word: review.as_str(),
            name: match review {
                Unseen => "waiting",
                Passed => "passed",
                Refused => "refused",
            },
            count: figure(count),
            is_chosen: review == chosen,
        });
    }
    Ok(buckets)
}

fn figure(count: u64) -> String {
    grouped(i64::try_from(count).unwrap_or(i64::MAX))
}

async fn rows(
    state: &AppState,
    petition: &Petition,
    list: &[Signature],
) -> Result<Vec<Row>, Failure> {
    let secrets = state.vault().petition(petition.id).await?;
    let emails = emails(state, list).await?;
    let zone = days::zone(petition);
    Ok(list
        .iter()
        .map(|signature| row(state, &secrets, signature, &emails, zone))
        .collect())
}

fn row(
    state: &AppState,
    secrets: &PetitionSecrets,
    signature: &Signature,
    emails: &HashMap<String, String>,
    zone: Tz,
) -> Row {
    let sealed = signature.sealed.as_ref();
    let opened = sealed.and_then(|sealed| secrets.open_personal(signature.id, sealed).ok());
    let (text, signer) =
        opened.map_or((None, None), |opened| (opened.comment, Some(opened.signer)));
    let lists_name = signature.wishes.lists_name;
    let name = signer.as_ref().filter(|_| lists_name);
    let decided = signature.review.as_ref().and_then(|it| it.decided.as_ref());
    Row {
        id: signature.id.to_string(),
        text,
        name: name.map_or_else(|| "name withheld".to_owned(), |it| it.name.clone()),
        city: signer.map_or_else(String::new, |signer| signer.city),
        place: places::name(&state.civics(), &signature.location.home),
        signed_at: words::instant(signature.signed_at, zone),
        is_frozen: signature.frozen_at.is_some(),
        decided: decided.map(|(by, at)| {
            let by = emails.get(by).cloned();
            let by = by.unwrap_or_else(|| "somebody without an account here".to_owned());
            format!("{by}, {}", words::instant(*at, zone))
        }),
    }
}

/// The e-mails of who decided, by the name that storage has for them.
async fn emails(state: &AppState, list: &[Signature]) -> Result<HashMap<String, String>, Failure> {
    let mut reviews = list.iter().filter_map(|it| it.review.as_ref());
    if !reviews.any(|review| review.decided.is_some()) {
        return Ok(HashMap::new());
    }
    let accounts = state.store().accounts.list_accounts(None, ACCOUNTS).await?;
    let named = accounts.into_iter().map(|account| {
        let actor = redress_storage::audit::Actor::Account(account.id);
        (actor.to_string(), account.email.as_str().to_owned())
    });
    Ok(named.collect())
}
