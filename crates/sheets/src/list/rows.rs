//! One row: its cells, how high it is, and how it is drawn.

use super::words::Words;
use super::{PrintedRow, Signer};
use crate::letter::Count;
use crate::page::{Canvas, Ink, Type};
use crate::text::clean::one_line;
use crate::text::fonts::Style;
use crate::text::wrap::{count_lines, lines};

/// Where the columns begin, in points from the left edge of the page, and how wide they are. The first is set to the right.
pub(super) const COLUMNS: [(f32, f32); 7] = [
    (40.0, 36.0),
    (86.0, 160.0),
    (254.0, 104.0),
    (366.0, 30.0),
    (404.0, 54.0),
    (466.0, 48.0),
    (522.0, 54.0),
];

/// The table's right edge.
pub(super) const RIGHT: f32 = 576.0;
/// From one line to the next.
pub(super) const LINE: f32 = 10.2;
/// Between two rows, the rule in its middle.
const GAP: f32 = 4.6;

const CELL: Type = Type::new(Style::Sans, 8.0, Ink::Black);
const COMMENT: Type = Type::new(Style::Serif, 8.0, Ink::Quiet);
/// Room for a comment: from the names to the right edge.
const COMMENT_ROOM: f32 = RIGHT - 86.0;

/// A row as it is printed.
pub(super) struct Cells {
    cells: [String; 7],
    comment: String,
}

impl Cells {
    pub(super) fn of(row: &PrintedRow, words: &Words) -> Self {
        let number = Count(row.number).to_string();
        let none = String::new;
        match &row.signer {
            Signer::Counted {
                name,
                city,
                zip,
                district,
                signed_on,
                known,
                comment,
            } => Self {
                cells: [
                    number,
                    name.as_deref()
                        .map_or_else(|| words.withheld.to_owned(), |name| one_line(name, 160)),
                    one_line(city, 80),
                    one_line(zip, 10),
                    one_line(district, 40),
                    signed_on.to_string(),
                    words.known(*known).to_owned(),
                ],
                comment: comment
                    .as_deref()
                    .map(|comment| one_line(comment, 2_000))
                    .unwrap_or_default(),
            },
            Signer::Withdrawn(signed_on) => Self {
                cells: [
                    number,
                    words.withheld.to_owned(),
                    none(),
                    none(),
                    none(),
                    signed_on.to_string(),
                    words.withdrawn.to_owned(),
                ],
                comment: none(),
            },
            Signer::Erased => Self {
                cells: [
                    number,
                    words.erased.to_owned(),
                    none(),
                    none(),
                    none(),
                    none(),
                    none(),
                ],
                comment: none(),
            },
        }
    }

    /// In points, the gap to the next row included.
    pub(super) fn height(&self) -> f32 {
        let cells = self.cells.iter().zip(COLUMNS);
        let highest = cells
            .map(|(cell, (_, room))| count_lines(CELL.style, cell, CELL.size, room))
            .max();
        let mut count = highest.unwrap_or(1);
        if !self.comment.is_empty() {
            count += count_lines(COMMENT.style, &self.comment, COMMENT.size, COMMENT_ROOM);
        }
        count as f32 * LINE + GAP
    }

    /// Draws it with its upper edge at `y`; gives back where the next one begins.
    pub(super) fn draw(&self, page: &mut Canvas<'_>, y: f32) -> f32 {
        let first = y + LINE - 2.0;
        let mut count = 1;
        for (index, (cell, (x, room))) in self.cells.iter().zip(COLUMNS).enumerate() {
            if index == 0 {
                page.text_to(x + room, first, CELL, cell);
                continue;
            }
            if cell.is_empty() {
                continue;
            }
            let broken = lines(CELL.style, cell, CELL.size, room);
            count = count.max(broken.len());
            for (at, line) in broken.iter().enumerate() {
                page.text(x, first + at as f32 * LINE, CELL, line);
            }
        }
        if !self.comment.is_empty() {
            for line in lines(COMMENT.style, &self.comment, COMMENT.size, COMMENT_ROOM) {
                page.text(COLUMNS[1].0, first + count as f32 * LINE, COMMENT, &line);
                count += 1;
            }
        }
        let end = y + count as f32 * LINE + GAP;
        page.area(
            (COLUMNS[0].0, end - GAP / 2.0),
            (RIGHT - COLUMNS[0].0, 0.4),
            Ink::Rule,
        );
        end
    }
}
