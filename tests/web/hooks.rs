//! What providers of mail tell over the web, in the shape that each of them documents and with its signature.

mod flooding;
mod keys;

use crate::desk::seats::Seat::Mayor;
use crate::stage::{Answer, Stage};
use axum::body::Body;
use axum::http::{Request, StatusCode};
use keys::{Keys, Sns};
use redress_model::delivery::event::EventKind;
use redress_model::delivery::state::DeliveryState;
use redress_model::id::DeliveryId;
use redress_storage::secrets::bounce_address;
use redress_web::{HookKeys, SesKeys};
use serde_json::{Value, json};

/// The letter that SES tells of has this word, as the office's server gave it.
const QUEUE_ID: &str = "4711";

/// A letter that a relay took, and providers whose calls are believed.
struct Told {
    stage: Stage,
    keys: Keys,
    letter: DeliveryId,
}

impl Told {
    async fn new() -> Self {
        let keys = Keys::new();
        let mut stage = Stage::told_by(keys.public()).await;
        stage.sign_openly("Ana Ruiz", None).await;
        let sent = stage.send_to(&[Mayor]).await;
        stage.accept(sent.letters[0]).await;
        let letter = sent.letters[0];
        Self {
            stage,
            keys,
            letter,
        }
    }

    async fn call(&self, provider: &str, headers: &[(&str, String)], body: &str) -> Answer {
        let mut request = Request::post(format!("/hooks/{provider}"))
            .header("host", "petition.example")
            .header("content-type", "application/json");
        for (name, value) in headers {
            request = request.header(*name, value);
        }
        let request = request.body(Body::from(body.to_owned()));
        self.stage.ask(request.expect("a request")).await
    }

    /// As SES has it told: once for each version of the signature.
    async fn ses(&self, message: &Value, change: impl FnOnce(&mut Value)) -> StatusCode {
        let mut envelope = self.keys.sns.notify(message);
        change(&mut envelope);
        self.call("ses", &[], &envelope.to_string()).await.status
    }

    async fn mailgun(&self, event: &Value, token: &str) -> StatusCode {
        let body = Keys::mailgun(event, self.stage.now().timestamp(), token);
        self.call("mailgun", &[], &body.to_string()).await.status
    }

    async fn sendgrid(&self, events: &Value) -> StatusCode {
        let body = events.to_string();
        let headers = self.keys.sendgrid("1772447400", &body);
        self.call("sendgrid", &headers, &body).await.status
    }

    async fn state(&self) -> DeliveryState {
        let found = self.stage.store.deliveries.find_delivery(self.letter).await;
        found.expect("found").expect("there").state
    }

    async fn kinds(&self) -> Vec<EventKind> {
        let events = self.stage.store.events.list_events(self.letter).await;
        events.expect("listed").iter().map(|it| it.kind).collect()
    }

    /// What the envelope's sender of the letter is.
    fn sender(&self) -> String {
        bounce_address(&self.stage.key, self.letter, "petition.example")
    }

    fn message_id(&self) -> String {
        format!("<{}@petition.example>", self.letter.0.simple())
    }

    fn mailgun_event(&self, id: &str) -> Value {
        json!({
            "event": "failed", "severity": "permanent", "reason": "bounce", "id": id,
            "timestamp": 1_772_447_400.5, "recipient": "office@city.example",
            "delivery-status": { "code": 550, "message": "5.1.1 nobody", "mx-host": "mx.city.example" },
            "message": { "headers": { "message-id": self.message_id().trim_matches(['<', '>']) } },
            "envelope": { "sender": "letters@petition.example", "transport": "smtp" },
        })
    }

    fn sendgrid_event(&self, id: &str, event: &str) -> Value {
        json!({
            "email": "office@city.example", "timestamp": 1_772_447_400, "smtp-id": self.message_id(),
            "event": event, "type": "bounce", "status": "5.2.2", "reason": "552 5.2.2 full",
            "sg_event_id": id, "sg_message_id": "14c5d75ce93.dfd.64b469.0",
        })
    }

    fn postmark_record() -> Value {
        json!({
            "RecordType": "SpamComplaint", "ID": 42, "Type": "SpamComplaint", "TypeCode": 512,
            "MessageID": QUEUE_ID, "Email": "office@city.example", "From": "letters@petition.example",
            "BouncedAt": "2026-03-02T10:30:00Z", "Details": "Test spam complaint details",
        })
    }
}

