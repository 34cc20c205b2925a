//! Saving a batch of signatures.
//!
//! The steps of a backend, in one transaction: read the petitions' rules; read how many passed of
//! [`Recording::arrival_keys`], let [`Recording::limit`] decide, count the arrivals; tell
//! [`Recording::count_permits`] of the permits that [`Recording::mailboxes`] were sent; for each
//! [`Recording::next_round`] take slots, look at the households of those that got none, and ask who
//! may have a mail; read the totals of [`Recording::petitions_that_count`]; insert
//! [`Recording::rows`]; reject [`Recording::displaced_before`]; write the moves; queue the mails.

use crate::abuse::{ArrivalKey, ArrivalKind, ArrivalMoves};
use crate::mails::MailKind;
use crate::moves::TallyMoves;
use crate::proofs::MAILS_A_DAY;
use crate::signatures::{Counted, NewSignature, Refusal, SignOutcome};
use chrono::{DateTime, Utc};
use redress_model::abuse::limits::{Limits, step_of};
use redress_model::fingerprint::Fingerprint;
use redress_model::household::Household;
use redress_model::id::{MailId, PetitionId, SignatureId};
use redress_model::petition::Confirmation;
use redress_model::petition::state::PetitionState;
use redress_model::signature::state::SignatureState;
use redress_model::signature::{Origin, RejectedBy, RejectionReason};
use std::collections::{BTreeSet, HashMap, HashSet};

/// What a petition says about signing it.
#[derive(Debug, Clone, Copy)]
pub struct PetitionRule {
    /// Only an open one is signed.
    pub state: PetitionState,
    /// Whether signatures wait for a click.
    pub confirmation: Confirmation,
    /// How many of one client and domain within an hour.
    pub limits: Limits,
}

/// A slot that was taken.
#[derive(Debug, Clone)]
pub struct TakenSlot {
    /// Who lost theirs.
    pub displaced: Vec<SignatureId>,
    /// Whether the household began with it: then its mail is counted already.
    pub is_first: bool,
}

/// A signature to insert.
#[derive(Debug, Clone, Copy)]
pub struct SignatureRow<'a> {
    /// What came in.
    pub new: &'a NewSignature,
    /// The state in which it begins.
    pub state: SignatureState,
    /// Why it is rejected.
    pub rejection: Option<(RejectedBy, RejectionReason)>,
    /// "You are number N".
    pub number: Option<i64>,
}

/// A mail to queue.
#[derive(Debug, Clone, Copy)]
pub struct QueuedMail<'a> {
    /// Its id is the submission's.
    pub id: MailId,
    /// The submission that caused it.
    pub new: &'a NewSignature,
    /// Whom it is about.
    pub signature_id: SignatureId,
    /// What it says.
    pub kind: MailKind,
}

impl QueuedMail<'_> {
    /// The fields of a submission that was not saved, for its notice.
    pub fn sealed_signer(&self) -> Option<&[u8]> {
        (self.kind == MailKind::AlreadySigned).then_some(self.new.sealed.signer.as_slice())
    }
}

#[derive(Debug, Clone)]
enum Fate {
    Waiting,
    Taken(Vec<SignatureId>),
    NoSlot,
    Refused(Refusal),
    Repeated,
}

#[derive(Debug, Clone)]
struct Entry {
    state: SignatureState,
    rejection: Option<RejectionReason>,
    fate: Fate,
    is_replaced: bool,
    mail: Option<(MailKind, SignatureId)>,
    has_mail: bool,
    number: Option<i64>,
}

/// A batch on its way.
pub struct Recording<'a> {
    new: &'a [NewSignature],
    entries: Vec<Entry>,
    by_id: HashMap<SignatureId, usize>,
    rest: Vec<usize>,
    displaced: BTreeSet<SignatureId>,
    moves: TallyMoves,
    limits: HashMap<PetitionId, Limits>,
    arrivals: ArrivalMoves,
    permits: HashMap<(PetitionId, Fingerprint), i64>,
}

