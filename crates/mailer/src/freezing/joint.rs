//! The letter to the whole body: one in the place of several seats' own, by way of the clerk.

use super::view::BatchView;
use super::wished::Heeded;
use crate::error::MailerError;
use crate::mailer::Mailer;
use redress_model::id::DeliveryId;
use redress_model::petition::Sender;
use redress_storage::StorageResult;
use redress_storage::batches::JointLetter;
use redress_storage::deliveries::{Addressee, Delivery, NewDelivery};
use redress_storage::secrets::{PetitionSecrets, SealedField};

/// A seat that a letter is for, and the delivery by whose link its desk opens.
#[derive(Debug, Clone, Copy)]
pub(super) struct Reader<'a> {
    pub(super) seat: &'a Addressee,
    pub(super) id: DeliveryId,
    pub(super) epoch: i32,
}

impl<'a> Reader<'a> {
    /// The seat of a delivery that is there.
    pub(super) fn of(delivery: &'a Delivery) -> Self {
        Self {
            seat: &delivery.addressee,
            id: delivery.id,
            epoch: delivery.epoch,
        }
    }

    fn new(new: &'a NewDelivery) -> Self {
        Self {
            seat: &new.addressee,
            id: new.id,
            epoch: 0,
        }
    }
}

/// Those who are joined to a delivery, as a list of officials has them: by role and district.
pub(super) fn fellows(joined: &[Delivery]) -> Vec<Reader<'_>> {
    let mut fellows: Vec<Reader<'_>> = joined.iter().map(Reader::of).collect();
    fellows.sort_by_key(|reader| {
        let seat = reader.seat;
        let district = seat.district.as_deref().unwrap_or_default();
        let number = district.parse::<u64>().unwrap_or(u64::MAX);
        (seat.role, number, district, seat.post_id.as_str())
    });
    fellows
}

impl Mailer {
    /// The one letter of the seats that wish for it, carried by the first of them; `None` where there are no two.
    pub(super) fn join(
        &self,
        view: &BatchView,
        secrets: &PetitionSecrets,
        heeded: &Heeded,
        deliveries: &[NewDelivery],
        named: Option<&Sender>,
    ) -> Result<Option<JointLetter>, MailerError> {
        let seats = heeded.seats.iter().zip(deliveries);
        let mut joint = seats.filter(|(wished, _)| wished.is_joint);
        let (Some(to_name), Some((first, carrier))) = (&heeded.together, joint.next()) else {
            return Ok(None);
        };
        let fellows: Vec<Reader<'_>> = joint.map(|(_, new)| Reader::new(new)).collect();
        let references = first.references.clone();
        let reader = Reader::new(carrier);
        let mut letter = self.write_to_all(view, reader, &fellows, references, named)?;
        letter.to_name.clone_from(to_name);
        Ok(Some(JointLetter {
            carrier: carrier.id,
            joined: fellows.iter().map(|reader| reader.id).collect(),
            sealed_letter: self.seal(secrets, SealedField::Letter, carrier.id, &letter.to_json()),
        }))
    }

    /// The deliveries of the others that are in the letter which one carries; none where it is for one seat alone.
    pub(crate) async fn joined(&self, delivery: &Delivery) -> StorageResult<Vec<Delivery>> {
        if delivery.carries == 0 {
            return Ok(Vec::new());
        }
        self.store().deliveries.list_joined(delivery.id).await
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use redress_model::delivery::LetterVariant;
    use redress_model::delivery::state::DeliveryState;
    use redress_model::geoid::Geoid;
    use redress_model::id::{BatchId, PetitionId};
    use redress_model::official::Role;
    use uuid::Uuid;

    fn joined(post: &str, role: Role, district: Option<&str>) -> Delivery {
        let at = "2026-03-04T00:00:00Z".parse().unwrap();
        Delivery {
            id: DeliveryId(Uuid::nil()),
            batch_id: BatchId(Uuid::nil()),
            batch_number: 1,
            petition_id: PetitionId(Uuid::nil()),
            geoid: Geoid::parse("0804000").unwrap(),
            variant: LetterVariant::Letter,
            addressee: Addressee {
                post_id: post.into(),
                role,
                title: "Member".into(),
                district: district.map(Into::into),
                person: None,
                email: Some("clerk@city.example".into()),
                no_contact: None,
            },
            state: DeliveryState::Suppressed,
            epoch: 0,
            attempts: 0,
            due_at: at,
            envelope: None,
            reply: None,
            queue_id: None,
            note: None,
            created_at: at,
            changed_at: at,
            accepted_at: None,
            joined_id: Some(DeliveryId(Uuid::max())),
            carries: 0,
            is_partable: false,
        }
    }

    #[test]
    fn those_who_are_joined_stand_by_role_and_district() {
        let member = Role::CouncilMember;
        let joined = [
            joined("b", member, None),
            joined("c", member, Some("10")),
            joined("a", member, None),
            joined("d", member, Some("2")),
            joined("e", Role::Mayor, None),
        ];
        let fellows = fellows(&joined);
        let seen: Vec<&str> = fellows.iter().map(|it| it.seat.post_id.as_str()).collect();
        assert_eq!(seen, ["e", "d", "c", "a", "b"]);
    }
}
