//! JSON as a tree.

use super::{DEEPEST, Tree, too_deep, twice};
use serde::Deserializer;
use serde::de::{DeserializeSeed, Error, MapAccess, SeqAccess, Visitor};
use std::collections::HashSet;
use std::fmt::{Display, Formatter};

/// Reads a whole document, or says with line and column what is wrong with it.
pub(in super::super) fn read_json(bytes: &[u8]) -> Result<Tree, String> {
    let bytes = bytes.strip_prefix("\u{feff}".as_bytes()).unwrap_or(bytes);
    let mut reader = serde_json::Deserializer::from_slice(bytes);
    let tree = Level(0)
        .deserialize(&mut reader)
        .and_then(|tree| reader.end().map(|()| tree));
    tree.map_err(|error| format!("it cannot be read as JSON: {error}"))
}

/// How many levels are above.
#[derive(Clone, Copy)]
struct Level(usize);

impl<'de> DeserializeSeed<'de> for Level {
    type Value = Tree;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Tree, D::Error> {
        if self.0 > DEEPEST {
            return Err(D::Error::custom(too_deep()));
        }
        deserializer.deserialize_any(self)
    }
}

fn text(value: &impl Display) -> Tree {
    Tree::Text(value.to_string())
}

impl<'de> Visitor<'de> for Level {
    type Value = Tree;

    fn expecting(&self, formatter: &mut Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("a JSON value")
    }

    fn visit_unit<E>(self) -> Result<Tree, E> {
        Ok(Tree::Nothing)
    }

    fn visit_bool<E>(self, value: bool) -> Result<Tree, E> {
        Ok(text(&value))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Tree, E> {
        Ok(text(&value))
    }

    fn visit_u64<E>(self, value: u64) -> Result<Tree, E> {
        Ok(text(&value))
    }

    fn visit_f64<E>(self, value: f64) -> Result<Tree, E> {
        Ok(text(&value))
    }

    fn visit_str<E>(self, value: &str) -> Result<Tree, E> {
        Ok(text(&value))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut elements: A) -> Result<Tree, A::Error> {
        let mut list = Vec::new();
        while let Some(element) = elements.next_element_seed(Self(self.0 + 1))? {
            list.push(element);
        }
        Ok(Tree::List(list))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<Tree, A::Error> {
        let mut pairs = Vec::new();
        let mut seen = HashSet::new();
        while let Some(key) = entries.next_key::<String>()? {
            if !seen.insert(key.clone()) {
                return Err(A::Error::custom(twice(&key)));
            }
            pairs.push((key, entries.next_value_seed(Self(self.0 + 1))?));
        }
        Ok(Tree::Map(pairs))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;

    #[test]
    fn values_are_read_as_they_are_written() {
        let tree = read_json(
            br#"{"id": 17, "name": " Ada ", "ok": true, "none": null, "list": [1, "b"]}"#,
        )
        .unwrap();
        assert_eq!(
            (tree.text("id"), tree.text("name"), tree.text("ok")),
            ("17", "Ada", "true")
        );
        assert_eq!(
            (tree.get("none"), tree.get("gone")),
            (&Tree::Nothing, &Tree::Nothing)
        );
        assert_eq!(tree.list("list")[1].as_text(), "b");
    }

    #[rstest]
    #[case::twice(br#"{"a": 1, "a": 2}"#.to_vec(), "the key `a` stands twice")]
    #[case::deep([b"[".repeat(100_000), b"]".repeat(100_000)].concat(), "deeper than 64")]
    #[case::deep_maps(br#"{"a":"#.repeat(100_000), "deeper than 64")]
    #[case::not_text(b"{\"a\": \"\xff\"}".to_vec(), "line 1")]
    #[case::cut(b"{\"a\": [1,".to_vec(), "line 1")]
    #[case::more(b"{} {}".to_vec(), "trailing characters")]
    #[case::nothing(Vec::new(), "EOF")]
    fn what_is_wrong_is_said_with_its_line(#[case] bytes: Vec<u8>, #[case] expected: &str) {
        let error = read_json(&bytes).unwrap_err();
        assert!(
            error.contains(expected) && error.contains("column"),
            "{error}"
        );
    }
}