fn ses_bounce(source: &str) -> Value {
    json!({
        "notificationType": "Bounce",
        "bounce": {
            "feedbackId": "0100018-bounce-000000", "bounceType": "Permanent", "bounceSubType": "General",
            "bouncedRecipients": [{
                "emailAddress": "office@city.example", "action": "failed", "status": "5.1.1",
                "diagnosticCode": "smtp; 550 5.1.1 nobody",
            }],
            "timestamp": "2026-03-02T10:30:00.000Z", "reportingMTA": "dns; a8-70.smtp-out.amazonses.com",
        },
        "mail": {
            "timestamp": "2026-03-02T10:29:00.000Z", "messageId": "0100018-m", "source": source,
            "destination": ["office@city.example"],
        },
    })
}

#[tokio::test]
async fn a_provider_that_is_not_set_up_is_not_there() {
    let stage = Stage::open().await;
    for provider in ["ses", "postmark", "mailgun", "sendgrid", "pigeons", ""] {
        let path = format!("/hooks/{provider}");
        let answer = stage.post_json(&path, &json!({})).await;
        assert_eq!(answer.status, StatusCode::NOT_FOUND, "{provider}");
    }
}

#[tokio::test]
async fn a_bounce_that_ses_tells_moves_the_letter_once() {
    let told = Told::new().await;
    let bounce = ses_bounce(&told.sender());
    for _ in 0..2 {
        assert_eq!(told.ses(&bounce, |_| ()).await, StatusCode::OK);
        assert_eq!(told.kinds().await, [EventKind::BadAddress]);
        assert_eq!(told.state().await, DeliveryState::BouncedHard);
    }
    let events = told.stage.store.events.list_events(told.letter).await;
    let event = events.expect("listed").remove(0);
    assert_eq!(
        (event.status.as_deref(), event.diagnostic.as_deref()),
        (Some("5.1.1"), Some("smtp; 550 5.1.1 nobody"))
    );
}

#[tokio::test]
async fn what_ses_has_not_signed_for_this_topic_changes_nothing() {
    let told = Told::new().await;
    let bounce = ses_bounce(&told.sender());
    let forge = |name: &'static str, value: &'static str| {
        move |envelope: &mut Value| envelope[name] = Value::from(value)
    };
    for (name, value) in [
        ("Message", "{}"),
        ("MessageId", "another"),
        ("Timestamp", "2026-03-03T10:30:00.000Z"),
        ("TopicArn", "arn:aws:sns:us-east-1:123456789012:others"),
        ("Type", "SubscriptionConfirmation"),
        ("Type", "Nonsense"),
        ("Signature", "AAAA"),
        ("Signature", "no base64!"),
        ("SignatureVersion", "1"),
        ("SignatureVersion", "3"),
        ("SigningCertURL", "https://sns.evil.example/a.pem"),
    ] {
        let status = told.ses(&bounce, forge(name, value)).await;
        assert_eq!(status, StatusCode::FORBIDDEN, "{name} {value}");
    }
    // Somebody else's topic, well signed by SNS.
    let mut foreign = Sns::new();
    foreign.topic = "arn:aws:sns:us-east-1:999999999999:letters".into();
    let body = foreign.notify(&bounce).to_string();
    assert_eq!(
        told.call("ses", &[], &body).await.status,
        StatusCode::FORBIDDEN
    );
    for body in ["", "{}", "[]", "no json", "{\"Type\":\"Notification\"}"] {
        let answer = told.call("ses", &[], body).await;
        assert_eq!(answer.status, StatusCode::UNAUTHORIZED, "{body}");
    }
    assert_eq!(told.kinds().await, []);
    assert_eq!(told.state().await, DeliveryState::Accepted);
}

#[tokio::test]
async fn the_first_version_of_the_signature_of_sns_holds_too() {
    let pem = include_str!("hooks/sns_version_1.pem");
    let call = include_str!("hooks/sns_version_1.json");
    let topic = "arn:aws:sns:us-east-1:123456789012:letters";
    let keys = HookKeys {
        ses: SesKeys::parse(topic, pem).ok(),
        ..HookKeys::default()
    };
    let mut told = Told::new().await;
    let before = told.stage;
    told.stage = Stage::told_by(keys).await;
    drop(before);
    told.stage.sign_openly("Ana Ruiz", None).await;
    let sent = told.stage.send_to(&[Mayor]).await;
    told.stage.accept(sent.letters[0]).await;
    told.letter = sent.letters[0];
    let changed = call.replace("complaint-000000", "complaint-000001");
    assert_eq!(
        told.call("ses", &[], &changed).await.status,
        StatusCode::FORBIDDEN
    );
    // It names the letter by the server's own word alone.
    assert_eq!(told.call("ses", &[], call).await.status, StatusCode::OK);
    assert_eq!(told.kinds().await, [EventKind::Complaint]);
}

