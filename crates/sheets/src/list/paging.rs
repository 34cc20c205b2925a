//! Which row stands on which page, and what stands around the rows.

use super::rows::{COLUMNS, Cells, RIGHT};
use super::words::Words;
use super::{PrintedList, PrintedRow};
use crate::error::SheetError;
use crate::page::{Canvas, HEIGHT, Ink, Sheets, Type};
use crate::text::clean::one_line;
use crate::text::fonts::Style;
use crate::text::wrap::{Measured, lines};
use std::ops::Range;

const LEFT: f32 = COLUMNS[0].0;
const TOP: f32 = 40.0;
/// Where rows end.
const BOTTOM: f32 = HEIGHT - 52.0;
/// What the table's head takes.
const HEAD: f32 = 18.0;

/// All pages.
pub(super) fn pages(list: &PrintedList, rows: &[PrintedRow]) -> Result<Vec<u8>, SheetError> {
    let words = Words::of(list.language);
    let title = title(list, &words);
    let spans = spans(rows, &words, title.end);
    let name = format!("{}: {}", words.title, one_line(&list.petition, 200));
    let mut sheets = Sheets::new(&name, &one_line(&list.organization, 200), list.language);
    for (index, span) in spans.iter().enumerate() {
        let number = words.page(index + 1, spans.len());
        sheets.page(|page| {
            let mut y = TOP;
            if index == 0 {
                title.draw(page);
                y = title.end;
            }
            head(page, y, &words);
            y += HEAD;
            for row in &rows[span.clone()] {
                y = Cells::of(row, &words).draw(page, y);
            }
            foot(page, list, &words, &number);
        })?;
    }
    sheets.finish()
}

/// The rows of each page: at least one page, and at least one row on each but an empty list's.
fn spans(rows: &[PrintedRow], words: &Words, first: f32) -> Vec<Range<usize>> {
    let mut spans = Vec::new();
    let (mut start, mut y) = (0, first + HEAD);
    for (at, row) in rows.iter().enumerate() {
        let height = Cells::of(row, words).height();
        if y + height > BOTTOM && at > start {
            spans.push(start..at);
            (start, y) = (at, TOP + HEAD);
        }
        y += height;
    }
    spans.push(start..rows.len());
    spans
}

/// What stands above the first page's table.
struct Title {
    lines: Vec<(f32, Type, String)>,
    /// Where the table begins.
    end: f32,
}

fn title(list: &PrintedList, words: &Words) -> Title {
    let room = RIGHT - LEFT;
    let small = Type::new(Style::Sans, 8.0, Ink::Quiet);
    let mut all = Vec::new();
    let mut y = TOP + 8.0;
    let mut say = |set: Type, leading: f32, text: &str, most: usize| {
        let lines = Measured::new(set.style, text).lines(set.size, room);
        for line in lines.into_iter().take(most) {
            all.push((y, set, line));
            y += leading;
        }
    };
    let label = Type::new(Style::SansBold, 8.5, Ink::Accent);
    say(label, 17.0, words.title, 1);
    let name = Type::new(Style::SerifBold, 15.0, Ink::Black);
    say(name, 18.0, &one_line(&list.petition, 200), 3);
    let place = one_line(&list.place, 80);
    let which = format!("{place} · {} · {}", words.letter(list), words.which(list));
    say(Type::new(Style::Sans, 9.0, Ink::Black), 13.0, &which, 2);
    say(
        small,
        10.5,
        &format!("SHA-256 {}", one_line(&list.csv_sha256, 64)),
        1,
    );
    say(
        small,
        10.5,
        &format!("{} {}", words.root, one_line(&list.merkle_root, 64)),
        1,
    );
    say(small, 10.5, &one_line(&list.verify_url, 400), 3);
    say(small, 10.5, words.note, 3);
    Title {
        lines: all,
        end: y + 4.0,
    }
}

impl Title {
    fn draw(&self, page: &mut Canvas<'_>) {
        for (y, set, line) in &self.lines {
            page.text(LEFT, *y, *set, line);
        }
    }
}

fn head(page: &mut Canvas<'_>, y: f32, words: &Words) {
    let set = Type::new(Style::SansBold, 7.5, Ink::Quiet);
    for (index, (head, (x, room))) in words.heads.iter().zip(COLUMNS).enumerate() {
        if index == 0 {
            page.text_to(x + room, y + 9.0, set, head);
        } else {
            page.text(x, y + 9.0, set, head);
        }
    }
    page.area((LEFT, y + 13.0), (RIGHT - LEFT, 0.9), Ink::Black);
}

fn foot(page: &mut Canvas<'_>, list: &PrintedList, words: &Words, number: &str) {
    let set = Type::new(Style::Sans, 7.5, Ink::Quiet);
    let y = HEIGHT - 34.0;
    page.text_to(RIGHT, y, set, number);
    let which = format!("{} · {}", words.letter(list), one_line(&list.petition, 200));
    let mut line = lines(set.style, &which, set.size, RIGHT - LEFT - 90.0).into_iter();
    if let Some(first) = line.next() {
        let more = if line.next().is_some() { " …" } else { "" };
        page.text(LEFT, y, set, &format!("{first}{more}"));
    }
    let hash = format!("SHA-256 {}", one_line(&list.csv_sha256, 64));
    page.text(LEFT, y + 10.0, Type { size: 6.5, ..set }, &hash);
}
