//! The objects of some documents, found by their ids.

use super::super::division;
use super::super::tree::Tree;
use std::collections::HashMap;

/// What an object is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Class {
    Person,
    Organization,
    Membership,
    Post,
    Area,
}

/// The lists of a document, and what is in them.
const LISTS: [(&str, Class); 6] = [
    ("persons", Class::Person),
    ("people", Class::Person),
    ("organizations", Class::Organization),
    ("memberships", Class::Membership),
    ("posts", Class::Post),
    ("areas", Class::Area),
];

/// Longest chain of organizations of which each is the next one's part.
const MOST_PARENTS: usize = 8;

/// Everything that was read.
#[derive(Debug, Default)]
pub(super) struct Gathered<'tree> {
    persons: HashMap<&'tree str, &'tree Tree>,
    organizations: HashMap<&'tree str, &'tree Tree>,
    posts: HashMap<&'tree str, &'tree Tree>,
    areas: HashMap<&'tree str, &'tree Tree>,
    /// Where it stands, the membership, and the person within whom it stands.
    pub(super) memberships: Vec<(String, &'tree Tree, Option<&'tree Tree>)>,
    /// The party of a person, by the person's id.
    parties: HashMap<&'tree str, &'tree Tree>,
}

impl<'tree> Gathered<'tree> {
    /// Takes a document: one with a list of each, a list, or a single object.
    pub(super) fn collect(&mut self, path: &str, tree: &'tree Tree) {
        let under = |key: &str| format!("{path} {key}").trim().to_owned();
        let mut is_document = false;
        for (key, class) in LISTS {
            let is_own = key == "memberships" && tree.has("name");
            if is_own || !matches!(tree.get(key), Tree::List(_)) {
                continue;
            }
            is_document = true;
            for (number, object) in tree.list(key).iter().enumerate() {
                self.take(class, &under(&format!("{key}[{number}]")), object);
            }
        }
        if is_document {
            return;
        }
        if let Some(class) = class_of(tree) {
            self.take(class, path, tree);
        }
        for (number, object) in tree.as_list().iter().enumerate() {
            if let Some(class) = class_of(object) {
                self.take(class, &under(&format!("[{number}]")), object);
            }
        }
    }

    fn take(&mut self, class: Class, path: &str, object: &'tree Tree) {
        match class {
            Class::Person => {
                keep(&mut self.persons, object);
                for (number, membership) in object.list("memberships").iter().enumerate() {
                    let path = format!("{path}.memberships[{number}]");
                    self.memberships.push((path, membership, Some(object)));
                }
            }
            Class::Organization => {
                keep(&mut self.organizations, object);
                for post in object.list("posts") {
                    keep(&mut self.posts, post);
                }
                for (number, membership) in object.list("memberships").iter().enumerate() {
                    let path = format!("{path}.memberships[{number}]");
                    self.memberships.push((path, membership, None));
                }
            }
            Class::Membership => self.memberships.push((path.to_owned(), object, None)),
            Class::Post => keep(&mut self.posts, object),
            Class::Area => keep(&mut self.areas, object),
        }
    }