#[tokio::test]
async fn a_subscription_is_noted_and_nothing_is_fetched() {
    let told = Told::new().await;
    let mut asked = json!({
        "Type": "SubscriptionConfirmation", "MessageId": "165545c9", "Token": "2336412f37",
        "TopicArn": told.keys.sns.topic, "Message": "You have chosen to subscribe to the topic.",
        "SubscribeURL": "https://sns.us-east-1.amazonaws.com/?Action=ConfirmSubscription",
        "Timestamp": "2026-03-02T10:30:00.000Z", "SignatureVersion": "2",
        "SigningCertURL": "https://sns.us-east-1.amazonaws.com/a.pem",
    });
    told.keys.sns.sign(&mut asked);
    let body = asked.to_string();
    assert_eq!(told.call("ses", &[], &body).await.status, StatusCode::OK);
    asked["SubscribeURL"] = Value::from("https://evil.example/");
    let body = asked.to_string();
    assert_eq!(
        told.call("ses", &[], &body).await.status,
        StatusCode::FORBIDDEN
    );
    assert_eq!(told.kinds().await, []);
}

#[tokio::test]
async fn what_mailgun_signed_holds_for_one_event_and_for_a_quarter_of_an_hour() {
    let told = Told::new().await;
    let event = told.mailgun_event("G9Bn5sl1TC6nu79C8C0bwg");
    let forged = {
        let mut body = Keys::mailgun(&event, told.stage.now().timestamp(), "t-0");
        body["signature"]["token"] = Value::from("t-1");
        body
    };
    let late = Keys::mailgun(&event, told.stage.now().timestamp() - 16 * 60, "t-2");
    let early = Keys::mailgun(&event, told.stage.now().timestamp() + 16 * 60, "t-3");
    for body in [forged, late, early] {
        let answer = told.call("mailgun", &[], &body.to_string()).await;
        assert_eq!(answer.status, StatusCode::FORBIDDEN, "{body}");
    }
    let unsigned = json!({ "event-data": event }).to_string();
    assert_eq!(
        told.call("mailgun", &[], &unsigned).await.status,
        StatusCode::UNAUTHORIZED
    );
    assert_eq!(told.kinds().await, []);

    assert_eq!(told.mailgun(&event, "t-4").await, StatusCode::OK);
    assert_eq!(told.kinds().await, [EventKind::BadAddress]);
    // Heard again, because no answer was heard; and the signature before another event.
    assert_eq!(told.mailgun(&event, "t-4").await, StatusCode::OK);
    let other = told.mailgun_event("another");
    assert_eq!(told.mailgun(&other, "t-4").await, StatusCode::FORBIDDEN);
    // Told anew under another signature, it is still the same event.
    assert_eq!(told.mailgun(&event, "t-5").await, StatusCode::OK);
    assert_eq!(told.kinds().await.len(), 1);
    assert_eq!(told.state().await, DeliveryState::BouncedHard);
}

#[tokio::test]
async fn sendgrid_tells_several_at_once_in_any_order() {
    let told = Told::new().await;
    let events = json!([
        told.sendgrid_event("e-2", "bounce"),
        told.sendgrid_event("e-1", "delivered"),
        told.sendgrid_event("e-3", "open"),
        { "event": "nonsense" },
        { "event": "bounce", "sg_event_id": "e-9", "smtp-id": "<someone@else.example>" },
    ]);
    for _ in 0..2 {
        assert_eq!(told.sendgrid(&events).await, StatusCode::OK);
        let mut kinds = told.kinds().await;
        kinds.sort();
        assert_eq!(kinds, [EventKind::Passing, EventKind::Delivered]);
        assert_eq!(told.state().await, DeliveryState::BouncedSoft);
    }
}

#[tokio::test]
async fn what_sendgrid_has_not_signed_changes_nothing() {
    let told = Told::new().await;
    let body = json!([told.sendgrid_event("e-1", "bounce")]).to_string();
    let headers = told.keys.sendgrid("1772447400", &body);
    let none = told.call("sendgrid", &[], &body).await;
    assert_eq!(none.status, StatusCode::UNAUTHORIZED);
    let changed = body.replace("e-1", "e-2");
    let other_time = [headers[0].clone(), (headers[1].0, "1772447401".to_owned())];
    let other_key = Keys::new().sendgrid("1772447400", &body);
    let no_signature = [(headers[0].0, "AAAA".to_owned()), headers[1].clone()];
    for (headers, body) in [
        (&headers[..], &changed),
        (&other_time, &body),
        (&other_key, &body),
        (&no_signature, &body),
    ] {
        let answer = told.call("sendgrid", headers, body).await;
        assert_eq!(answer.status, StatusCode::FORBIDDEN);
    }
    let empty = told.keys.sendgrid("1", "{}");
    let answer = told.call("sendgrid", &empty, "{}").await;
    assert_eq!(answer.status, StatusCode::BAD_REQUEST);
    assert_eq!(told.kinds().await, []);
}

