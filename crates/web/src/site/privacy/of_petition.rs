//! What is kept of a signer, made from the petition's settings: every sentence stands because of one of them.

use crate::site::form::addressees;
use crate::spoken::{say, t};
use redress_model::petition::{Confirmation, PetitionTerms};

/// Days that are told as months too.
const MONTH: u16 = 30;

/// Some sentences under a heading.
pub(crate) struct Chapter {
    /// What it is about.
    pub heading: &'static str,
    /// Each a paragraph.
    pub sentences: Vec<String>,
}

/// The whole text of a petition; `providers` is to whom an address is sent that is looked up, empty when to nobody.
pub(crate) fn chapters(terms: &PetitionTerms, providers: &str) -> Vec<Chapter> {
    let chapter = |heading, sentences| Chapter { heading, sentences };
    vec![
        chapter(t("Who answers for it"), who(terms)),
        chapter(t("What you give"), given(terms)),
        chapter(t("Your street address"), address(terms, providers)),
        chapter(t("What officials get"), officials(terms)),
        chapter(t("For how long"), vec![ending(terms), count()]),
        chapter(t("How you withdraw or are erased"), leaving(terms)),
    ]
}

/// The short text under the form.
pub(crate) fn in_short(terms: &PetitionTerms, providers: &str) -> String {
    let mut sentences = Vec::new();
    if let Some(sender) = &terms.sender {
        sentences.push(say("{} runs this petition.", &[&sender.organization]));
    }
    sentences.push(text(if terms.keeps_address {
        t("Your address is used to find your officials. It is kept, sealed, if you tick that above, and otherwise dropped.")
    } else {
        t("Your address is used to find your officials and then dropped.")
    }));
    sentences.push(text(t(
        "The side of your block, some tens of houses, stays, sealed.",
    )));
    sentences.push(if providers.is_empty() {
        text(t("It never leaves our server."))
    } else {
        say(
            "Signing sends it to nobody; “See who gets this first” also sends it, without your name, to {}.",
            &[&providers],
        )
    });
    if terms.confirmation == Confirmation::Email {
        sentences.push(text(t("We send you one mail to confirm.")));
    }
    sentences.push(say(
        "Name and e-mail are erased {} after delivery.",
        &[&days(terms.retention_days)],
    ));
    sentences.join(" ")
}

fn text(sentence: &'static str) -> String {
    sentence.to_owned()
}

/// `180 days (about 6 months)`.
fn days(number: u16) -> String {
    match (number, number / MONTH) {
        (1, _) => text(t("one day")),
        (_, 0) => say("{} days", &[&number]),
        (_, 1) => say("{} days (about a month)", &[&number]),
        (_, months) => say("{} days (about {} months)", &[&number, &months]),
    }
}

fn who(terms: &PetitionTerms) -> Vec<String> {
    let Some(sender) = &terms.sender else {
        return vec![text(t(
            "Its organizers have not said yet under which name and postal address they write; no letter leaves before they do.",
        ))];
    };
    let lines: Vec<&str> = sender.postal_address.lines().map(str::trim).collect();
    vec![
        say(
            "{} runs this petition and answers for what is kept.",
            &[&sender.organization],
        ),
        say("Postal address: {}.", &[&lines.join(", ")]),
        say("Questions go to {}.", &[&sender.contact_email.as_str()]),
    ]
}

fn given(terms: &PetitionTerms) -> Vec<String> {
    vec![
        text(t(
            "Name, e-mail, city, state, ZIP code and your own words are kept sealed, under a key of this petition’s own.",
        )),
        text(match terms.confirmation {
            Confirmation::Email => t(
                "Your signature counts once you confirm it by the mail that we send you; we remind you once. What nobody confirms is erased after seven days.",
            ),
            Confirmation::None => t(
                "Your signature counts at once: this petition asks for no confirmation by e-mail, and says so beside its counts.",
            ),
        }),
        text(t(
            "News of this petition reach you only if you tick that, and every such mail has a link that ends them.",
        )),
        text(t(
            "Your network address is never stored. Nothing on these pages comes from a third party, and there are no cookies for signers.",
        )),
    ]
}

fn address(terms: &PetitionTerms, providers: &str) -> Vec<String> {
    vec![
        text(if terms.keeps_address {
            t(
                "This petition asks to keep your street address, so that your signature can be placed to the house when districts are drawn anew. It is kept, sealed, only if you tick that in the form; otherwise it is dropped as soon as your officials are found.",
            )
        } else {
            t(
                "Your street address is used to find your officials, and dropped as soon as they are found. This petition does not keep it.",
            )
        }),
        text(t(
            "An address that is not found yet is kept, sealed, until it is.",
        )),
        text(t(
            "What stays, sealed, is the side of your block: a street with some tens of house numbers, never one house. By it your signature stays in the right district when maps are drawn anew.",
        )),
        if providers.is_empty() {
            text(t("Your address never leaves our server."))
        } else {
            say(
                "When you sign, your address does not leave our server. When you look up first who gets this, it is also sent to {}, without your name, e-mail or unit, so that we can see whether they find the same. What they answer is kept in memory for a while and never stored.",
                &[&providers],
            )
        },
    ]
}

fn officials(terms: &PetitionTerms) -> Vec<String> {
    vec![
        say(
            "Letters go to your {}. With each goes a list: number, name, city, ZIP code, council district, day of signing, and how it is known that you signed. It has no column for an e-mail, a telephone number or a street.",
            &[&addressees(&terms.targets)],
        ),
        text(t(
            "Where you do not tick that your name is listed, the list says “name withheld”. You can change that on your receipt until a letter is prepared.",
        )),
        text(t(
            "Your own words go to officials, and onto these pages, only if you tick that and after a reviewer has passed them.",
        )),
    ]
}

fn ending(terms: &PetitionTerms) -> String {
    say(
        "{} after the last letter with your signature has arrived, name, e-mail, city, ZIP code, block and words are erased; where no letter holds it, as long after the petition has closed.",
        &[&days(terms.retention_days)],
    )
}

fn count() -> String {
    text(t("The count stays, without you."))
}

fn leaving(terms: &PetitionTerms) -> Vec<String> {
    let mut sentences = vec![
        text(match terms.confirmation {
            Confirmation::Email => t(
                "Your receipt is a secret page; its link is in the mail that we send you. There you withdraw, hide your name, or erase everything of you, at any time.",
            ),
            Confirmation::None => t(
                "Your receipt is a secret page: sign once more with the same e-mail, and we send you its link. There you withdraw, hide your name, or erase everything of you, at any time.",
            ),
        }),
        text(t(
            "Before a letter is prepared, who withdraws or is erased counts no longer. Afterwards the next letter says who has withdrawn, and who is erased stays counted without a name. What an office has been sent we cannot call back.",
        )),
    ];
    if let Some(sender) = &terms.sender {
        sentences.push(say(
            "If you have no receipt, write to {}: the organizers erase you at your request.",
            &[&sender.contact_email.as_str()],
        ));
    }
    sentences
}
