//! Whether a view can be true. What a letter states is compared here before a word of it is written.

use super::{
    CityStatus, DistrictCount, LetterKind, LetterView, ListPlace, MOST_COMMENTS, Recipient,
};
use crate::error::LettersError;
use crate::manifest::Manifest;
use crate::plain::{lines, one_line};
use crate::web_address;
use std::collections::BTreeSet;

impl LetterView {
    /// Refuses a view that lacks what every letter says ([`LettersError::Missing`]), links that are none ([`LettersError::Url`]),
    /// and numbers that cannot all be true ([`LettersError::Inconsistent`]).
    pub fn check(&self) -> Result<(), LettersError> {
        self.check_presence()?;
        for (what, url) in [
            ("the link to the desk", &self.desk_url),
            ("the link to verify", &self.verify_url),
            ("the link to the ledger", &self.ledger_url),
        ] {
            web_address::check(what, url)?;
        }
        for fellow in &self.fellows {
            web_address::check("the link to a desk", &fellow.desk_url)?;
        }
        self.check_numbers()?;
        self.check_districts()?;
        self.check_withdrawn()
    }

    /// Refuses a view that does not say what its batch's manifest says, with [`LettersError::Inconsistent`].
    pub fn check_against(&self, manifest: &Manifest) -> Result<(), LettersError> {
        refuse(&[
            (
                self.batch == manifest.batch && self.letter == manifest.letter,
                "the letter is not of the manifest's batch",
            ),
            (
                (self.first, self.last, self.count)
                    == (manifest.first, manifest.last, manifest.count),
                "the signers are not those of the manifest",
            ),
            (
                self.total == manifest.total,
                "the total is not that of the manifest",
            ),
            (
                self.csv_sha256.eq_ignore_ascii_case(&manifest.csv_sha256),
                "the list is not that of the manifest",
            ),
        ])
    }

    fn check_presence(&self) -> Result<(), LettersError> {
        let sender = self
            .sender
            .as_ref()
            .ok_or(LettersError::Missing("a sender"))?;
        if lines(&sender.postal_address).is_empty() {
            return Err(LettersError::Missing("the sender's postal address"));
        }
        let filename = match &self.list {
            ListPlace::Attached { filename } => filename.as_str(),
            ListPlace::AtDesk => "at the desk",
        };
        let matter = match &self.status {
            CityStatus::Forbid { matter } | CityStatus::End { matter, .. } => matter.as_str(),
            CityStatus::None => "no matter of its own",
        };
        for (what, text) in [
            ("the sender's name", sender.organization.as_str()),
            ("the petition's title", &self.petition_title),
            ("what is asked", &self.ask_line),
            ("the text of the ask", &self.ask_text),
            ("what the status is about", matter),
            ("the recipient's title", &self.recipient.title),
            ("the place", &self.place),
            ("the state", &self.state),
            ("the name of the list", filename),
        ] {
            if one_line(text).is_empty() {
                return Err(LettersError::Missing(what));
            }
        }
        let mut fellows = self.fellows.iter();
        if fellows.any(|fellow| one_line(&fellow.recipient.title).is_empty()) {
            return Err(LettersError::Missing("a recipient's title"));
        }
        let is_digest = self.csv_sha256.len() == 64
            && self.csv_sha256.bytes().all(|byte| byte.is_ascii_hexdigit());
        if !is_digest {
            return Err(LettersError::Missing("the hash of the list"));
        }
        Ok(())
    }

    fn check_numbers(&self) -> Result<(), LettersError> {
        let verified = self.verified;
        let known = [
            verified.confirmed,
            verified.self_asserted,
            verified.paper,
            verified.unconfirmed,
        ];
        // In 64 bits, because nothing here may overflow before it is found wrong.
        let range = u64::from(self.last) + 1;
        let rules = [
            (
                self.letter >= 1 && self.batch >= 1,
                "letters and batches are numbered from 1",
            ),
            (
                1 <= self.part && self.part <= self.parts,
                "the part is not one of its parts",
            ),
            (
                1 <= self.first && self.first <= self.last,
                "the range of signers ends before it begins",
            ),
            (
                range == u64::from(self.first) + u64::from(self.count),
                "the count is not that of the range of signers",
            ),
            (
                self.new_since_last >= self.count
                    && (self.parts > 1 || self.new_since_last == self.count),
                "the new signers are not those of this letter's parts",
            ),
            (
                self.letter > 1 || self.part > 1 || self.first == 1,
                "the first letter does not begin with the first signer",
            ),
            (
                sum(known) == u64::from(self.count),
                "the ways of verifying do not sum to the count",
            ),
            (
                !self.needs_confirmation || verified.unconfirmed == 0,
                "a petition that needs confirmation counts someone unconfirmed",
            ),
            (
                self.comments.len() <= MOST_COMMENTS,
                "there are more comments than a letter prints",
            ),
            (
                self.recipient.name.is_some() || !self.recipient.term_ended,
                "the term of nobody has ended",
            ),
            (
                self.fellows.is_empty() || !self.is_to_one_alone(),
                "a letter to several is to a clerk, or to somebody whose term has ended",
            ),
        ];
        refuse(&rules)
    }