    /// The person of a membership.
    pub(super) fn person(
        &self,
        membership: &'tree Tree,
        within: Option<&'tree Tree>,
    ) -> Option<&'tree Tree> {
        let named = || self.persons.get(membership.text("person_id")).copied();
        whole(membership.get("person")).or(within).or_else(named)
    }

    /// The post of a membership.
    pub(super) fn post(&self, membership: &'tree Tree) -> Option<&'tree Tree> {
        let named = || self.posts.get(membership.text("post_id")).copied();
        whole(membership.get("post")).or_else(named)
    }

    /// The organization that an object names, or within which it stands.
    pub(super) fn organization(&self, object: &'tree Tree) -> Option<&'tree Tree> {
        let named = || {
            let id = object.text("organization_id");
            self.organizations.get(id).copied()
        };
        whole(object.get("organization")).or_else(named)
    }

    /// The division of an object: its own, that of its area, or that of what it is a part of.
    pub(super) fn division(&self, object: &'tree Tree) -> Option<String> {
        let mut object = object;
        for _ in 0..MOST_PARENTS {
            let own = object.first_text(&["division_id", "jurisdiction_id", "jurisdiction"]);
            if division::is_id(own) {
                return Some(division::of(own));
            }
            let within = object.get("jurisdiction");
            let of_within = within.first_text(&["division_id", "id"]);
            if division::is_id(of_within) {
                return Some(division::of(of_within));
            }
            if let Some(id) = self.of_area(object) {
                return Some(id);
            }
            let parent = self.organizations.get(object.text("parent_id")).copied();
            object = whole(object.get("parent")).or(parent)?;
        }
        None
    }

    /// The area of an object.
    pub(super) fn area(&self, object: &'tree Tree) -> Option<&'tree Tree> {
        let named = || self.areas.get(object.text("area_id")).copied();
        whole(object.get("area")).or_else(named)
    }

    fn of_area(&self, object: &'tree Tree) -> Option<String> {
        let bare = object.text("area_id");
        if division::is_id(bare) {
            return Some(division::of(bare));
        }
        let area = self.area(object)?;
        let other = area
            .list("identifiers")
            .iter()
            .chain(area.list("other_identifiers"));
        let ids = [
            area.text("division_id"),
            area.text("identifier"),
            area.text("id"),
        ];
        ids.into_iter()
            .chain(other.map(|it| it.text("identifier")))
            .find(|id| division::is_id(id))
            .map(division::of)
    }

    /// Keeps the party of a person, if that is what a membership says.
    pub(super) fn parties(&mut self) {
        let mut offices = Vec::new();
        for (path, membership, within) in std::mem::take(&mut self.memberships) {
            let organization = self.organization(membership);
            let is_party = organization.is_some_and(|it| it.text("classification") == "party");
            if !is_party {
                offices.push((path, membership, within));
                continue;
            }
            let is_over = !membership.text("end_date").is_empty();
            let person = self.person(membership, within);
            let id = person.map_or("", |person| person.text("id"));
            if let (Some(party), false, false) = (organization, id.is_empty(), is_over) {
                self.parties.insert(id, party);
            }
        }
        self.memberships = offices;
    }

    /// The name of a person's party.
    pub(super) fn party(&self, person: &Tree) -> &'tree str {
        self.parties
            .get(person.text("id"))
            .map_or("", |party| party.text("name"))
    }
}

/// Keeps an object under its id; one without cannot be named by others.
fn keep<'tree>(objects: &mut HashMap<&'tree str, &'tree Tree>, object: &'tree Tree) {
    let id = object.text("id");
    if !id.is_empty() {
        objects.insert(id, object);
    }
}

/// The object, where it stands there whole and not by its id.
fn whole(tree: &Tree) -> Option<&Tree> {
    tree.is_map().then_some(tree)
}

fn class_of(object: &Tree) -> Option<Class> {
    if !object.is_map() {
        return None;
    }
    let said = object
        .first_text(&["_type", "@type", "type"])
        .to_lowercase();
    let has_any = |keys: &[&str]| keys.iter().any(|key| object.has(key));
    Some(match said.rsplit(['/', ':']).next().unwrap_or_default() {
        "person" => Class::Person,
        "organization" => Class::Organization,
        "membership" => Class::Membership,
        "post" => Class::Post,
        "area" => Class::Area,
        _ if has_any(&["person_id", "person"]) => Class::Membership,
        _ if object.has("label") && has_any(&["organization_id", "organization"]) => Class::Post,
        _ if has_any(&["given_name", "family_name", "memberships", "birth_date"])
            && !object.has("classification") =>
        {
            Class::Person
        }
        _ if has_any(&["parent_id", "jurisdiction_id"]) && has_any(&["classification"]) => {
            Class::Organization
        }
        _ if has_any(&["geometry", "identifier", "identifiers"])
            && object.has("classification") =>
        {
            Class::Area
        }
        _ if object.has("classification") => Class::Organization,
        _ if object.has("name") => Class::Person,
        _ => return None,
    })
}
