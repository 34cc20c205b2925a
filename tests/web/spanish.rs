//! A neighbor who reads Spanish: every page on the way, the errors and the language of the mail.

use crate::stage::{Answer, Stage};
use axum::body::Body;
use axum::http::{Request, StatusCode};
use redress_storage::secrets::TokenPurpose;
use serde_json::Value;

async fn read(stage: &Stage, path: &str, accepted: &str) -> Answer {
    let request = Request::get(path)
        .header("host", "petition.example")
        .header("accept-language", accepted)
        .body(Body::empty())
        .expect("a request");
    stage.ask(request).await
}

#[tokio::test]
async fn path_query_and_browser_choose_the_language_and_links_keep_it() {
    let stage = Stage::open().await;
    for (path, accepted, language, base) in [
        ("/p/forbid-it", "", "en", ""),
        ("/p/forbid-it", "es-MX,en;q=0.5", "es", ""),
        ("/es/p/forbid-it", "en", "es", "/es"),
        ("/en/p/forbid-it", "es", "en", "/en"),
        ("/p/forbid-it?lang=es", "en", "es", "/es"),
    ] {
        let page = read(&stage, path, accepted).await;
        assert_eq!(page.status, StatusCode::OK, "{path}");
        assert_eq!(page.header("content-language"), language, "{path}");
        let html = format!("<html lang=\"{language}\">");
        assert!(page.text.contains(&html), "{path}");
        let action = format!("action=\"{base}/p/forbid-it/sign\"");
        assert!(page.text.contains(&action), "{path}: {}", page.text);
        let other = if language == "en" { "es" } else { "en" };
        let link = format!("href=\"/{other}/p/forbid-it\"");
        assert!(page.text.contains(&link), "{path}");
        let vary = page.headers.get_all("vary");
        assert!(
            vary.iter()
                .any(|vary| vary.as_bytes() == b"accept-language")
        );
    }
    let page = stage.get("/es/p/forbid-it").await.text;
    assert!(page.contains("Firmar la petición") && page.contains("Forbid &#60;it&#62;"));
}

#[tokio::test]
async fn somebody_signs_confirms_and_withdraws_in_spanish() {
    let stage = Stage::open().await;
    let known = stage.known().await;
    let mut fields = vec![
        ("name", "Ana Ruiz"),
        ("email", "nobody"),
        ("street", known.street.as_str()),
        ("city", &known.city),
        ("state", &known.state),
        ("zip", &known.zip),
    ];
    let wrong = stage.post_form("/es/p/forbid-it/sign", &fields).await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
    let said = "la parte después de la @ no es un dominio";
    assert!(wrong.text.contains(said), "{}", wrong.text);
    let looked_up = stage.post_form("/es/p/forbid-it/officials", &fields).await;
    assert!(looked_up.text.contains("Conocemos esta dirección."));

    fields[1].1 = "ana@example.org";
    let signed = stage.post_form("/es/p/forbid-it/sign", &fields).await;
    assert!(signed.text.contains("Un paso más"), "{}", signed.text);
    let mail = stage.mails().await.remove(0);
    let found = stage.store.signatures.find_signature(mail.signature_id);
    let kept = found.await.expect("read").expect("there");
    assert_eq!(kept.language, "es", "the mail is in Spanish too");

    let link = format!("/es/confirm/{}", stage.token(&mail, TokenPurpose::Confirm));
    let asked = stage.get(&link).await.text;
    assert!(asked.contains("¿confirma su firma?"), "{asked}");
    let done = stage.post_form(&link, &[]).await.text;
    assert!(done.contains("Usted es el número 1"), "{done}");
    let receipt = format!("/es/r/{}", stage.token(&mail, TokenPurpose::Receipt));
    let page = stage.get(&receipt).await.text;
    assert!(page.contains("Contada") && page.contains("Retirar mi firma"));
    let withdrawn = stage.post_form(&format!("{receipt}/withdraw"), &[]).await;
    assert_eq!(withdrawn.header("location"), receipt);
    let page = stage.get(&receipt).await.text;
    assert!(page.contains("Retirada: no se cuenta"), "{page}");
}