    fn check_districts(&self) -> Result<(), LettersError> {
        let labels: BTreeSet<_> = self.districts.iter().map(|row| &row.label).collect();
        let new = sum(self.districts.iter().map(|row| row.new));
        let total = sum(self.districts.iter().map(|row| row.total));
        let own = self.in_district.as_ref();
        let fellows = self.fellows.iter();
        let readers: Vec<(&Recipient, Option<&DistrictCount>)> =
            std::iter::once((&self.recipient, own))
                .chain(fellows.map(|fellow| (&fellow.recipient, fellow.in_district.as_ref())))
                .collect();
        let owns = readers.iter().filter_map(|(_, own)| *own);
        let all = self.districts.iter().chain(owns.clone());
        let is_own = readers.iter().all(|(reader, own)| {
            own.is_none_or(|own| reader.district.as_ref() == Some(&own.label))
        });
        let is_in_table = owns.clone().all(|own| {
            let row = self.districts.iter().find(|row| row.label == own.label);
            self.districts.is_empty() || row == Some(own)
        });
        let is_clerk = matches!(self.kind, LetterKind::Clerk { .. });
        refuse(&[
            (
                self.districts.is_empty() || new == u64::from(self.count),
                "the districts do not sum to the count",
            ),
            (
                self.districts.is_empty() || total == u64::from(self.total),
                "the districts do not sum to the total",
            ),
            (
                labels.len() == self.districts.len(),
                "a district stands in the table twice",
            ),
            (
                all.clone()
                    .all(|row| row.new <= self.count && row.total <= self.total),
                "a district has more signers than the place",
            ),
            (
                all.clone().all(|row| row.new <= row.total),
                "a district has more new signers than signers",
            ),
            (is_own, "the district counted is not the recipient's"),
            (
                is_in_table,
                "the recipient's district is not as in the table",
            ),
            (
                !is_clerk || own.is_none(),
                "a clerk answers for no district",
            ),
        ])
    }

    /// Whether it could have no other reader: the cover for a clerk, and what is said to somebody whose term is over.
    fn is_to_one_alone(&self) -> bool {
        let fellows = self.fellows.iter().map(|fellow| &fellow.recipient);
        let mut readers = std::iter::once(&self.recipient).chain(fellows);
        matches!(self.kind, LetterKind::Clerk { .. }) || readers.any(|reader| reader.term_ended)
    }

    fn check_withdrawn(&self) -> Result<(), LettersError> {
        let since = &self.withdrawn.since_last;
        let numbers: BTreeSet<_> = since.iter().collect();
        let given = u64::from(self.total) + u64::from(self.withdrawn.in_all);
        let is_last_part = self.part == self.parts;
        refuse(&[
            (
                numbers.len() == since.len(),
                "somebody withdrew twice since the last letter",
            ),
            (
                since
                    .iter()
                    .all(|number| 1 <= *number && *number < self.first),
                "somebody withdrew who is in no earlier letter",
            ),
            (
                since.len() as u64 <= u64::from(self.withdrawn.in_all),
                "more withdrew since the last letter than ever",
            ),
            (
                u64::from(self.withdrawn.in_all) < u64::from(self.first),
                "more withdrew than earlier letters brought",
            ),
            (
                !is_last_part || given == u64::from(self.last),
                "the total is not the last number less who withdrew",
            ),
            (
                is_last_part || given > u64::from(self.last),
                "the total leaves nobody for the parts to come",
            ),
        ])
    }
}

fn sum(counts: impl IntoIterator<Item = u32>) -> u64 {
    counts.into_iter().map(u64::from).sum()
}

fn refuse(rules: &[(bool, &'static str)]) -> Result<(), LettersError> {
    match rules.iter().find(|(holds, _)| !holds) {
        Some((_, broken)) => Err(LettersError::Inconsistent(broken)),
        None => Ok(()),
    }
}
