//! One person, one signature: who of one mailbox is counted.
//!
//! A household is the people of one canonical e-mail in one petition. It has two slots. The second
//! is for another name at the same ZIP; there is no third. A slot is **firm** when its signature is
//! confirmed, withdrawn or rejected by staff, and **loose** while it is pending or rejected by a
//! rule. A loose slot is held only until another submission needs it, so that nobody can lock
//! another person out by signing with their e-mail.
//!
//! This is the rule as one pure function. The databases state it again, in the `where` of one
//! upsert, and the conformance suite holds them to this one.

use crate::fingerprint::Fingerprint;
use crate::id::SignatureId;

/// A place in a household.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Slot {
    /// Whose it is.
    pub signature: SignatureId,
    /// The name's key, hashed.
    pub name: Fingerprint,
    /// All that was submitted, hashed: whether a second click or a correction came.
    pub content: Fingerprint,
    /// Whether no later submission can take it.
    pub is_firm: bool,
}

/// The people of one mailbox in one petition.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Household {
    /// The ZIP's key, hashed: one for both.
    pub zip: Fingerprint,
    /// The first slot is never empty.
    pub first: Slot,
    /// The second slot has another name.
    pub second: Option<Slot>,
}

/// What is submitted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Submission {
    /// Its slot, should it get one; firm if it needs no confirmation.
    pub slot: Slot,
    /// The ZIP's key, hashed.
    pub zip: Fingerprint,
    /// Whether a rule has rejected it: then it takes a free slot, and nobody else's.
    pub is_rejected: bool,
}

/// What becomes of a submission.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verdict {
    /// It has a slot; these signatures have lost theirs.
    Taken {
        /// Who had to give way, oldest first.
        displaced: Vec<SignatureId>,
    },
    /// The same was submitted before and still waits to be confirmed.
    Again(SignatureId),
    /// This person has signed already.
    Signed(SignatureId),
    /// Two people of this mailbox are counted, or one at another ZIP.
    Full(SignatureId),
    /// A rule rejected it and no slot is free.
    NoSlot,
}

impl Household {
    /// A household that begins with a submission.
    pub fn begin(submission: &Submission) -> Self {
        Self {
            zip: submission.zip,
            first: submission.slot,
            second: None,
        }
    }

    /// Decides about a submission, and takes it in if it gets a slot.
    pub fn submit(&mut self, submission: &Submission) -> Verdict {
        let new = submission.slot;
        let slots: Vec<Slot> = std::iter::once(self.first).chain(self.second).collect();
        let firm: Vec<&Slot> = slots.iter().filter(|slot| slot.is_firm).collect();
        let same_zip = self.zip == submission.zip;
        let same_name = slots.iter().find(|slot| slot.name == new.name);

        if submission.is_rejected {
            // Only an empty place, and only under the rule that everybody is under.
            if self.second.is_some() || same_name.is_some() || !same_zip {
                return Verdict::NoSlot;
            }
            self.second = Some(new);
            return Verdict::Taken {
                displaced: Vec::new(),
            };
        }
        match same_name {
            Some(slot) if slot.is_firm => return Verdict::Signed(slot.signature),
            Some(slot) if slot.content == new.content => return Verdict::Again(slot.signature),
            _ => {}
        }
        if firm.len() == 2 || (!same_zip && !firm.is_empty()) {
            return Verdict::Full(firm[0].signature);
        }
        // At another ZIP the household moves: nobody stays behind. Otherwise the same name gives
        // way, or nobody while a place is empty, or the oldest who is loose.
        let displaced: Vec<SignatureId> = if !same_zip {
            slots.iter().map(|slot| slot.signature).collect()
        } else if let Some(slot) = same_name {
            vec![slot.signature]
        } else if self.second.is_none() {
            Vec::new()
        } else {
            slots
                .iter()
                .filter(|slot| !slot.is_firm)
                .map(|slot| slot.signature)
                .min()
                .into_iter()
                .collect()
        };
        let mut kept = slots.into_iter().map(|slot| {
            if displaced.contains(&slot.signature) {
                None
            } else {
                Some(slot)
            }
        });
        let (first, second) = (kept.next().flatten(), kept.next().flatten());
        (self.first, self.second) = match (first, second) {
            (None, second) => (new, second),
            (Some(first), _) => (first, Some(new)),
        };
        self.zip = submission.zip;
        let mut displaced = displaced;
        displaced.sort_unstable();
        Verdict::Taken { displaced }
    }

    /// Makes a slot firm: its signature was confirmed, withdrawn or rejected by staff.
    pub fn make_firm(&mut self, signature: SignatureId) -> bool {
        self.set_firm(signature, true)
    }

    /// Makes a slot firm or loose; `false` when none names the signature.
    pub fn set_firm(&mut self, signature: SignatureId, is_firm: bool) -> bool {
        let mut found = false;
        for slot in std::iter::once(&mut self.first).chain(&mut self.second) {
            if slot.signature == signature {
                slot.is_firm = is_firm;
                found = true;
            }
        }
        found
    }

