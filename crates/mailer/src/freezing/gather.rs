//! What a freeze reads: who is new, who has left, who governs, what is known.

use super::view::{BatchView, DistrictRow};
use super::wording::{place_name, state_name};
use crate::error::MailerError;
use crate::mailer::Mailer;
use crate::policy::{day_in, zone_of};
use chrono::NaiveDate;
use chrono_tz::Tz;
use redress_letters::list::{ListRow, Verified};
use redress_model::batch::{BatchState, PlaceStatus};
use redress_model::directory::Jurisdiction;
use redress_model::geoid::Geoid;
use redress_model::home::District;
use redress_model::id::SignatureId;
use redress_model::petition::{Confirmation, Petition};
use redress_model::signature::Origin;
use redress_storage::batches::{Batch, Lapsed, Progress};
use redress_storage::secrets::{PetitionSecrets, SealedField, SecretError};
use redress_storage::signatures::Signature;
use redress_storage::{StorageError, StorageResult};
use std::collections::BTreeMap;
use std::sync::Arc;

/// How many signatures, or batches, are read at once.
const PAGE: u32 = 1_000;

/// All that a freeze is composed from.
pub(super) struct Gathered {
    pub(super) geoid: Geoid,
    pub(super) secrets: Arc<PetitionSecrets>,
    /// Who is new, in the order of signing.
    pub(super) members: Vec<(SignatureId, ListRow)>,
    /// Who has left, by number, with the district they were counted in.
    pub(super) corrections: Vec<(SignatureId, ListRow)>,
    pub(super) progress: Progress,
    /// Signers of earlier letters by district; none where the record does not add up.
    pub(super) before: Option<Vec<DistrictRow>>,
    pub(super) jurisdiction: Option<Jurisdiction>,
    pub(super) status: Option<PlaceStatus>,
    pub(super) place: String,
    pub(super) state: String,
    pub(super) today: NaiveDate,
}

impl Mailer {
    /// Reads what one jurisdiction's next letter is made of; `None` when nobody is new.
    pub(super) async fn gather(
        &self,
        petition: &Petition,
        geoid: &Geoid,
    ) -> Result<Option<Gathered>, MailerError> {
        let secrets = self.vault().petition(petition.id).await?;
        let zone = zone_of(&petition.terms.time_zone);
        let today = day_in(zone, self.now());
        let progress = self
            .store()
            .batches
            .find_progress(petition.id, geoid)
            .await?;
        let members = self
            .members(petition, geoid, &secrets, zone, progress.last)
            .await?;
        if members.is_empty() {
            return Ok(None);
        }
        let lapsed = self.store().batches.list_lapsed(petition.id, geoid).await?;
        let mut corrections = Vec::with_capacity(lapsed.len());
        for one in &lapsed {
            corrections.push((
                one.signature_id,
                self.correction(&secrets, one, today).await?,
            ));
        }
        corrections.sort_by_key(|(_, row)| row.number);
        let last = self.last_batch(petition, geoid).await?;
        let before = self
            .districts_before(&secrets, last.as_ref(), &progress)
            .await?;
        let (government, jurisdiction) = (
            self.store().officials.find_government(geoid).await?,
            self.store().officials.find_jurisdiction(geoid).await?,
        );
        let stated = jurisdiction
            .as_ref()
            .and_then(|jurisdiction| jurisdiction.state.clone());
        let usps = government
            .as_ref()
            .map(|government| government.state.clone())
            .or(stated)
            .filter(|state| !state.is_empty())
            .unwrap_or_else(|| "United States".to_owned());
        let listed = jurisdiction
            .as_ref()
            .and_then(|jurisdiction| jurisdiction.name.clone());
        let place = government
            .map(|government| place_name(&government.name))
            .or(listed)
            .unwrap_or_else(|| geoid.to_string());
        let statuses = self.store().batches.list_statuses(petition.id).await?;
        let status = statuses
            .into_iter()
            .find_map(|(known, status)| (known == *geoid).then_some(status));
        Ok(Some(Gathered {
            geoid: geoid.clone(),
            secrets,
            members,
            corrections,
            progress,
            before,
            jurisdiction,
            status,
            place,
            state: state_name(geoid.as_str(), &usps).to_owned(),
            today,
        }))
    }