#[tokio::test]
async fn postmark_carries_its_secret_and_names_a_letter_by_its_own_word() {
    let told = Told::new().await;
    let body = Told::postmark_record().to_string();
    let answer = told.call("postmark", &[], &body).await;
    assert_eq!(answer.status, StatusCode::UNAUTHORIZED);
    for (name, value) in [
        ("authorization", keys::basic("redress", "wrong")),
        ("authorization", keys::basic("redress", "")),
        ("x-redress-hook-token", "wrong".to_owned()),
    ] {
        let answer = told.call("postmark", &[(name, value)], &body).await;
        assert_eq!(answer.status, StatusCode::FORBIDDEN);
    }
    for value in ["Bearer x", "Basic", "Basic !!"] {
        let header = [("authorization", value.to_owned())];
        let answer = told.call("postmark", &header, &body).await;
        assert_eq!(answer.status, StatusCode::UNAUTHORIZED, "{value}");
    }
    assert_eq!(told.kinds().await, []);

    for header in [
        ("authorization", keys::basic("redress", keys::SECRET)),
        ("x-redress-hook-token", keys::SECRET.to_owned()),
    ] {
        let answer = told.call("postmark", &[header], &body).await;
        assert_eq!(answer.status, StatusCode::OK);
        assert_eq!(told.kinds().await, [EventKind::Complaint]);
    }
    let header = [("x-redress-hook-token", keys::SECRET.to_owned())];
    for odd in ["", "{}", "[1]", "no json"] {
        let answer = told.call("postmark", &header, odd).await;
        assert_eq!(answer.status, StatusCode::BAD_REQUEST, "{odd}");
    }
}

#[tokio::test]
async fn an_officials_address_or_a_bad_seal_names_no_letter() {
    let told = Told::new().await;
    let mut forged = told.sender();
    let last = forged.find('@').expect("an address") - 2;
    let other = if &forged[last..=last] == "a" {
        "b"
    } else {
        "a"
    };
    forged.replace_range(last..=last, other);
    for source in [forged.as_str(), "office@city.example"] {
        let bounce = ses_bounce(source);
        assert_eq!(told.ses(&bounce, |_| ()).await, StatusCode::OK);
    }
    assert_eq!(told.kinds().await, []);
    assert_eq!(told.state().await, DeliveryState::Accepted);
}

#[tokio::test]
async fn a_delivery_that_is_told_ends_uncertainty() {
    let mut told = Told::new().await;
    told.stage.sign_openly("Ben Roth", None).await;
    told.stage.clock.pass(chrono::Duration::days(2));
    let sent = told.stage.send_to(&[Mayor]).await;
    told.letter = sent.letters[0];
    told.stage.begin(told.letter).await;
    told.stage.clock.pass(chrono::Duration::hours(1));
    let deliveries = &told.stage.store.deliveries;
    deliveries
        .recover_deliveries(told.stage.now())
        .await
        .expect("recovered");
    assert_eq!(told.state().await, DeliveryState::Uncertain);
    let delivered = json!([told.sendgrid_event("e-1", "delivered")]);
    assert_eq!(told.sendgrid(&delivered).await, StatusCode::OK);
    assert_eq!(told.state().await, DeliveryState::Accepted);
}

#[tokio::test]
async fn a_call_that_is_too_long_or_comes_while_storage_is_away_is_refused() {
    let told = Told::new().await;
    let long = format!("[\"{}\"]", "a".repeat(1024 * 1024));
    for provider in ["ses", "postmark", "mailgun", "sendgrid"] {
        let answer = told.call(provider, &[], &long).await;
        assert_eq!(answer.status, StatusCode::PAYLOAD_TOO_LARGE, "{provider}");
    }
    told.stage.lose_database().await;
    let bounce = ses_bounce(&told.sender());
    let status = told.ses(&bounce, |_| ()).await;
    assert_eq!(status, StatusCode::SERVICE_UNAVAILABLE);
}
