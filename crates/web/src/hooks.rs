//! `POST /hooks/{provider}`: what a provider of mail tells of letters. Each call is signed; what is not, or not well, changes nothing.
//!
//! A provider that is not set up is not there. What it tells is taken like a message that came back: by the same classes, once for
//! each of the provider's own ids, in whatever order, and only for a letter that a seal, a Message-ID or the server's own word for it
//! names. What is about other mail (signers', or somebody else's) is passed over. A call is answered after the commit; when
//! storage fails the provider tells it again. Calls that are not signed are limited by client ([`strikes`]), signed ones are not.

mod certificate;
mod keys;
mod mailgun;
mod postmark;
mod sendgrid;
mod sns;
mod strikes;

pub(crate) use strikes::Strikes;

pub use keys::{HookKeyError, HookKeys, MailgunKey, PostmarkSecret, SendgridKey, SesKeys};

use crate::failure::{Failure, Problem};
use crate::layers::client::Client;
use crate::state::AppState;
use axum::Router;
use axum::body::Bytes;
use axum::extract::{DefaultBodyLimit, FromRequest, Path, Request, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use axum::routing::post;
use redress_model::delivery::hook::{Provider, Told, read};
use redress_model::id::{DeliveryId, new_uuid};
use redress_storage::StorageError;
use redress_storage::events::{EventOutcome, NewEvent};
use redress_storage::secrets::read_address;
use serde_json::Value;
use sha2::{Digest, Sha256};

/// The longest call, in bytes: SNS carries 256 KiB, SendGrid sends lists.
const LARGEST: usize = 1024 * 1024;

/// Every call.
pub(crate) fn routes() -> Router<AppState> {
    let longest = DefaultBodyLimit::max(LARGEST);
    Router::new().route("/hooks/{provider}", post(take).layer(longest))
}

/// Whether a path is a call's: it has limits of its own.
pub(crate) fn is_call(path: &str) -> bool {
    path.starts_with("/hooks/")
}

/// Why a call changes nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Refused {
    /// It says nothing of who it is.
    Unsigned,
    /// What it says of who it is does not hold.
    Forged,
    /// It is signed, and of another shape than the documented one.
    Malformed,
}

/// What a signed call carries.
enum Carried {
    /// Something to read.
    Body(Value),
    /// Something about the way itself, which a person looks at.
    Notice,
}

async fn take(
    State(state): State<AppState>,
    Path(provider): Path<String>,
    Client(client): Client,
    request: Request,
) -> Response {
    let provider = provider.parse::<Provider>().ok();
    let Some(provider) = provider.filter(|it| state.hook_keys().has(*it)) else {
        return Problem(Failure::NotFound).into_response();
    };
    let strikes = state.strikes().zip(client);
    if let Some((strikes, client)) = strikes
        && let Err(wait) = strikes.count(client, state.now())
    {
        return Problem(Failure::Flood(wait)).into_response();
    }
    let headers = request.headers().clone();
    let body = match Bytes::from_request(request, &state).await {
        Ok(body) => body,
        Err(rejection) => return rejection.status().into_response(),
    };
    let carried = carried(&state, provider, &headers, &body).await;
    // Where storage failed the signature had held, too.
    let is_signed = !matches!(
        carried,
        Ok(None | Some(Err(Refused::Unsigned | Refused::Forged)))
    );
    if is_signed && let Some((strikes, client)) = strikes {
        strikes.forgive(client);
    }
    match carried {
        Ok(Some(Ok(Carried::Body(value)))) => told(&state, provider, &value).await,
        Ok(Some(Ok(Carried::Notice))) => StatusCode::OK.into_response(),
        Ok(Some(Err(refused))) => {
            tracing::warn!(hook.provider = provider.as_str(), hook.refused = ?refused, "a call was refused");
            match refused {
                Refused::Unsigned => StatusCode::UNAUTHORIZED,
                Refused::Forged => StatusCode::FORBIDDEN,
                Refused::Malformed => StatusCode::BAD_REQUEST,
            }
            .into_response()
        }
        Ok(None) => Problem(Failure::NotFound).into_response(),
        Err(failure) => Problem(failure).into_response(),
    }
}

/// What a call carries, once its signature holds; `None` where the provider is not set up.
async fn carried(
    state: &AppState,
    provider: Provider,
    headers: &HeaderMap,
    body: &[u8],
) -> Result<Option<Result<Carried, Refused>>, Failure> {
    let keys = state.hook_keys();
    Ok(match provider {
        Provider::Ses => keys.ses.as_ref().map(|keys| sns::check(keys, body)),
        Provider::Postmark => {
            let secret = keys.postmark.as_ref();
            secret.map(|secret| postmark::check(secret, headers, body))
        }
        Provider::Mailgun => match &keys.mailgun {
            Some(key) => Some(mailgun::check(state, key, body).await?),
            None => None,
        },
        Provider::Sendgrid => {
            let key = keys.sendgrid.as_ref();
            key.map(|key| sendgrid::check(key, headers, body))
        }
    })
}

/// Records what was told.
async fn told(state: &AppState, provider: Provider, body: &Value) -> Response {
    let Some(list) = read(provider, body) else {
        return StatusCode::BAD_REQUEST.into_response();
    };
    let (mut recorded, mut passed_over) = (0_u32, 0_u32);
    for told in &list {
        match record(state, provider, told).await {
            Ok(true) => recorded += 1,
            Ok(false) => passed_over += 1,
            // What is on record stays; the call comes again, and that is harmless.
            Err(failure) => return Problem(failure).into_response(),
        }
    }
    tracing::info!(
        hook.provider = provider.as_str(),
        hook.recorded = recorded,
        hook.passed_over = passed_over,
        "a provider told of mail"
    );
    StatusCode::OK.into_response()
}

/// Whether it was about a letter of ours, and new.
async fn record(state: &AppState, provider: Provider, told: &Told) -> Result<bool, Failure> {
    let Some(delivery_id) = find(state, told).await? else {
        return Ok(false);
    };
    let parts = ["hook", provider.as_str(), &told.id].join("\0");
    let event = NewEvent {
        id: new_uuid(state.clock(), state.random().as_mut()),
        digest: Sha256::digest(parts).into(),
        delivery_id,
        kind: told.kind,
        status: told.status.clone(),
        diagnostic: told.diagnostic.clone(),
        remote_mta: told.remote_mta.clone(),
        sealed_answer: None,
        received_at: state.now(),
    };
    match state.store().events.record_event(&event).await {
        Ok(EventOutcome::Recorded { .. }) => Ok(true),
        // Told before; or a seal of ours on a letter that is gone.
        Ok(EventOutcome::Repeated) | Err(StorageError::Missing(_)) => Ok(false),
        Err(error) => Err(error.into()),
    }
}

/// Which letter it is about: by a seal of ours, then by a Message-ID, then by the server's own word for it. Never by an official's address.
async fn find(state: &AppState, told: &Told) -> Result<Option<DeliveryId>, Failure> {
    let key = state.vault().instance_key();
    let sealed = told.addresses.iter().find_map(|it| read_address(key, it));
    if let Some((_, id)) = sealed {
        return Ok(Some(id));
    }
    let store = state.store();
    if !told.message_ids.is_empty() {
        let named = store.events.find_named_delivery(&[], &told.message_ids);
        if let Some(id) = named.await? {
            return Ok(Some(id));
        }
    }
    if told.queue_ids.is_empty() {
        return Ok(None);
    }
    Ok(store.hooks.find_queued_as(&told.queue_ids).await?)
}