    /// New signers, page by page, numbered after `last`.
    async fn members(
        &self,
        petition: &Petition,
        geoid: &Geoid,
        secrets: &PetitionSecrets,
        zone: Tz,
        last: u32,
    ) -> Result<Vec<(SignatureId, ListRow)>, MailerError> {
        let mut members = Vec::new();
        let mut after = None;
        let mut number = last;
        loop {
            let page = self
                .store()
                .batches
                .list_unbatched(petition.id, geoid, after, PAGE)
                .await?;
            for signature in &page {
                number += 1;
                let row = row_of(
                    signature,
                    secrets,
                    petition.terms.confirmation,
                    zone,
                    number,
                )?;
                members.push((signature.id, row));
            }
            after = page.last().map(|signature| signature.id);
            if page.len() < PAGE as usize {
                return Ok(members);
            }
        }
    }

    /// A line that takes an earlier one back: its number and day, and no place or person.
    async fn correction(
        &self,
        secrets: &PetitionSecrets,
        lapsed: &Lapsed,
        today: NaiveDate,
    ) -> Result<ListRow, MailerError> {
        let told = lapsed
            .sealed_line
            .as_deref()
            .map(|sealed| open_row(secrets, lapsed, sealed))
            .transpose()?;
        let (district, signed_on) = if let Some(row) = told {
            (row.district, row.signed_on)
        } else {
            // The line was emptied: the signature still says where it counted.
            let signatures = &self.store().signatures;
            let signature = signatures.find_signature(lapsed.signature_id).await?;
            let label = signature.and_then(|signature| signature.location.district);
            (
                label
                    .map(|label| label.as_str().to_owned())
                    .unwrap_or_default(),
                today,
            )
        };
        Ok(ListRow {
            number: lapsed.number,
            name: None,
            city: String::new(),
            zip: String::new(),
            district,
            signed_on,
            verified: Verified::Confirmed,
            comment: None,
            is_correction: true,
        })
    }

    /// The last batch of the jurisdiction that was not cancelled.
    async fn last_batch(&self, petition: &Petition, geoid: &Geoid) -> StorageResult<Option<Batch>> {
        let mut last = None;
        let mut after = 0;
        loop {
            let page = self
                .store()
                .batches
                .list_batches(petition.id, Some(geoid), None, after, PAGE)
                .await?;
            let Some(end) = page.last().map(|batch| batch.number) else {
                return Ok(last);
            };
            after = end;
            last = page
                .into_iter()
                .rfind(|batch| batch.state != BatchState::Cancelled)
                .or(last);
        }
    }

    /// The districts' totals after the last letter.
    async fn districts_before(
        &self,
        secrets: &PetitionSecrets,
        last: Option<&Batch>,
        progress: &Progress,
    ) -> Result<Option<Vec<DistrictRow>>, MailerError> {
        let Some(last) = last else {
            return Ok((progress.total == 0).then(Vec::new));
        };
        let parts = self.store().batches.find_batch_parts(last.id).await?;
        let sealed = parts.ok_or(StorageError::Missing("batch"))?.sealed_view;
        let opened = secrets
            .open(SealedField::View, last.id, &sealed)
            .map_err(StorageError::from)?;
        let districts = BatchView::from_json(&opened)
            .map(|view| view.districts)
            .unwrap_or_default();
        let total: u64 = districts.iter().map(|row| u64::from(row.total)).sum();
        Ok((total == u64::from(progress.total)).then_some(districts))
    }
}

fn open_row(secrets: &PetitionSecrets, lapsed: &Lapsed, sealed: &[u8]) -> StorageResult<ListRow> {
    let opened = secrets.open(SealedField::Line, lapsed.batch_id, sealed)?;
    serde_json::from_slice(&opened).map_err(|_| StorageError::Secret(SecretError::Sealed))
}

/// A signer as an office may see them.
fn row_of(
    signature: &Signature,
    secrets: &PetitionSecrets,
    confirmation: Confirmation,
    zone: Tz,
    number: u32,
) -> StorageResult<ListRow> {
    let sealed = signature
        .sealed
        .as_ref()
        .ok_or(StorageError::Stale("signature"))?;
    let opened = secrets.open_personal(signature.id, sealed)?;
    let verified = match (
        signature.origin,
        signature.location.is_self_asserted,
        confirmation,
    ) {
        (Origin::Paper, ..) => Verified::Paper,
        (Origin::Online, true, _) => Verified::SelfAsserted,
        (Origin::Online, false, Confirmation::Email) => Verified::Confirmed,
        (Origin::Online, false, Confirmation::None) => Verified::Unconfirmed,
    };
    let five: String = opened.signer.zip.chars().take(5).collect();
    Ok(ListRow {
        number,
        name: signature.wishes.lists_name.then_some(opened.signer.name),
        city: opened.signer.city,
        zip: five,
        district: signature
            .location
            .district
            .as_ref()
            .map(District::as_str)
            .unwrap_or_default()
            .to_owned(),
        signed_on: day_in(zone, signature.signed_at),
        verified,
        comment: opened.comment.filter(|_| signature.shows_comment()),
        is_correction: false,
    })
}