    /// Whether a slot names a signature.
    pub fn names(&self, signature: SignatureId) -> bool {
        std::iter::once(self.first)
            .chain(self.second)
            .any(|slot| slot.signature == signature)
    }

    /// What is left when a signature's slot is freed; `None` when nobody is.
    pub fn without(&self, signature: SignatureId) -> Option<Self> {
        let mut left = std::iter::once(self.first)
            .chain(self.second)
            .filter(|slot| slot.signature != signature);
        Some(Self {
            zip: self.zip,
            first: left.next()?,
            second: left.next(),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use uuid::Uuid;

    fn submission(id: u128, name: u8, zip: u8) -> Submission {
        let slot = Slot {
            signature: SignatureId(Uuid::from_u128(id)),
            name: Fingerprint([name; 16]),
            content: Fingerprint([u8::try_from(id % 251).unwrap(); 16]),
            is_firm: false,
        };
        Submission {
            slot,
            zip: Fingerprint([zip; 16]),
            is_rejected: false,
        }
    }

    fn id(id: u128) -> SignatureId {
        SignatureId(Uuid::from_u128(id))
    }

    #[test]
    fn a_second_person_counts_at_the_same_zip_and_a_third_never() {
        let mut household = Household::begin(&submission(1, 1, 1));
        assert_eq!(
            household.submit(&submission(2, 2, 1)),
            Verdict::Taken { displaced: vec![] }
        );
        household.make_firm(id(1));
        household.make_firm(id(2));
        assert_eq!(household.submit(&submission(3, 3, 1)), Verdict::Full(id(1)));
        assert_eq!(
            household.submit(&submission(4, 1, 1)),
            Verdict::Signed(id(1))
        );
    }

    #[test]
    fn a_second_person_at_another_zip_does_not_count() {
        let mut household = Household::begin(&submission(1, 1, 1));
        household.make_firm(id(1));
        assert_eq!(household.submit(&submission(2, 2, 9)), Verdict::Full(id(1)));
    }

    #[test]
    fn the_newest_takes_the_place_of_the_oldest_who_waits() {
        let mut household = Household::begin(&submission(1, 1, 1));
        household.submit(&submission(2, 2, 1));
        assert_eq!(
            household.submit(&submission(3, 3, 1)),
            Verdict::Taken {
                displaced: vec![id(1)]
            }
        );
        household.make_firm(id(3));
        assert_eq!(
            household.submit(&submission(4, 4, 1)),
            Verdict::Taken {
                displaced: vec![id(2)]
            }
        );
    }

    #[test]
    fn nobody_is_locked_out_by_a_stranger_at_another_zip() {
        let mut household = Household::begin(&submission(1, 1, 1));
        household.submit(&submission(2, 2, 1));
        assert_eq!(
            household.submit(&submission(3, 1, 9)),
            Verdict::Taken {
                displaced: vec![id(1), id(2)]
            }
        );
        assert_eq!(household.zip, Fingerprint([9; 16]));
    }

    #[test]
    fn a_second_click_is_the_same_submission_and_a_correction_is_a_new_one() {
        let mut household = Household::begin(&submission(1, 1, 1));
        let mut again = submission(2, 1, 1);
        again.slot.content = household.first.content;
        assert_eq!(household.submit(&again), Verdict::Again(id(1)));
        assert_eq!(
            household.submit(&submission(3, 1, 1)),
            Verdict::Taken {
                displaced: vec![id(1)]
            }
        );
    }

    #[test]
    fn what_a_rule_rejects_pushes_nobody_out() {
        let mut household = Household::begin(&submission(1, 1, 1));
        household.submit(&submission(2, 2, 1));
        let rejected = Submission {
            is_rejected: true,
            ..submission(3, 3, 1)
        };
        assert_eq!(household.submit(&rejected), Verdict::NoSlot);
    }

    proptest! {
        #[test]
        fn firm_slots_stay_and_names_differ_whatever_comes(
            steps in proptest::collection::vec((0_u8..4, 0_u8..2, any::<bool>(), any::<bool>()), 1..40)
        ) {
            let mut household = Household::begin(&submission(1, 0, 0));
            for (index, (name, zip, confirms, is_rejected)) in steps.into_iter().enumerate() {
                let before = household;
                let new = id(index as u128 + 2);
                let verdict = household.submit(&Submission { is_rejected, ..submission(index as u128 + 2, name, zip) });
                if confirms && matches!(verdict, Verdict::Taken { .. }) && !is_rejected {
                    prop_assert!(household.make_firm(new));
                }
                let slots = |household: &Household| std::iter::once(household.first).chain(household.second).collect::<Vec<_>>();
                for slot in slots(&before).into_iter().filter(|slot| slot.is_firm) {
                    prop_assert!(slots(&household).contains(&slot));
                    prop_assert_eq!(before.zip, household.zip);
                }
                prop_assert!(household.second.is_none_or(|second| second.name != household.first.name));
            }
        }
    }
}
