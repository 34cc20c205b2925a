//! What is kept is said from the petition's settings: who changes one changes its sentence, in both languages.

use crate::stage::Stage;
use redress_model::email::Email;
use redress_model::petition::{Confirmation, PetitionTerms, Sender, Target};
use redress_model::slug::Slug;
use redress_tests::geocoder::{Geocoder, Says};

/// The pages that say it: whole and in short, in each language.
const WHOLE: [&str; 2] = ["/en/p/forbid-it/privacy", "/es/p/forbid-it/privacy"];
const SHORT: [&str; 2] = ["/en/p/forbid-it", "/es/p/forbid-it"];

async fn change(stage: &Stage, change: impl FnOnce(&mut PetitionTerms)) {
    let slug = Slug::parse("forbid-it").expect("a slug");
    let petitions = &stage.store.petitions;
    let petition = petitions.find_petition_by_slug(&slug).await;
    let petition = petition.expect("read").expect("there");
    let mut terms = petition.terms;
    change(&mut terms);
    let deed = stage.deed("petition.edit", "forbid-it");
    let recorded = petitions.record_terms(petition.id, &terms, &deed).await;
    recorded.expect("recorded");
}

/// Each text stands on its page, English first.
async fn say(stage: &Stage, paths: [&str; 2], texts: [&str; 2]) {
    for (path, text) in paths.into_iter().zip(texts) {
        let page = stage.get(path).await.text;
        assert!(page.contains(text), "{path} lacks: {text}\n{page}");
    }
}

/// None of them does.
async fn say_no_longer(stage: &Stage, paths: [&str; 2], texts: [&str; 2]) {
    for (path, text) in paths.into_iter().zip(texts) {
        let page = stage.get(path).await.text;
        assert!(!page.contains(text), "{path} still says: {text}");
    }
}

type Change = fn(&mut PetitionTerms);

#[tokio::test]
async fn each_setting_has_its_sentence_in_both_languages() {
    let changes: [(Change, [&str; 2], [&str; 2]); 5] = [
        (
            |terms| terms.confirmation = Confirmation::None,
            [
                "once you confirm it by the mail",
                "en cuanto la confirme con el correo",
            ],
            [
                "no confirmation by e-mail, and says so",
                "no pide confirmación por correo",
            ],
        ),
        (
            |terms| terms.keeps_address = true,
            [
                "This petition does not keep it",
                "Esta petición no la guarda",
            ],
            [
                "asks to keep your street address",
                "pide guardar su dirección",
            ],
        ),
        (
            |terms| terms.retention_days = 45,
            [
                "180 days (about 6 months) after the last letter",
                "180 días (unos 6 meses) después",
            ],
            [
                "45 days (about a month) after the last letter",
                "45 días (cerca de un mes) después",
            ],
        ),
        (
            |terms| terms.targets = vec![Target::Clerk],
            [
                "your mayor and city council.",
                "a su alcaldía y su concejo municipal.",
            ],
            ["your clerk.", "a su secretaría municipal."],
        ),
        (
            |terms| {
                terms.sender = Some(Sender {
                    organization: "Neighbors of Alder".into(),
                    postal_address: "PO Box 12\nAlder, ZZ 99001".into(),
                    contact_email: Email::parse("neighbors@example.org").expect("an e-mail"),
                });
            },
            [
                "have not said yet under which name",
                "aún no han dicho con qué nombre",
            ],
            [
                "PO Box 12, Alder, ZZ 99001",
                "escriba a neighbors@example.org",
            ],
        ),
    ];
    let stage = Stage::open().await;
    for (turn, before, after) in changes {
        say(&stage, WHOLE, before).await;
        say_no_longer(&stage, WHOLE, after).await;
        change(&stage, turn).await;
        say(&stage, WHOLE, after).await;
        say_no_longer(&stage, WHOLE, before).await;
    }
}

#[tokio::test]
async fn what_holds_of_every_petition_is_said_whatever_its_settings() {
    let stage = Stage::open().await;
    for texts in [
        ["the side of your block", "el lado de su cuadra"],
        [
            "the list says “name withheld”",
            "la lista dice “name withheld”",
        ],
        [
            "only if you tick that and after a reviewer has passed them",
            "solo si usted lo marca y después de que una persona las revise",
        ],
        [
            "only if you tick that, and every such mail",
            "si lo marca, y cada uno de esos correos",
        ],
        [
            "you withdraw, hide your name, or erase",
            "retirar su firma, ocultar su nombre o borrar",
        ],
        [
            "The count stays, without you.",
            "El recuento queda, sin usted.",
        ],
        [
            "Your address never leaves our server.",
            "Su dirección nunca sale de nuestro servidor.",
        ],
    ] {
        say(&stage, WHOLE, texts).await;
    }
    let unknown = stage.get("/p/nowhere/privacy").await;
    assert_eq!(unknown.status.as_u16(), 404);
}

#[tokio::test]
async fn a_geocoder_is_named_on_the_whole_page() {
    let geocoder = Geocoder::start(Says::Page);
    let stage = Stage::advised(crate::advised::panel(&geocoder)).await;
    let texts = [
        "it is also sent to the US Census Bureau’s geocoder",
        "también se envía a the US Census",
    ];
    say(&stage, WHOLE, texts).await;
    let never = ["never leaves our server", "nunca sale de nuestro servidor"];
    say_no_longer(&stage, WHOLE, never).await;
}

#[tokio::test]
async fn the_form_says_it_in_short_and_leads_to_the_whole() {
    let stage = Stage::open().await;
    let ways = [
        "href=\"/en/p/forbid-it/privacy\"",
        "href=\"/es/p/forbid-it/privacy\"",
    ];
    say(&stage, SHORT, ways).await;
    let before = [
        "and then dropped. The side of your block",
        "se descarta. Queda, sellado, el lado",
    ];
    say(&stage, SHORT, before).await;
    say(
        &stage,
        SHORT,
        [
            "We send you one mail to confirm.",
            "Le enviamos un correo para confirmar",
        ],
    )
    .await;
    change(&stage, |terms| {
        terms.keeps_address = true;
        terms.confirmation = Confirmation::None;
        terms.retention_days = 1;
    })
    .await;
    say(
        &stage,
        SHORT,
        [
            "It is kept, sealed, if you tick",
            "Se guarda, sellada, si usted lo marca",
        ],
    )
    .await;
    say(
        &stage,
        SHORT,
        ["are erased one day after", "se borran un día después"],
    )
    .await;
    say_no_longer(
        &stage,
        SHORT,
        ["one mail to confirm", "un correo para confirmar"],
    )
    .await;
}
