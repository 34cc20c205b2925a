//! Two packs open at once answer as each does alone.

#![expect(clippy::unwrap_used, reason = "what fails to unwrap fails the test")]

use chrono::NaiveDate;
use redress_civics::build::build;
use redress_civics::packs::Packs;
use redress_civics::parse::Input;
use redress_civics::sample::{self, Plan};
use std::path::{Path, PathBuf};

fn addresses(folder: &Path) -> Vec<String> {
    let mut truth = csv::Reader::from_path(folder.join("truth.csv")).unwrap();
    let rows = truth.records().step_by(41);
    rows.map(|row| row.unwrap()[1].to_owned()).collect()
}

fn county(folder: &Path, name: &str, is_of_towns: bool) -> (PathBuf, Vec<String>) {
    let (place, pack) = (folder.join(name), folder.join(format!("{name}.pack")));
    let plan = Plan { seed: 5, scale: 1 };
    if is_of_towns {
        sample::write_towns(&place, plan, &mut |_, _| {}).unwrap();
    } else {
        sample::write(&place, plan, &mut |_, _| {}).unwrap();
    }
    build(&place.join("sources.toml"), &pack, &mut |_| {}).unwrap();
    (pack, addresses(&place))
}

#[test]
fn a_folder_of_packs_answers_as_each_of_them() {
    let folder = tempfile::tempdir().unwrap();
    let on = NaiveDate::from_ymd_opt(2026, 3, 1).unwrap();
    let counties = [
        county(folder.path(), "one", false),
        county(folder.path(), "two", true),
    ];
    let both = Packs::open(&[folder.path().to_owned()]).unwrap();
    let directory = both.directory().unwrap();
    let mut located = 0;
    for (pack, addresses) in &counties {
        let alone = Packs::open(std::slice::from_ref(pack)).unwrap();
        for address in addresses {
            let input = Input::line(address);
            let (one, all) = (
                alone.resolve(&input, Some(&directory), on),
                both.resolve(&input, Some(&directory), on),
            );
            assert_eq!(one, all, "{address}");
            located += u32::from(all.level.attributes_district());
        }
    }
    assert!(located > 50, "{located}");
}

#[test]
fn one_pack_named_twice_contradicts_itself_nowhere() {
    let folder = tempfile::tempdir().unwrap();
    let on = NaiveDate::from_ymd_opt(2026, 3, 1).unwrap();
    let (pack, addresses) = county(folder.path(), "one", false);
    let once = Packs::open(std::slice::from_ref(&pack)).unwrap();
    let twice = Packs::open(&[pack.clone(), pack]).unwrap();
    for address in &addresses {
        let input = Input::line(address);
        assert_eq!(
            once.resolve(&input, None, on),
            twice.resolve(&input, None, on),
            "{address}"
        );
    }
}

#[test]
fn a_pack_held_in_memory_is_the_pack_that_lies_on_disk() {
    let folder = tempfile::tempdir().unwrap();
    let on = NaiveDate::from_ymd_opt(2026, 3, 1).unwrap();
    let (pack, addresses) = county(folder.path(), "one", false);
    let open = Packs::open(std::slice::from_ref(&pack)).unwrap();
    let held = Packs::hold(std::slice::from_ref(&pack), u64::MAX).unwrap();
    // What is held needs its file no longer, even if somebody writes over it.
    let answers = |packs: &Packs| -> Vec<_> {
        let inputs = addresses.iter().map(|address| Input::line(address));
        inputs
            .map(|input| packs.resolve(&input, None, on))
            .collect()
    };
    let before = answers(&open);
    let length = std::fs::metadata(&pack).unwrap().len();
    std::fs::write(&pack, vec![0; length as usize]).unwrap();
    assert_eq!(answers(&held), before);
    held.verify(usize::MAX).unwrap();
    assert!(Packs::hold(std::slice::from_ref(&pack), u64::MAX).is_err());
    assert!(Packs::hold(std::slice::from_ref(&pack), 0).is_err());
}