/// Adds up a place's districts: what was before, less who left, and who is new.
pub(super) fn districts_after(
    before: &[DistrictRow],
    corrections: &[(SignatureId, ListRow)],
    all_new: &[(SignatureId, ListRow)],
    part: &[(SignatureId, ListRow)],
    seats: &[String],
) -> Option<Vec<DistrictRow>> {
    let mut totals: BTreeMap<&str, (u32, u32)> = BTreeMap::new();
    for label in seats {
        totals.entry(label).or_default();
    }
    for row in before {
        totals.entry(&row.label).or_default().1 += row.total;
    }
    for (_, row) in all_new {
        totals.entry(&row.district).or_default().1 += 1;
    }
    for (_, row) in part {
        totals.entry(&row.district).or_default().0 += 1;
    }
    for (_, row) in corrections {
        let total = &mut totals.entry(&row.district).or_default().1;
        *total = total.checked_sub(1)?;
    }
    totals.retain(|label, (new, total)| !label.is_empty() || *new + *total > 0);
    let has_districts = totals.keys().any(|label| !label.is_empty());
    let is_sound = totals.values().all(|(new, total)| new <= total);
    let rows = totals.into_iter().map(|(label, (new, total))| DistrictRow {
        label: label.to_owned(),
        new,
        total,
    });
    (has_districts && is_sound).then(|| in_order(rows.collect()))
}

/// 2 before 10, numbers before letters, those without one last.
fn in_order(mut rows: Vec<DistrictRow>) -> Vec<DistrictRow> {
    rows.sort_by_key(|row| {
        let number = row.label.parse::<u64>().unwrap_or(u64::MAX);
        (row.label.is_empty(), number, row.label.clone())
    });
    rows
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use uuid::Uuid;

    fn member(district: &str) -> (SignatureId, ListRow) {
        let row = ListRow {
            number: 1,
            name: None,
            city: "Springfield".into(),
            zip: "62701".into(),
            district: district.into(),
            signed_on: NaiveDate::default(),
            verified: Verified::Confirmed,
            comment: None,
            is_correction: false,
        };
        (SignatureId(Uuid::nil()), row)
    }

    #[test]
    fn a_place_without_districts_has_no_table() {
        assert_eq!(
            districts_after(&[], &[], &[member("")], &[member("")], &[]),
            None
        );
    }

    #[test]
    fn a_seat_nobody_signed_for_stands_with_zeros_and_who_has_none_comes_last() {
        let new = [member("10"), member(""), member("2")];
        let rows = districts_after(&[], &[], &new, &new, &["3".into()]).unwrap();
        let seen: Vec<_> = rows
            .iter()
            .map(|row| (row.label.as_str(), row.new, row.total))
            .collect();
        assert_eq!(seen, [("2", 1, 1), ("3", 0, 0), ("10", 1, 1), ("", 1, 1)]);
    }

    proptest! {
        #[test]
        fn districts_sum_to_the_place(
            before in proptest::collection::vec(0_u32..50, 4),
            new in proptest::collection::vec(0_usize..4, 1..60),
            left in proptest::collection::vec(0_usize..4, 0..10),
        ) {
            let labels = ["1", "2", "3", ""];
            let before: Vec<_> = labels
                .iter()
                .zip(&before)
                .map(|(label, total)| DistrictRow { label: (*label).into(), new: 0, total: *total })
                .collect();
            let new: Vec<_> = new.iter().map(|at| member(labels[*at])).collect();
            let left: Vec<_> = left.iter().map(|at| member(labels[*at])).collect();
            if let Some(rows) = districts_after(&before, &left, &new, &new, &[]) {
                let total: u32 = rows.iter().map(|row| row.total).sum();
                let had: u32 = before.iter().map(|row| row.total).sum();
                prop_assert_eq!(total as usize + left.len(), had as usize + new.len());
                prop_assert_eq!(rows.iter().map(|row| row.new).sum::<u32>() as usize, new.len());
            }
        }
    }
}