impl<'a> Recording<'a> {
    /// A batch, under the rules of its petitions.
    pub fn new(new: &'a [NewSignature], rules: &HashMap<PetitionId, PetitionRule>) -> Self {
        let mut by_id = HashMap::with_capacity(new.len());
        let entries: Vec<Entry> = new
            .iter()
            .enumerate()
            .map(|(index, new)| {
                let is_repeated = by_id.insert(new.id, index).is_some();
                first_entry(new, rules.get(&new.petition_id), is_repeated)
            })
            .collect();
        let mut rest: Vec<usize> = (0..new.len())
            .filter(|&index| matches!(entries[index].fate, Fate::Waiting))
            .collect();
        // Stable: submissions of one e-mail keep the order in which they came.
        rest.sort_by_key(|&index| (new[index].petition_id, new[index].email_key));
        Self {
            new,
            entries,
            by_id,
            rest,
            displaced: BTreeSet::new(),
            moves: TallyMoves::default(),
            limits: rules.iter().map(|(id, rule)| (*id, rule.limits)).collect(),
            arrivals: ArrivalMoves::new(),
            permits: HashMap::new(),
        }
    }

    /// What limits count this batch by, sorted, each once.
    pub fn arrival_keys(&self) -> BTreeSet<ArrivalKey> {
        self.rest
            .iter()
            .flat_map(|&index| counted(&self.new[index]))
            .map(|(key, _)| key)
            .collect()
    }

    /// When the last of the batch came; `None` for an empty one.
    pub fn last_at(&self) -> Option<DateTime<Utc>> {
        self.new.iter().map(|new| new.signed_at).max()
    }

    /// Rejects whom the limits do not let pass, from how many passed within the last hour.
    pub fn limit(&mut self, mut passed: HashMap<ArrivalKey, i64>) {
        // In the order in which they came, and not in that of their e-mails.
        let mut waiting = self.rest.clone();
        waiting.sort_unstable();
        for index in waiting {
            let new = &self.new[index];
            let limits = self.limits.get(&new.petition_id).copied();
            let limits = limits.unwrap_or_default();
            let entry = &mut self.entries[index];
            if entry.rejection.is_none() {
                let reason = counted(new).find_map(|(key, is_limited)| {
                    let (limit, reason) = match key.kind {
                        ArrivalKind::Client => (limits.client_an_hour, RejectionReason::ClientRate),
                        ArrivalKind::Domain => (limits.domain_an_hour, RejectionReason::DomainRate),
                    };
                    let passed = passed.get(&key).copied().unwrap_or_default();
                    let is_over = limit.is_some_and(|limit| passed >= i64::from(limit));
                    (is_limited && is_over).then_some(reason)
                });
                if let Some(reason) = reason {
                    entry.rejection = Some(reason);
                    entry.state = SignatureState::Rejected;
                }
            }
            let has_passed = i64::from(entry.rejection.is_none());
            for (key, _) in counted(new) {
                *passed.entry(key).or_default() += has_passed;
                let step = (key, step_of(new.signed_at));
                let (arrived, through) = self.arrivals.entry(step).or_default();
                *arrived += 1;
                *through += has_passed;
            }
        }
    }

    /// Who came and who passed, by what and step, sorted; complete after [`Recording::limit`].
    pub fn arrivals(&self) -> &ArrivalMoves {
        &self.arrivals
    }

    /// The e-mails that may be sent a first mail by this batch, sorted, each once.
    pub fn mailboxes(&self) -> BTreeSet<(PetitionId, Fingerprint)> {
        let asking = self.rest.iter().filter(|&&index| self.wants_mail(index));
        asking
            .map(|&index| (self.new[index].petition_id, self.new[index].email_key))
            .collect()
    }

    /// How many permits they were sent within 24 hours: these mails count among the five.
    pub fn count_permits(&mut self, permits: HashMap<(PetitionId, Fingerprint), i64>) {
        self.permits = permits;
    }

    /// Whether a rule rejects it.
    pub fn is_rejected(&self, index: usize) -> bool {
        self.entries[index].rejection.is_some()
    }

    /// The next submissions that ask for a slot, at most one of each e-mail, sorted by petition and
    /// e-mail key. Empty when all have asked.
    pub fn next_round(&mut self) -> Vec<usize> {
        let mut seen = HashSet::with_capacity(self.rest.len());
        let (round, rest) = std::mem::take(&mut self.rest)
            .into_iter()
            .partition(|&index| {
                seen.insert((self.new[index].petition_id, self.new[index].email_key))
            });
        self.rest = rest;
        round
    }

