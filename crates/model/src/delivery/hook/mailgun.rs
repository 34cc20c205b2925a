//! Mailgun: one event a call, beside its signature.
//!
//! <https://documentation.mailgun.com/docs/mailgun/user-manual/events/event-structure>

use super::{EventKind, Told, bracketed, enhanced, for_good, limited, text};
use serde_json::Value;

pub(super) fn read(body: &Value) -> Option<Vec<Told>> {
    let event = body.get("event-data")?;
    let id = text(event, "/id")?;
    let status = "/delivery-status";
    let said = text(event, &format!("{status}/message"))
        .or_else(|| text(event, &format!("{status}/description")));
    let code = text(event, &format!("{status}/enhanced-code"))
        .map(str::to_owned)
        .or_else(|| said.and_then(enhanced));
    let number = event.pointer("/delivery-status/code");
    let number = number.and_then(Value::as_i64).unwrap_or_default();
    let reason = text(event, "/reason").unwrap_or_default();
    let kind = match (text(event, "/event")?, text(event, "/severity")) {
        ("delivered", _) => EventKind::Delivered,
        ("complained", _) => EventKind::Complaint,
        // Mailgun tries again by itself.
        ("failed", Some("temporary")) => EventKind::Delayed,
        // It has tried for as long as it does.
        ("failed", _) if reason == "old" => EventKind::Passing,
        // Its own list names the address: nothing was tried.
        ("failed" | "rejected", _) if reason.starts_with("suppress-") => EventKind::Rejected,
        ("failed", _) => {
            let nobody = matches!(number, 550 | 551 | 553) && code.is_none();
            let otherwise = if nobody {
                EventKind::BadAddress
            } else {
                EventKind::Rejected
            };
            for_good(code.as_deref(), otherwise)
        }
        ("rejected", _) => EventKind::Rejected,
        _ => return Some(Vec::new()),
    };
    let message_id = text(event, "/message/headers/message-id");
    Some(vec![Told {
        id: id.to_owned(),
        kind,
        status: code,
        diagnostic: limited(said),
        remote_mta: limited(text(event, &format!("{status}/mx-host"))),
        addresses: text(event, "/envelope/sender")
            .into_iter()
            .map(str::to_owned)
            .collect(),
        message_ids: message_id.into_iter().map(bracketed).collect(),
        queue_ids: Vec::new(),
    }])
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn events_are_sorted() {
        for (event, severity, reason, code, message, expected) in [
            ("delivered", "", "", 250, "OK", Some(EventKind::Delivered)),
            (
                "failed",
                "temporary",
                "generic",
                421,
                "",
                Some(EventKind::Delayed),
            ),
            (
                "failed",
                "permanent",
                "bounce",
                550,
                "5.1.1 nobody",
                Some(EventKind::BadAddress),
            ),
            (
                "failed",
                "permanent",
                "generic",
                550,
                "no such user",
                Some(EventKind::BadAddress),
            ),
            (
                "failed",
                "permanent",
                "generic",
                554,
                "5.7.1 policy",
                Some(EventKind::Rejected),
            ),
            (
                "failed",
                "permanent",
                "suppress-bounce",
                605,
                "",
                Some(EventKind::Rejected),
            ),
            (
                "failed",
                "permanent",
                "old",
                602,
                "",
                Some(EventKind::Passing),
            ),
            ("complained", "", "", 0, "", Some(EventKind::Complaint)),
            ("opened", "", "", 0, "", None),
        ] {
            let body = json!({ "event-data": {
                "event": event, "id": "G9Bn5sl1TC6nu79C8C0bwg", "severity": severity, "reason": reason,
                "delivery-status": { "code": code, "message": message, "mx-host": "mx.city.example" },
                "message": { "headers": { "message-id": "it.1@petition.example" } },
                "envelope": { "sender": "bounce+a-b@petition.example" },
            } });
            let told = read(&body).unwrap().pop();
            assert_eq!(
                told.as_ref().map(|it| it.kind),
                expected,
                "{event} {severity} {reason} {code}"
            );
            if let Some(told) = told {
                assert_eq!(told.message_ids, ["<it.1@petition.example>"]);
                assert_eq!(told.addresses, ["bounce+a-b@petition.example"]);
            }
        }
        assert_eq!(read(&json!({ "event-data": { "event": "failed" } })), None);
        assert_eq!(read(&json!({})), None);
    }
}
