//! Twilio SendGrid: a list of events a call.
//!
//! <https://www.twilio.com/docs/sendgrid/for-developers/tracking-events/event>

use super::{EventKind, Told, bracketed, enhanced, for_good, limited, text};
use serde_json::Value;

pub(super) fn read(body: &Value) -> Option<Vec<Told>> {
    let events = body.as_array()?;
    // One event of an unknown shape takes nothing from the others.
    Some(events.iter().filter_map(one).collect())
}

fn one(event: &Value) -> Option<Told> {
    let id = text(event, "/sg_event_id")?;
    let said = text(event, "/reason").or_else(|| text(event, "/response"));
    let status = text(event, "/status")
        .and_then(enhanced)
        .or_else(|| said.and_then(enhanced));
    let kind = match (text(event, "/event")?, text(event, "/type")) {
        ("delivered", _) => EventKind::Delivered,
        ("deferred", _) => EventKind::Delayed,
        // Of what was dropped nothing was tried: its own list names the address.
        ("bounce", Some("blocked")) | ("dropped", _) => EventKind::Rejected,
        ("bounce", _) => for_good(status.as_deref(), EventKind::BadAddress),
        ("spamreport", _) => EventKind::Complaint,
        _ => return None,
    };
    let message_id = text(event, "/smtp-id");
    let queue_id = text(event, "/sg_message_id");
    // `14c5d75ce93.dfd.64b469.filter0001.16648.5515E0B88.0`: the answer to the dot names the first part.
    let first = queue_id.and_then(|id| id.split('.').next());
    Some(Told {
        id: id.to_owned(),
        kind,
        status,
        diagnostic: limited(said),
        remote_mta: None,
        addresses: Vec::new(),
        message_ids: message_id.into_iter().map(bracketed).collect(),
        queue_ids: queue_id
            .into_iter()
            .chain(first)
            .map(str::to_owned)
            .collect(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn events_are_sorted() {
        for (event, kind, status, reason, expected) in [
            ("delivered", "", "", "", Some(EventKind::Delivered)),
            ("deferred", "", "", "try again", Some(EventKind::Delayed)),
            (
                "bounce",
                "bounce",
                "5.1.1",
                "550 nobody",
                Some(EventKind::BadAddress),
            ),
            (
                "bounce",
                "bounce",
                "5.0.0",
                "550 no such user",
                Some(EventKind::BadAddress),
            ),
            (
                "bounce",
                "bounce",
                "",
                "550 5.7.1 rule",
                Some(EventKind::Rejected),
            ),
            ("bounce", "blocked", "4.0.0", "", Some(EventKind::Rejected)),
            (
                "dropped",
                "",
                "",
                "Bounced Address",
                Some(EventKind::Rejected),
            ),
            ("spamreport", "", "", "", Some(EventKind::Complaint)),
            ("open", "", "", "", None),
        ] {
            let body = json!([{
                "event": event, "type": kind, "status": status, "reason": reason,
                "sg_event_id": "ZGVsaXZlcmVkLTA", "sg_message_id": "14c5.dfd.0",
                "smtp-id": "<it.1@petition.example>",
            }, { "event": "bounce" }, 7]);
            let told = read(&body).unwrap();
            assert_eq!(
                told.first().map(|it| it.kind),
                expected,
                "{event} {kind} {status}"
            );
            for told in told {
                assert_eq!(told.message_ids, ["<it.1@petition.example>"]);
                assert_eq!(told.queue_ids, ["14c5.dfd.0", "14c5"]);
            }
        }
        assert_eq!(read(&json!({})), None);
    }
}