    /// A submission of this batch.
    pub fn submission(&self, index: usize) -> &'a NewSignature {
        &self.new[index]
    }

    /// Whether its slot is firm from the start: it counts at once.
    pub fn is_firm(&self, index: usize) -> bool {
        self.entries[index].state == SignatureState::Confirmed
    }

    /// Whether it causes a mail if it begins a household.
    pub fn wants_mail(&self, index: usize) -> bool {
        self.entries[index].state == SignatureState::Pending
    }

    /// It got a slot.
    pub fn take(&mut self, index: usize, slot: TakenSlot) {
        let new = &self.new[index];
        let id = new.id;
        let permits = self.permits.get(&(new.petition_id, new.email_key));
        let has_room = permits.is_none_or(|permits| *permits < MAILS_A_DAY);
        for displaced in &slot.displaced {
            match self.by_id.get(displaced) {
                Some(&other) => self.entries[other].is_replaced = true,
                None => {
                    self.displaced.insert(*displaced);
                }
            }
        }
        let entry = &mut self.entries[index];
        if entry.state == SignatureState::Pending {
            entry.mail = Some((MailKind::Confirm, id));
            entry.has_mail = slot.is_first && has_room;
        }
        entry.fate = Fate::Taken(slot.displaced);
    }

    /// It got none: its household says why.
    pub fn refuse(&mut self, index: usize, household: &Household) {
        let new = &self.new[index];
        let entry = &mut self.entries[index];
        let slots: Vec<_> = std::iter::once(household.first)
            .chain(household.second)
            .collect();
        if slots.iter().any(|slot| slot.signature == new.id) {
            entry.fate = Fate::Repeated;
            return;
        }
        if entry.state == SignatureState::Rejected {
            entry.fate = Fate::NoSlot;
            return;
        }
        let same_name = slots.iter().find(|slot| slot.name == new.name_key);
        let firm = slots.iter().find(|slot| slot.is_firm).unwrap_or(&slots[0]);
        let (refusal, kind, about) = match same_name {
            Some(slot) if slot.is_firm => (
                Refusal::AlreadySigned(slot.signature),
                MailKind::AlreadySigned,
                slot.signature,
            ),
            Some(slot) if slot.content == new.content_key => (
                Refusal::Again(slot.signature),
                MailKind::Confirm,
                slot.signature,
            ),
            _ => (
                Refusal::HouseholdFull(firm.signature),
                MailKind::AlreadySigned,
                firm.signature,
            ),
        };
        entry.fate = Fate::Refused(refusal);
        if new.origin == Origin::Online {
            entry.mail = Some((kind, about));
        }
    }

    /// Which of a round ask for a mail that is not counted yet, in the round's order.
    pub fn askers(&self, round: &[usize]) -> Vec<usize> {
        let asks = |entry: &Entry| entry.mail.is_some() && !entry.has_mail;
        round
            .iter()
            .copied()
            .filter(|&index| asks(&self.entries[index]))
            .collect()
    }

    /// It had fewer than five mails in 24 hours.
    pub fn allow_mail(&mut self, index: usize) {
        self.entries[index].has_mail = true;
    }

    /// Petitions whose totals number those that count at once.
    pub fn petitions_that_count(&self) -> BTreeSet<PetitionId> {
        self.saved()
            .filter(|&index| self.is_firm(index))
            .map(|index| self.new[index].petition_id)
            .collect()
    }

    /// Numbers them, from each petition's total before this batch.
    pub fn number(&mut self, mut totals: HashMap<PetitionId, i64>) {
        for index in self.saved().collect::<Vec<_>>() {
            if self.is_firm(index) {
                let total = totals.entry(self.new[index].petition_id).or_default();
                *total += 1;
                self.entries[index].number = Some(*total);
            }
        }
    }

    /// What to insert, in the order of ids.
    pub fn rows(&mut self) -> Vec<SignatureRow<'a>> {
        let mut rows = Vec::with_capacity(self.new.len());
        for index in self.saved().collect::<Vec<_>>() {
            let (new, entry) = (&self.new[index], &self.entries[index]);
            let is_replaced = entry.is_replaced && entry.state == SignatureState::Pending;
            let state = if is_replaced {
                SignatureState::Rejected
            } else {
                entry.state
            };
            let reason = if is_replaced {
                Some(RejectionReason::Replaced)
            } else {
                entry.rejection
            };
            match state {
                SignatureState::Pending => self.moves.wait(new.petition_id, 1),
                SignatureState::Confirmed => {
                    let is_paper = new.origin == Origin::Paper;
                    self.moves
                        .add(new.petition_id, &new.location, is_paper, new.signed_at);
                }
                _ => {}
            }
            let rejection = reason.map(|reason| (RejectedBy::Rule, reason));
            rows.push(SignatureRow {
                new,
                state,
                rejection,
                number: entry.number,
            });
        }
        rows.sort_by_key(|row| row.new.id);
        rows
    }

    /// Signatures of earlier batches that lost their slots, in the order of ids.
    pub fn displaced_before(&self) -> Vec<SignatureId> {
        self.displaced.iter().copied().collect()
    }

    /// One of them was pending.
    pub fn end_waiting(&mut self, petition: PetitionId) {
        self.moves.wait(petition, -1);
    }

    /// What changes in the tallies; complete after [`Recording::rows`].
    pub fn moves(&self) -> &TallyMoves {
        &self.moves
    }

    /// What to queue. A signature that was replaced within the batch gets none.
    pub fn mails(&self) -> Vec<QueuedMail<'a>> {
        let queued = |(new, entry): (&'a NewSignature, &Entry)| {
            let (kind, signature_id) = entry
                .mail
                .filter(|_| entry.has_mail && !entry.is_replaced)?;
            Some(QueuedMail {
                id: MailId(new.id.0),
                new,
                signature_id,
                kind,
            })
        };
        self.new
            .iter()
            .zip(&self.entries)
            .filter_map(queued)
            .collect()
    }

    /// The outcomes, in the order of the batch.
    pub fn finish(self) -> Vec<SignOutcome> {
        self.entries
            .into_iter()
            .map(|entry| match entry.fate {
                Fate::Refused(refusal) => SignOutcome::Refused {
                    refusal,
                    has_mail: entry.has_mail,
                },
                Fate::Taken(displaced) => SignOutcome::Saved {
                    state: entry.state,
                    number: entry.number,
                    displaced,
                    has_mail: entry.has_mail,
                },
                Fate::Waiting | Fate::NoSlot | Fate::Repeated => SignOutcome::Saved {
                    state: entry.state,
                    number: entry.number,
                    displaced: Vec::new(),
                    has_mail: entry.has_mail,
                },
            })
            .collect()
    }

    fn saved(&self) -> impl Iterator<Item = usize> + '_ {
        let is_saved = |entry: &Entry| matches!(entry.fate, Fate::Taken(_) | Fate::NoSlot);
        (0..self.entries.len()).filter(move |&index| is_saved(&self.entries[index]))
    }
}

