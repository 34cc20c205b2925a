//! Amazon SES: the message that SNS carries, as an event (`eventType`) or as a notification (`notificationType`).
//!
//! <https://docs.aws.amazon.com/ses/latest/dg/notification-contents.html>

use super::{EventKind, Told, bracketed, enhanced, for_good, limited, text};
use serde_json::Value;

pub(super) fn read(body: &Value) -> Option<Vec<Told>> {
    let what = text(body, "/eventType").or_else(|| text(body, "/notificationType"))?;
    let queue_id = text(body, "/mail/messageId")?;
    let (kind, status, diagnostic, remote_mta, part) = match what {
        "Bounce" => bounce(body)?,
        "Complaint" => (EventKind::Complaint, None, None, None, "/complaint"),
        "Delivery" => {
            let said = limited(text(body, "/delivery/smtpResponse"));
            let server = limited(text(body, "/delivery/remoteMtaIp"));
            (EventKind::Delivered, None, said, server, "/delivery")
        }
        "DeliveryDelay" => {
            let recipient = "/deliveryDelay/delayedRecipients/0";
            let status = limited(text(body, &format!("{recipient}/status")));
            let said = limited(text(body, &format!("{recipient}/diagnosticCode")));
            (EventKind::Delayed, status, said, None, "/deliveryDelay")
        }
        "Reject" => {
            let said = limited(text(body, "/reject/reason"));
            (EventKind::Rejected, None, said, None, "/reject")
        }
        _ => return Some(Vec::new()),
    };
    // What SES tells twice has one id of feedback, or one instant.
    let own = text(body, &format!("{part}/feedbackId"))
        .or_else(|| text(body, &format!("{part}/timestamp")))
        .unwrap_or_default();
    Some(vec![Told {
        id: format!("{what}:{queue_id}:{own}"),
        kind,
        status,
        diagnostic,
        remote_mta,
        addresses: addresses(body),
        message_ids: message_ids(body),
        queue_ids: vec![queue_id.to_owned()],
    }])
}

type Failed = (
    EventKind,
    Option<String>,
    Option<String>,
    Option<String>,
    &'static str,
);

fn bounce(body: &Value) -> Option<Failed> {
    let (class, part) = (text(body, "/bounce/bounceType")?, "/bounce");
    let sort = text(body, "/bounce/bounceSubType").unwrap_or_default();
    let recipient = "/bounce/bouncedRecipients/0";
    let said = text(body, &format!("{recipient}/diagnosticCode"));
    let status = text(body, &format!("{recipient}/status"))
        .map(str::to_owned)
        .or_else(|| said.and_then(enhanced));
    let is_failed = text(body, &format!("{recipient}/action")) == Some("failed");
    let kind = match (class, sort) {
        // SES has not even tried: its own list names the address.
        (_, "Suppressed" | "OnAccountSuppressionList") => EventKind::Rejected,
        ("Permanent", "NoEmail" | "General") => for_good(status.as_deref(), EventKind::BadAddress),
        ("Transient", "MailboxFull") => EventKind::Passing,
        ("Transient", "MessageTooLarge" | "ContentRejected" | "AttachmentRejected") => {
            EventKind::Rejected
        }
        // An absence notice comes as such a bounce too. Only a failure that is told as one lets the letter go again.
        ("Transient", _) if is_failed => EventKind::Passing,
        ("Transient", _) => EventKind::Delayed,
        _ => for_good(status.as_deref(), EventKind::Rejected),
    };
    // Its own word is as good as the code that it stands for (RFC 3463, X.3.4).
    let status = match sort {
        "MessageTooLarge" => Some("5.3.4".to_owned()),
        _ => status,
    };
    let server = limited(text(body, "/bounce/reportingMTA"));
    Some((kind, status, limited(said), server, part))
}

/// The envelope's sender, and what the headers name.
fn addresses(body: &Value) -> Vec<String> {
    let replies = body.pointer("/mail/commonHeaders/replyTo");
    let replies = replies.and_then(Value::as_array).into_iter().flatten();
    let replies = replies.filter_map(Value::as_str);
    let source = text(body, "/mail/source");
    source.into_iter().chain(replies).map(bare).collect()
}

