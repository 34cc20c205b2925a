//! YAML as a tree.
//!
//! Read event by event, so that the depth of the text is not the depth of the stack. Anchors and aliases are
//! refused: no list of officials needs them, and a few hundred bytes of them stand for more than fits on Earth.

use super::{DEEPEST, Tree, too_deep, twice};
use std::collections::HashSet;
use yaml_rust2::parser::{Event, Parser};
use yaml_rust2::scanner::{Marker, ScanError, TScalarStyle};

/// A document, and where it begins.
#[derive(Debug, PartialEq, Eq)]
pub(in super::super) struct Document {
    /// The line of its first content, the first being 1.
    pub(in super::super) line: u64,
    /// The content.
    pub(in super::super) tree: Tree,
}

/// A list or map that is not closed yet.
enum Open {
    List(Vec<Tree>),
    Map {
        pairs: Vec<(String, Tree)>,
        seen: HashSet<String>,
        key: Option<String>,
    },
}

/// Reads every document of a file, or says with its line what is wrong.
pub(in super::super) fn read_yaml(bytes: &[u8]) -> Result<Vec<Document>, String> {
    let text = std::str::from_utf8(bytes).map_err(|error| {
        let before = &bytes[..error.valid_up_to()];
        let line = before.split(|byte| *byte == b'\n').count();
        format!("line {line} is not UTF-8; save the file in UTF-8")
    })?;
    let mut parser = Parser::new_from_str(text.trim_start_matches('\u{feff}'));
    let mut documents = Vec::new();
    let mut open: Vec<Open> = Vec::new();
    let mut begins = 0;
    loop {
        let (event, at) = parser.next_token().map_err(|error| scanned(&error))?;
        let line = at.line() as u64;
        if open.is_empty() && begins == 0 && is_content(&event) {
            begins = line;
        }
        let closed = match event {
            Event::StreamEnd => return Ok(documents),
            Event::Alias(_) => return Err(anchored(&at)),
            Event::Scalar(_, _, anchor, _)
            | Event::SequenceStart(anchor, _)
            | Event::MappingStart(anchor, _)
                if anchor != 0 =>
            {
                return Err(anchored(&at));
            }
            Event::SequenceStart(..) | Event::MappingStart(..) if open.len() >= DEEPEST => {
                return Err(format!("line {line}: {}", too_deep()));
            }
            Event::SequenceStart(..) => {
                open.push(Open::List(Vec::new()));
                continue;
            }
            Event::MappingStart(..) => {
                open.push(Open::Map {
                    pairs: Vec::new(),
                    seen: HashSet::new(),
                    key: None,
                });
                continue;
            }
            Event::Scalar(text, style, ..) => scalar(text, style),
            Event::SequenceEnd | Event::MappingEnd => match open.pop() {
                Some(Open::List(elements)) => Tree::List(elements),
                Some(Open::Map { pairs, .. }) => Tree::Map(pairs),
                None => continue,
            },
            Event::Nothing | Event::StreamStart | Event::DocumentStart | Event::DocumentEnd => {
                continue;
            }
        };
        if let Some(holder) = open.last_mut() {
            put(holder, closed).map_err(|text| format!("line {line}: {text}"))?;
            continue;
        }
        if closed != Tree::Nothing {
            documents.push(Document {
                line: begins,
                tree: closed,
            });
        }
        begins = 0;
    }
}

fn is_content(event: &Event) -> bool {
    matches!(
        event,
        Event::Scalar(..) | Event::SequenceStart(..) | Event::MappingStart(..)
    )
}

fn put(holder: &mut Open, value: Tree) -> Result<(), String> {
    let (pairs, seen, key) = match holder {
        Open::List(elements) => {
            elements.push(value);
            return Ok(());
        }
        Open::Map { pairs, seen, key } => (pairs, seen, key),
    };
    if let Some(key) = key.take() {
        pairs.push((key, value));
        return Ok(());
    }
    let name = match value {
        Tree::Text(text) => text,
        Tree::Nothing => String::new(),
        Tree::List(_) | Tree::Map(_) => {
            return Err("a key is a list or a map; write it as a word".into());
        }
    };
    if !seen.insert(name.clone()) {
        return Err(twice(&name));
    }
    *key = Some(name);
    Ok(())
}

/// `null` and `~` are nothing unless they are quoted.
fn scalar(text: String, style: TScalarStyle) -> Tree {
    let is_null = matches!(text.as_str(), "" | "~" | "null" | "Null" | "NULL");
    if is_null && style == TScalarStyle::Plain {
        Tree::Nothing
    } else {
        Tree::Text(text)
    }
}

fn anchored(at: &Marker) -> String {
    format!(
        "line {}: anchors (&) and aliases (*) are not read; write the value out",
        at.line()
    )
}

fn scanned(error: &ScanError) -> String {
    format!(
        "line {} cannot be read as YAML: {}",
        error.marker().line(),
        error.info()
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use rstest::rstest;

    #[test]
    fn documents_are_read_with_the_lines_on_which_they_begin() {
        let text = b"# people\nname: Ada\nroles:\n- type: mayor\n  end_date: 2027-12-31\n---\nname: 'null'\ndistrict: 03\nparty: ~\n";
        let documents = read_yaml(text).unwrap();
        assert_eq!(documents.len(), 2);
        assert_eq!((documents[0].line, documents[1].line), (2, 7));
        let role = &documents[0].tree.list("roles")[0];
        assert_eq!(
            (role.text("type"), role.text("end_date")),
            ("mayor", "2027-12-31")
        );
        let second = &documents[1].tree;
        assert_eq!(
            (second.text("name"), second.text("district")),
            ("null", "03")
        );
        assert!(second.has("party") && second.get("party") == &Tree::Nothing);
    }

    /// Nine lines that stand for a thousand million entries.
    fn bomb() -> Vec<u8> {
        let mut text = String::from("a: &a [x, x, x, x, x, x, x, x, x, x]\n");
        for (one, next) in "abcdefgh".chars().zip("bcdefghi".chars()) {
            text.extend([format!(
                "{next}: &{next} [*{one}, *{one}, *{one}, *{one}]\n"
            )]);
        }
        text.into_bytes()
    }

    fn deep_blocks() -> Vec<u8> {
        let lines = (0..200).map(|depth| [" ".repeat(depth), "a:\n".to_owned()].concat());
        lines.collect::<Vec<_>>().concat().into_bytes()
    }

    #[rstest]
    #[case::bomb(bomb(), "line 1: anchors")]
    #[case::alias(b"a: *b\n".to_vec(), "line 1")]
    #[case::twice(b"name: Ada\nname: Bo\n".to_vec(), "line 2: the key `name` stands twice")]
    #[case::deep_flow(b"[".repeat(100_000), "line 1")]
    #[case::deep_blocks(deep_blocks(), "deeper than 64")]
    #[case::not_text(b"name: Ada\nparty: \xff\n".to_vec(), "line 2 is not UTF-8")]
    #[case::odd_key(b"[a, b]: c\n".to_vec(), "a key is a list")]
    #[case::broken(b"name: [Ada\n".to_vec(), "line")]
    fn what_is_wrong_is_said_with_its_line(#[case] bytes: Vec<u8>, #[case] expected: &str) {
        let error = read_yaml(&bytes).unwrap_err();
        assert!(error.contains(expected), "{error}");
    }

    proptest! {
        #[test]
        fn any_text_is_read_without_a_fall(text in "[-a-c:{}\\[\\]&*'\"|>#\n ,?!%@0-9]{0,80}") {
            let _ = read_yaml(text.as_bytes());
        }
    }
}