/// What a submission is counted by, and whether the limit holds for it.
fn counted(new: &NewSignature) -> impl Iterator<Item = (ArrivalKey, bool)> {
    let petition_id = new.petition_id;
    let of = |kind, counted: Option<Counted>| {
        counted.map(|counted| {
            let key = ArrivalKey {
                petition_id,
                kind,
                key: counted.key,
            };
            (key, counted.is_limited)
        })
    };
    of(ArrivalKind::Client, new.arrival.client)
        .into_iter()
        .chain(of(ArrivalKind::Domain, new.arrival.domain))
}

fn first_entry(new: &NewSignature, rule: Option<&PetitionRule>, is_repeated: bool) -> Entry {
    let needs_no_click = new.origin == Origin::Paper
        || rule.is_some_and(|rule| rule.confirmation == Confirmation::None);
    let state = match new.rejection {
        Some(_) => SignatureState::Rejected,
        None if needs_no_click => SignatureState::Confirmed,
        None => SignatureState::Pending,
    };
    let fate = match rule {
        None => Fate::Refused(Refusal::UnknownPetition),
        // Sheets of paper are typed in after the street campaign has ended, too.
        Some(rule) if rule.state != PetitionState::Open && new.origin == Origin::Online => {
            Fate::Refused(Refusal::NotOpen(rule.state))
        }
        Some(_) if is_repeated => Fate::Repeated,
        Some(_) => Fate::Waiting,
    };
    Entry {
        state,
        rejection: new.rejection,
        fate,
        is_replaced: false,
        mail: None,
        has_mail: false,
        number: None,
    }
}