/// `"Open Doors" <reply+1@petition.example>` without the name.
fn bare(address: &str) -> String {
    let inner = address
        .rsplit_once('<')
        .and_then(|(_, rest)| rest.split_once('>'));
    inner.map_or(address, |(inner, _)| inner).trim().to_owned()
}

/// SES puts its own id in the place of ours on the wire; the headers name the one that was handed in.
fn message_ids(body: &Value) -> Vec<String> {
    let headers = body.pointer("/mail/headers").and_then(Value::as_array);
    let own = headers.into_iter().flatten().filter(|header| {
        text(header, "/name").is_some_and(|name| name.eq_ignore_ascii_case("message-id"))
    });
    let own = own.filter_map(|header| text(header, "/value"));
    let common = text(body, "/mail/commonHeaders/messageId");
    own.chain(common).map(bracketed).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn bounced(class: &str, sort: &str, recipient: &Value) -> Told {
        let body = json!({
            "notificationType": "Bounce",
            "bounce": {
                "feedbackId": "f-1", "bounceType": class, "bounceSubType": sort,
                "bouncedRecipients": [recipient], "timestamp": "2026-03-02T10:30:00.000Z",
            },
            "mail": { "messageId": "m-1", "source": "bounce+a-b@petition.example" },
        });
        let told = read(&body).unwrap().remove(0);
        assert_eq!(told.id, "Bounce:m-1:f-1");
        assert_eq!(told.addresses, ["bounce+a-b@petition.example"]);
        told
    }

    #[test]
    fn bounces_are_sorted() {
        let nothing = json!({ "emailAddress": "mayor@city.example" });
        let rule = json!({ "action": "failed", "status": "5.7.1", "diagnosticCode": "smtp; 550 5.7.1 no" });
        let away = json!({ "action": "failed", "status": "4.4.7" });
        for (class, sort, recipient, kind) in [
            ("Permanent", "General", &nothing, EventKind::BadAddress),
            ("Permanent", "General", &rule, EventKind::Rejected),
            (
                "Permanent",
                "OnAccountSuppressionList",
                &nothing,
                EventKind::Rejected,
            ),
            ("Transient", "MailboxFull", &nothing, EventKind::Passing),
            (
                "Transient",
                "MessageTooLarge",
                &nothing,
                EventKind::Rejected,
            ),
            ("Transient", "General", &nothing, EventKind::Delayed),
            ("Transient", "General", &away, EventKind::Passing),
            (
                "Undetermined",
                "Undetermined",
                &nothing,
                EventKind::Rejected,
            ),
        ] {
            let told = bounced(class, sort, recipient);
            assert_eq!(told.kind, kind, "{class} {sort}");
        }
    }

    #[test]
    fn what_was_too_large_has_the_code_that_says_so() {
        for recipient in [json!({}), json!({ "status": "5.0.0" })] {
            let told = bounced("Transient", "MessageTooLarge", &recipient);
            assert_eq!(told.status.as_deref(), Some("5.3.4"));
        }
    }

    #[test]
    fn what_is_nothing_to_a_letter_is_left_out() {
        let opened = json!({ "eventType": "Open", "mail": { "messageId": "m-1" }, "open": {} });
        assert_eq!(read(&opened), Some(Vec::new()));
        assert_eq!(read(&json!({ "eventType": "Open" })), None);
        assert_eq!(read(&json!([])), None);
    }

    #[test]
    fn our_own_id_is_found_among_the_headers() {
        let body = json!({
            "eventType": "Delivery",
            "mail": {
                "messageId": "m-1", "source": "bounce+a-b@petition.example",
                "headers": [{ "name": "Message-ID", "value": "<it.1@petition.example>" }],
                "commonHeaders": { "messageId": "m-1", "replyTo": ["Open Doors <reply+a-b@petition.example>"] },
            },
            "delivery": { "timestamp": "2026-03-02T10:30:00.000Z", "smtpResponse": "250 ok" },
        });
        let told = read(&body).unwrap().remove(0);
        assert_eq!(told.message_ids, ["<it.1@petition.example>", "<m-1>"]);
        assert_eq!(told.addresses[1], "reply+a-b@petition.example");
        assert_eq!(
            (told.kind, told.diagnostic.as_deref()),
            (EventKind::Delivered, Some("250 ok"))
        );
    }
}
