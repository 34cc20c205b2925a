//! The verdict on each line, before it is saved: the same rules that the database holds, asked of the model.

use super::draft::{Draft, Ready};
use super::sheet_file::TypedLine;
use super::verdict::{BORDER, FULL, LOST, LineVerdict, SIGNED, TWIN, Verdict};
use redress_model::fingerprint::Fingerprint;
use redress_model::home::Home;
use redress_model::household::{Household, Slot, Submission, Verdict as Decision};
use redress_model::id::PetitionId;
use redress_storage::{StorageResult, Store};
use std::collections::{HashMap, HashSet};

/// Keys asked for at a time.
const PAGE: usize = 1_000;

/// What is stored, and what the lines before have added to it.
pub(super) struct Judge {
    households: HashMap<Fingerprint, Household>,
    counted_addresses: HashSet<Fingerprint>,
    erased_sheets: HashSet<String>,
}

impl Judge {
    /// Reads what is stored of the people of all lines.
    pub(super) async fn new(
        store: &Store,
        petition: PetitionId,
        drafts: &[Draft],
    ) -> StorageResult<Self> {
        let ready: Vec<&Ready> = drafts
            .iter()
            .filter_map(|draft| match draft {
                Draft::Ready(ready) => Some(ready.as_ref()),
                Draft::Wrong(_) => None,
            })
            .collect();
        let mut judge = Self {
            households: HashMap::new(),
            counted_addresses: HashSet::new(),
            erased_sheets: HashSet::new(),
        };
        for page in ready.chunks(PAGE) {
            let emails: Vec<_> = page.iter().map(|ready| ready.new.email_key).collect();
            let households = store.paper.list_households(petition, &emails).await?;
            judge.households.extend(households);
            let sheets: Vec<_> = page
                .iter()
                .filter_map(|ready| ready.new.sheet.clone())
                .collect();
            let erased = store.paper.list_erased_sheets(petition, &sheets).await?;
            judge.erased_sheets.extend(erased);
        }
        // All at once: no index holds these keys, each question reads the petition once.
        let addresses: Vec<_> = ready
            .iter()
            .filter_map(|ready| ready.new.address_key)
            .collect();
        let counted = store
            .paper
            .list_counted_addresses(petition, &addresses)
            .await?;
        judge.counted_addresses.extend(counted);
        Ok(judge)
    }

    /// The verdict on the next line.
    pub(super) fn judge(&mut self, line: &TypedLine, draft: &Draft) -> LineVerdict {
        let mut verdict = LineVerdict {
            row: line.row,
            sheet: line.reference.clone(),
            verdict: Verdict::Counted,
            code: "",
            message: String::new(),
            field: "",
            home: String::new(),
            geoid: String::new(),
            district: String::new(),
            asks: Vec::new(),
        };
        match draft {
            Draft::Wrong(errors) => {
                let first = errors.first();
                let (field, code) = first.map_or(("line", "line"), |it| (it.field, it.code));
                let messages: Vec<&str> = errors.iter().map(|it| it.message.as_str()).collect();
                verdict.refuse(field, code, &messages.join("; "));
            }
            Draft::Ready(ready) => self.judge_ready(ready, &mut verdict),
        }
        verdict
    }

    fn judge_ready(&mut self, ready: &Ready, verdict: &mut LineVerdict) {
        let new = &ready.new;
        let is_erased = new
            .sheet
            .as_ref()
            .is_some_and(|sheet| self.erased_sheets.contains(sheet));
        if is_erased {
            return verdict.refuse(
                "sheet",
                "erased_before",
                "the signature of this line was erased: it does not come back",
            );
        }
        let has_twin = new
            .address_key
            .is_some_and(|key| self.counted_addresses.contains(&key));
        let submission = Submission {
            slot: Slot {
                signature: new.id,
                name: new.name_key,
                content: new.content_key,
                is_firm: true,
            },
            zip: new.zip_key,
            is_rejected: false,
        };
        let mut household = self.households.get(&new.email_key).copied();
        let decision = if let Some(household) = &mut household {
            household.submit(&submission)
        } else {
            household = Some(Household::begin(&submission));
            Decision::Taken { displaced: vec![] }
        };
        match decision {
            Decision::Signed(_) | Decision::Again(_) => {
                return verdict.repeat("already_signed", SIGNED);
            }
            Decision::Full(_) | Decision::NoSlot => {
                return verdict.refuse("email", "household_full", FULL);
            }
            // Without an e-mail nothing but name and address tells people apart.
            Decision::Taken { .. } if has_twin && !ready.has_email => {
                return verdict.repeat(
                    "same_name_and_address",
                    "somebody of this name at this address has signed already",
                );
            }
            Decision::Taken { .. } => {}
        }
        if let Some(household) = household {
            self.households.insert(new.email_key, household);
        }
        self.counted_addresses.extend(new.address_key);
        let geoid = new.location.home.geoid();
        verdict.geoid = geoid.map_or_else(String::new, |geoid| geoid.as_str().to_owned());
        verdict.home.clone_from(&ready.home);
        new.location
            .district_key()
            .clone_into(&mut verdict.district);
        if has_twin {
            verdict.remark("same_person", TWIN);
        }
        if !ready.asks.is_empty() {
            verdict.verdict = Verdict::Asks;
            verdict.remark("border", BORDER);
            verdict.asks.clone_from(&ready.asks);
        } else if new.location.home == Home::NotLocated {
            verdict.remark("not_located", LOST);
        }
    }
}
