//! What everybody may read.

use crate::stage::Stage;
use axum::http::StatusCode;
use serde_json::Value;

#[tokio::test]
async fn every_page_has_its_policy_and_its_id_and_needs_no_script() {
    let stage = Stage::open().await;
    stage.sign_and_confirm("Ana Ruiz", "ana@example.org").await;
    let known = stage.known().await;
    let place = format!("/p/forbid-it/places/{}", known.geoid);
    for path in [
        "/",
        "/about",
        "/privacy",
        "/p/forbid-it",
        "/p/forbid-it/places",
        place.as_str(),
    ] {
        let page = stage.get(path).await;
        assert_eq!(page.status, StatusCode::OK, "{path}: {}", page.text);
        let scripts = page.text.matches("<script").count();
        let own = page.text.matches("<script src=\"/assets/").count();
        assert!(scripts == own && !page.text.contains(" style="), "{path}");
        assert!(own == 0 || path == "/p/forbid-it", "only the form has one");
        assert!(
            page.header("content-security-policy")
                .contains("default-src 'none'")
        );
        assert_eq!(page.header("referrer-policy"), "same-origin");
        assert_eq!(page.header("x-content-type-options"), "nosniff");
        assert!(page.header("x-request-id").starts_with("test-"));
    }
}

#[tokio::test]
async fn what_organizers_write_is_text_and_no_markup() {
    let stage = Stage::open().await;
    let page = stage.get("/p/forbid-it").await.text;
    assert!(page.contains("Forbid &#60;it&#62;"), "{page}");
    assert!(page.len() < 14 * 1024, "{} bytes", page.len());
}

#[tokio::test]
async fn the_stylesheet_may_be_kept_forever_under_its_name() {
    let stage = Stage::open().await;
    let page = stage.get("/").await.text;
    let path = page.split("rel=\"stylesheet\" href=\"").nth(1);
    let path = path
        .and_then(|rest| rest.split('"').next())
        .expect("a path");
    let style = stage.get(path).await;
    assert_eq!(style.status, StatusCode::OK);
    assert!(style.header("cache-control").contains("immutable"));
    let old = stage.get("/assets/site-old.css").await;
    assert_eq!(old.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn public_facts_are_open_to_every_origin() {
    let stage = Stage::open().await;
    let list = stage.get("/api/v1/petitions").await;
    assert_eq!(list.header("access-control-allow-origin"), "*");
    assert_eq!(list.json()["petitions"][0]["slug"], "forbid-it");
    let one = stage.get("/api/v1/petitions/forbid-it").await.json();
    assert_eq!(one["confirmation"], "email");
    let nothing = stage.get("/api/v1/petitions/nowhere").await;
    assert_eq!(nothing.header("content-type"), "application/problem+json");
}

#[tokio::test]
async fn an_error_page_shows_the_way_out() {
    let stage = Stage::empty().await;
    let page = stage.get("/p/nowhere/at/all").await;
    assert_eq!(page.status, StatusCode::NOT_FOUND);
    assert!(page.text.contains("href=\"/\""));
    assert_eq!(stage.get("/health/live").await.status, StatusCode::OK);
    assert_eq!(stage.get("/health/ready").await.status, StatusCode::OK);
}

#[tokio::test]
async fn every_call_of_the_description_is_answered_with_its_fields() {
    let stage = Stage::open().await;
    stage.sign_and_confirm("Ana Ruiz", "ana@example.org").await;
    let described = stage.get("/api/v1/openapi.json").await.json();
    let schemas = &described["components"]["schemas"];
    for (path, calls) in described["paths"].as_object().unwrap() {
        let url = format!(
            "/api/v1{}",
            path.replace("{slug}", "forbid-it").replace("{number}", "1")
        );
        if calls.get("post").is_some() {
            let answer = stage.post_json(&url, &serde_json::json!({})).await;
            assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{url}");
            let problem = answer.json();
            for field in problem.as_object().unwrap().keys() {
                assert!(
                    schemas["Problem"]["properties"].get(field).is_some(),
                    "{url}: {field}"
                );
            }
            continue;
        }
        let answer = stage.get(&url).await;
        if path.contains("manifest") {
            assert_eq!(
                answer.status,
                StatusCode::NOT_FOUND,
                "nothing is frozen yet"
            );
            continue;
        }
        assert_eq!(answer.status, StatusCode::OK, "{url}");
        let schema = &calls["get"]["responses"]["200"]["content"]["application/json"]["schema"];
        if !schema.is_object() || path == "/openapi.json" {
            continue;
        }
        agree(&url, &answer.json(), schema, schemas);
    }
}

/// Every field of an answer is described, and every one that is required is there.
fn agree(path: &str, answer: &Value, schema: &Value, schemas: &Value) {
    let named = schema["$ref"]
        .as_str()
        .and_then(|name| name.rsplit('/').next());
    let schema = named.map_or(schema, |name| &schemas[name]);
    if let Some(list) = answer.as_array() {
        for one in list {
            agree(path, one, &schema["items"], schemas);
        }
        return;
    }
    let (Some(fields), Some(known)) = (answer.as_object(), schema["properties"].as_object()) else {
        return;
    };
    for (field, value) in fields {
        let described = known
            .get(field)
            .unwrap_or_else(|| panic!("{path}: `{field}` is not described"));
        agree(&format!("{path}.{field}"), value, described, schemas);
    }
    for required in schema["required"].as_array().into_iter().flatten() {
        assert!(
            fields.contains_key(required.as_str().unwrap_or_default()),
            "{path}: {required} is missing"
        );
    }
}
