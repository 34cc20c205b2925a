//! What a printed letter is made of.

use crate::language::Language;
use chrono::NaiveDate;

/// Everything that a printed letter says. Counts are of signers in `place`. No field is secret: the page is copied and filed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PrintedLetter {
    /// In which language.
    pub language: Language,
    /// Who writes.
    pub organization: String,
    /// Where they are, lines parted by `\n`; four are printed.
    pub postal_address: String,
    /// Where an answer reaches them: an e-mail address.
    pub contact: String,
    /// The day on which the batch was frozen.
    pub dated_on: NaiveDate,
    /// To whom; the first of them, where it goes to several.
    pub reader: Reader,
    /// The others that it is for, in a letter to the whole body by way of the clerk.
    pub fellows: Vec<Fellow>,
    /// The jurisdiction: `Springfield`.
    pub place: String,
    /// Its state: `Illinois`.
    pub state: String,
    /// The petition's headline.
    pub petition: String,
    /// What is asked of this place, as it follows "ask you to"; Spanish does without.
    pub ask_line: String,
    /// What the petition asks, in its organizer's words; a blank line parts paragraphs.
    pub ask: String,
    /// What is known of the place, where the ask depends on it.
    pub standing: Option<Standing>,
    /// Number of the letter within petition and jurisdiction, from 1.
    pub letter: u32,
    /// Which part of it, from 1.
    pub part: u32,
    /// Of how many.
    pub parts: u32,
    /// The batch's number within the petition.
    pub batch: u32,
    /// Number of the first new signer.
    pub first: u32,
    /// Of the last.
    pub last: u32,
    /// New signers in it.
    pub count: u32,
    /// All of the place, this letter included.
    pub total: u32,
    /// New since the last letter, over all parts of this one.
    pub new_since_last: u32,
    /// In the reader's own district; `None` for who has none.
    pub own_district: Option<DistrictCount>,
    /// By district, empty where there are none.
    pub districts: Vec<DistrictCount>,
    /// How the `count` new signers are known.
    pub verified: VerifiedCounts,
    /// Whether a signature counts only when it was confirmed by e-mail.
    pub needs_confirmation: bool,
    /// The public record of this batch, where a list is compared with it: what the code says, at most some 2,300 bytes.
    pub verify_url: String,
    /// SHA-256 of the list, hexadecimal.
    pub csv_sha256: String,
    /// Root of the Merkle tree over its rows, hexadecimal; empty where it is not known, and then not printed.
    pub merkle_root: String,
}

/// To whom a letter is written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reader {
    /// The post as people say it: `Mayor`, `Council Member`.
    pub title: String,
    /// Who holds it; `None` where nobody is known to, and the office is addressed.
    pub name: Option<String>,
    /// What follows the title in the salutation: a surname, or the whole name.
    pub addressed_as: String,
    /// The district that the post answers for: `Ward 3`.
    pub district: Option<String>,
    /// Whether this is the keeper of the record rather than somebody who decides.
    pub is_clerk: bool,
}

/// One more to whom a letter is written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fellow {
    /// Who.
    pub reader: Reader,
    /// Signers in their own district.
    pub own_district: Option<DistrictCount>,
}

/// What is known of a place. `matter` follows "Springfield has".
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Standing {
    /// Whether it has the thing.
    pub exists: bool,
    /// The thing.
    pub matter: String,
    /// Since when, as far as known.
    pub since_on: Option<NaiveDate>,
    /// Where that was read.
    pub source: Option<String>,
}

/// How many signers live in a district.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DistrictCount {
    /// As people say it: `Ward 3`.
    pub label: String,
    /// In this letter.
    pub new: u32,
    /// In all.
    pub total: u32,
}

/// How signers are known; each is counted once.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct VerifiedCounts {
    /// Confirmed by e-mail, address found on the map.
    pub confirmed: u32,
    /// The signer chose the place or district.
    pub self_asserted: u32,
    /// On paper.
    pub paper: u32,
    /// Not confirmed, because the petition does not ask for it.
    pub unconfirmed: u32,
}
