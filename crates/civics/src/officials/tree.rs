//! JSON and YAML as one tree: lists, maps, and values that are text.
//!
//! Lists of officials need no numbers: an id, a district and a year are read as they are written. A key that
//! stands twice, an endless depth and whatever multiplies itself are errors, and never a crash.

mod json;
mod yaml;

pub(super) use json::read_json;
pub(super) use yaml::read_yaml;

/// Deepest nesting that such lists have several times over.
const DEEPEST: usize = 64;

/// One node.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) enum Tree {
    /// Nothing, or null.
    #[default]
    Nothing,
    /// A text, a number, or a yes or no, as it is written.
    Text(String),
    /// Several.
    List(Vec<Tree>),
    /// By key, in the file's order; no key stands twice.
    Map(Vec<(String, Tree)>),
}

/// Where there is none.
static NOTHING: Tree = Tree::Nothing;

impl Tree {
    /// What stands under a key; nothing where there is none.
    pub(super) fn get(&self, key: &str) -> &Self {
        match self {
            Self::Map(pairs) => pairs
                .iter()
                .find(|(name, _)| name == key)
                .map_or(&NOTHING, |(_, value)| value),
            _ => &NOTHING,
        }
    }

    /// What stands at the end of a way of keys.
    pub(super) fn at(&self, keys: &[&str]) -> &Self {
        keys.iter().fold(self, |tree, key| tree.get(key))
    }

    /// The text under a key, trimmed; empty where there is none.
    pub(super) fn text(&self, key: &str) -> &str {
        self.get(key).as_text()
    }

    /// The first of several keys that has a text.
    pub(super) fn first_text(&self, keys: &[&str]) -> &str {
        keys.iter()
            .map(|key| self.text(key))
            .find(|text| !text.is_empty())
            .unwrap_or_default()
    }

    /// The text itself, trimmed; empty where this is none.
    pub(super) fn as_text(&self) -> &str {
        match self {
            Self::Text(text) => text.trim(),
            _ => "",
        }
    }

    /// The elements of a list; none where this is none.
    pub(super) fn list(&self, key: &str) -> &[Self] {
        self.get(key).as_list()
    }

    /// The elements, where this is a list.
    pub(super) fn as_list(&self) -> &[Self] {
        match self {
            Self::List(elements) => elements,
            _ => &[],
        }
    }

    /// Whether a key is there, whatever stands under it.
    pub(super) fn has(&self, key: &str) -> bool {
        matches!(self, Self::Map(pairs) if pairs.iter().any(|(name, _)| name == key))
    }

    /// Whether this has keys.
    pub(super) fn is_map(&self) -> bool {
        matches!(self, Self::Map(_))
    }
}

/// What is wrong with a key that stands twice.
fn twice(key: &str) -> String {
    format!(
        "the key `{}` stands twice; remove one of them",
        crate::build::report::shortened(key)
    )
}

fn too_deep() -> String {
    format!("it nests deeper than {DEEPEST} levels; no list of officials does")
}