#[tokio::test]
async fn a_cut_link_and_a_page_that_is_not_there_are_explained_in_spanish() {
    let stage = Stage::open().await;
    let cut = stage.get("/es/confirm/nonsense").await;
    assert_eq!(cut.header("location"), "/es/?note=link");
    let page = stage.get(cut.header("location")).await.text;
    assert!(page.contains("Ese enlace no está completo"), "{page}");
    let nothing = stage.get("/es/nowhere").await;
    assert_eq!(nothing.status, StatusCode::NOT_FOUND);
    assert!(nothing.text.contains("aquí no hay nada"));
}

#[tokio::test]
async fn a_program_reads_its_errors_in_the_language_it_accepts() {
    let stage = Stage::open().await;
    let request = Request::post("/api/v1/petitions/forbid-it/signatures")
        .header("host", "petition.example")
        .header("content-type", "application/json")
        .header("accept-language", "es")
        .body(Body::from("{}"))
        .expect("a request");
    let problem = stage.ask(request).await.json();
    let errors = problem["errors"].as_array().expect("errors");
    let of = |field: &str| errors.iter().find(|error| error["field"] == field);
    let name = of("name").expect("the name's");
    assert_eq!(name["code"], "name_empty");
    assert_eq!(name["message"], Value::from("se necesita un nombre"));
}

#[tokio::test]
async fn console_and_api_are_reached_as_before() {
    let stage = Stage::open().await;
    let login = read(&stage, "/console/login", "es").await;
    assert!(login.text.contains("<html lang=\"en\">"));
    let list = read(&stage, "/api/v1/petitions", "es").await;
    assert_eq!(list.status, StatusCode::OK);
    assert!(!list.headers.contains_key("content-language"));
}

#[tokio::test]
async fn posts_and_the_homes_at_a_border_are_named_in_spanish_and_people_are_not_translated() {
    let stage = Stage::open().await;
    let known = stage.known().await;
    let fields = [
        ("name", "Ana Ruiz"),
        ("email", "ana@example.org"),
        ("street", known.street.as_str()),
        ("city", &known.city),
        ("state", &known.state),
        ("zip", &known.zip),
    ];
    let english = stage
        .post_form("/p/forbid-it/officials", &fields)
        .await
        .text;
    let spanish = stage
        .post_form("/es/p/forbid-it/officials", &fields)
        .await
        .text;
    let posts = |page: &str| -> Vec<String> {
        let found = page.split("<span class=\"post\">").skip(1);
        found
            .filter_map(|rest| rest.split('<').next())
            .map(str::to_owned)
            .collect()
    };
    let (english_posts, spanish_posts) = (posts(&english), posts(&spanish));
    assert_eq!(english_posts.len(), spanish_posts.len());
    assert!(
        english_posts.iter().any(|post| post == "Mayor"),
        "{english_posts:?}"
    );
    assert!(
        spanish_posts.iter().any(|post| post == "Alcaldía"),
        "{spanish_posts:?}"
    );
    let own = format!("Concejalía, distrito {}", known.district);
    assert!(spanish_posts.contains(&own), "{spanish_posts:?}");
    let people = |page: &str| -> Vec<String> {
        let found = page.split("<div class=\"official\"><h3>").skip(1);
        found
            .filter_map(|rest| rest.split('<').next())
            .filter(|name| !["Vacant seat", "Puesto vacante"].contains(name))
            .map(str::to_owned)
            .collect()
    };
    assert!(
        people(&english)
            .iter()
            .all(|name| people(&spanish).contains(name))
    );

    let (border, alternatives) = crate::bordering::border(&stage).await;
    let asked = stage
        .post_form("/es/p/forbid-it/sign", &crate::bordering::form(&border, ""))
        .await;
    for one in &alternatives {
        let label = one["label"].as_str().expect("a label");
        let (place, _) = label.rsplit_once(", ").expect("a place and a district");
        let district = one["district"].as_str().expect("a district");
        let spoken = format!("{place}, Distrito {district}");
        assert!(asked.text.contains(&spoken), "{spoken}: {}", asked.text);
        assert!(!asked.text.contains(label), "{label}");
    }
}
