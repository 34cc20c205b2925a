//! Postmark: one record a call.
//!
//! <https://postmarkapp.com/developer/webhooks/webhooks-overview>

use super::{EventKind, Told, enhanced, for_good, limited, text};
use serde_json::Value;

pub(super) fn read(body: &Value) -> Option<Vec<Told>> {
    let record = text(body, "/RecordType")?;
    let queue_id = text(body, "/MessageID")?;
    let details = text(body, "/Details");
    let status = details.and_then(enhanced);
    let kind = match record {
        "Bounce" => match bounce(text(body, "/Type")?, status.as_deref()) {
            Some(kind) => kind,
            None => return Some(Vec::new()),
        },
        "SpamComplaint" => EventKind::Complaint,
        "Delivery" => EventKind::Delivered,
        _ => return Some(Vec::new()),
    };
    let own = body.get("ID").and_then(Value::as_i64);
    let own = own.map(|id| id.to_string());
    let own = own.or_else(|| text(body, "/DeliveredAt").map(str::to_owned));
    // What was put along with the message may name our own address.
    let along = body.get("Metadata").and_then(Value::as_object);
    let along = along.into_iter().flat_map(|it| it.values());
    let addresses = along.filter_map(Value::as_str).map(str::to_owned);
    Some(vec![Told {
        id: format!("{record}:{queue_id}:{}", own.unwrap_or_default()),
        kind,
        status,
        diagnostic: limited(details.or_else(|| text(body, "/Description"))),
        remote_mta: None,
        addresses: addresses.take(64).collect(),
        message_ids: Vec::new(),
        queue_ids: vec![queue_id.to_owned()],
    }])
}

/// Postmark's kinds of bounces; `None` for what is none.
fn bounce(kind: &str, status: Option<&str>) -> Option<EventKind> {
    Some(match kind {
        "HardBounce" => for_good(status, EventKind::BadAddress),
        "BadEmailAddress" => EventKind::BadAddress,
        // Postmark has given up: as long as it still tries it says `Transient`.
        "SoftBounce" | "DnsError" => EventKind::Passing,
        "Transient" => EventKind::Delayed,
        "AutoResponder" | "AddressChange" => EventKind::AutoReply,
        "ChallengeVerification" => EventKind::Challenge,
        "SpamComplaint" => EventKind::Complaint,
        "Subscribe" | "Unsubscribe" | "OpenRelayTest" => return None,
        _ => EventKind::Rejected,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn records_are_sorted() {
        let read = |record: &str, kind: &str, details: &str| {
            let body = json!({
                "RecordType": record, "Type": kind, "ID": 42, "MessageID": "883953f4-6105",
                "Details": details, "Metadata": { "redress": "bounce+a-b@petition.example" },
            });
            let mut told = read(&body).unwrap();
            told.pop().map(|told| {
                assert_eq!(told.id, format!("{record}:883953f4-6105:42"));
                assert_eq!(told.addresses, ["bounce+a-b@petition.example"]);
                told.kind
            })
        };
        for (record, kind, details, expected) in [
            (
                "Bounce",
                "HardBounce",
                "550 5.1.1 nobody",
                Some(EventKind::BadAddress),
            ),
            (
                "Bounce",
                "HardBounce",
                "554 5.7.1 blocked",
                Some(EventKind::Rejected),
            ),
            ("Bounce", "SoftBounce", "552 full", Some(EventKind::Passing)),
            ("Bounce", "Transient", "", Some(EventKind::Delayed)),
            ("Bounce", "AutoResponder", "", Some(EventKind::AutoReply)),
            ("Bounce", "Blocked", "", Some(EventKind::Rejected)),
            ("Bounce", "Unsubscribe", "", None),
            (
                "SpamComplaint",
                "SpamComplaint",
                "",
                Some(EventKind::Complaint),
            ),
            ("Delivery", "", "250 ok", Some(EventKind::Delivered)),
            ("Open", "", "", None),
        ] {
            assert_eq!(read(record, kind, details), expected, "{record} {kind}");
        }
        assert_eq!(super::read(&json!({ "RecordType": "Bounce" })), None);
    }
}
