//! What arrives whole and is not what it should be.

use super::{NAME, Stage, archive, honest};
use crate::fetch::Outcome;
use crate::local_server::Answer;

#[test]
fn a_web_page_in_the_place_of_a_file_is_noticed() {
    let stage = Stage::new(|_| {
        Answer::new(
            200,
            "\u{feff}  <!DOCTYPE html><html><body>Down for maintenance</body></html>",
        )
        .with("Content-Type", "text/html")
    });
    let said = stage.failure();
    assert!(said.contains("is a web page, not an archive"), "{said}");
    assert_eq!(stage.server.requests().len(), 2);
    assert_eq!(stage.names(), [""; 0]);
}

#[test]
fn a_page_that_makes_way_for_the_file_is_forgotten() {
    let file = archive(1);
    let served = file.clone();
    let stage = Stage::new(move |request| match request.earlier {
        0 => Answer::new(200, "<html>one moment</html>").with("ETag", "\"one\""),
        _ => honest(&served, "one", request),
    });
    stage.brings(&file);
    assert_eq!(stage.ranges(), [None, None]);
}

#[test]
fn an_archive_with_a_wrong_checksum_is_refused() {
    let mut file = archive(1);
    file[50_000] ^= 1;
    let stage = Stage::new(move |request| honest(&file, "one", request));
    let said = stage.failure();
    assert!(said.contains("is no whole archive"), "{said}");
    assert_eq!(stage.server.requests().len(), 2);
    assert_eq!(stage.names(), [""; 0]);
}

#[test]
fn an_archive_without_a_table_is_refused() {
    let empty = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()))
        .finish()
        .unwrap()
        .into_inner();
    let stage = Stage::new(move |_| Answer::new(200, &*empty));
    let said = stage.failure();
    assert!(said.contains("without a table"), "{said}");
}

#[test]
fn a_file_that_was_cut_short_here_is_fetched_again() {
    let file = archive(1);
    let served = file.clone();
    let stage = Stage::new(move |request| honest(&served, "one", request));
    std::fs::write(stage.path(NAME), &file[..file.len() - 1]).unwrap();
    stage.brings(&file);
}

#[test]
fn a_byte_that_changed_here_is_found_when_asked_for() {
    let file = archive(1);
    let served = file.clone();
    let mut stage = Stage::new(move |request| honest(&served, "one", request));
    let mut rotten = file.clone();
    rotten[50_000] ^= 1;
    std::fs::write(stage.path(NAME), &rotten).unwrap();
    assert!(matches!(stage.fetch(), Outcome::AlreadyThere { .. }));
    stage.settings.verify = true;
    stage.brings(&file);
}

#[test]
fn what_is_there_stays_when_the_new_one_does_not_come() {
    let stage = Stage::new(|_| Answer::new(200, "<html>"));
    std::fs::write(stage.path(NAME), "half a file").unwrap();
    stage.failure();
    assert_eq!(
        std::fs::read_to_string(stage.path(NAME)).unwrap(),
        "half a file"
    );
}
