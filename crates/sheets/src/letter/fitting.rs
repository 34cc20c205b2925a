//! One page, whatever has to stand on it: the same parts are laid out at one size after another, until they fit.

use super::words::{Row, Said};
use crate::code::Code;
use crate::error::SheetError;
use crate::page::{Canvas, HEIGHT, Ink, Type, WIDTH};
use crate::text::fonts::Style;
use crate::text::shape::width;
use crate::text::wrap::Measured;

const LEFT: f32 = 66.0;
const RIGHT: f32 = WIDTH - 66.0;
const TOP: f32 = 58.0;
const BOTTOM: f32 = HEIGHT - 46.0;
const ROOM: f32 = RIGHT - LEFT;

/// The code's side, its margin included.
const CODE: f32 = 106.0;
/// Where what is below begins.
const FOOT: f32 = BOTTOM - CODE;

/// Sizes of type, tried in this order.
const SIZES: [f32; 5] = [11.0, 10.5, 10.0, 9.5, 9.0];
/// Sizes where the ask is cut; the last three are for names and places of absurd length.
const CUT_SIZES: [f32; 8] = [10.0, 9.5, 9.0, 8.5, 8.0, 7.5, 7.0, 6.5];
/// Other districts in the table, tried in this order.
const DISTRICTS: [usize; 3] = [8, 4, 0];
/// An ask is cut to no less than this while type can still shrink.
const FEWEST_LINES: usize = 4;

/// Something on the page.
pub(super) enum Mark {
    /// A line from a point to the right.
    Text(f32, f32, Type, String),
    /// A line that ends at a point.
    TextTo(f32, f32, Type, String),
    /// A filled area: corner, size.
    Area((f32, f32), (f32, f32), Ink),
    /// The code: corner, side.
    Code((f32, f32), f32),
    /// An area that opens an address.
    Link((f32, f32), (f32, f32), String),
}

impl Mark {
    /// Puts it on a page.
    pub(super) fn draw(&self, page: &mut Canvas<'_>, code: &Code) {
        match self {
            Self::Text(x, y, set, text) => page.text(*x, *y, *set, text),
            Self::TextTo(x, y, set, text) => page.text_to(*x, *y, *set, text),
            Self::Area(corner, size, ink) => page.area(*corner, *size, *ink),
            Self::Code(corner, side) => page.code(*corner, *side, code),
            Self::Link(corner, size, url) => page.link(*corner, *size, url),
        }
    }
}

/// The marks of a page on which everything has its place.
pub(super) fn fitted(said: &Said) -> Result<Vec<Mark>, SheetError> {
    let ask = Ask::of(said);
    let foot = footing(said);
    // Whole, as large as may be.
    for districts in DISTRICTS {
        for size in SIZES {
            let page = laid(said, size, districts, &ask.lines(size, None));
            if page.y <= FOOT && !said.ask_goes_on {
                return Ok(page.with(foot));
            }
        }
        if said.districts.len() <= districts {
            break;
        }
    }
    // Cut, as large as may be.
    for (districts, fewest, sizes) in [
        (4, FEWEST_LINES, &CUT_SIZES[..CUT_SIZES.len() - 3]),
        (0, FEWEST_LINES, &CUT_SIZES[..CUT_SIZES.len() - 3]),
        (0, 0, &CUT_SIZES[..]),
    ] {
        for &size in sizes {
            let bare = laid(said, size, districts, &ask.lines(size, Some(0)));
            let left = FOOT - bare.y;
            if left < 0.0 {
                continue;
            }
            let lines = (left / leading(size)) as usize;
            let page = laid(said, size, districts, &ask.lines(size, Some(lines)));
            if lines >= fewest && page.y <= FOOT {
                return Ok(page.with(foot));
            }
        }
    }
    Err(SheetError::Overfull)
}

fn leading(size: f32) -> f32 {
    size * 1.34
}

/// The ask, measured once.
struct Ask<'a> {
    paragraphs: Vec<Measured>,
    goes_on: bool,
    cut: &'a str,
}

/// The lines of an ask; `None` is half a line between paragraphs.
type AskLines = Vec<Option<String>>;

impl<'a> Ask<'a> {
    fn of(said: &'a Said) -> Self {
        let measured = said.ask.iter();
        Self {
            paragraphs: measured.map(|it| Measured::new(Style::Serif, it)).collect(),
            goes_on: said.ask_goes_on,
            cut: &said.cut,
        }
    }

    /// At a size, at most so many lines, and then what says that it goes on.
    fn lines(&self, size: f32, most: Option<usize>) -> AskLines {
        let mut lines: AskLines = Vec::new();
        for paragraph in &self.paragraphs {
            if !lines.is_empty() {
                lines.push(None);
            }
            lines.extend(paragraph.lines(size, ROOM - 14.0).into_iter().map(Some));
        }
        let Some(most) = most else {
            return lines;
        };
        if lines.len() <= most && !self.goes_on {
            return lines;
        }
        lines.truncate(most);
        while lines.last().is_some_and(Option::is_none) {
            lines.pop();
        }
        if let Some(Some(last)) = lines.last_mut() {
            // The last words make place for the ellipsis.
            while width(Style::Serif, last) * size + size > ROOM - 14.0
                && let Some((kept, _)) = last.rsplit_once(' ')
            {
                *last = kept.to_owned();
            }
            last.push_str(" …");
        }
        lines.push(Some(self.cut.to_owned()));
        lines
    }
}

/// A page on the way down.
struct Page {
    marks: Vec<Mark>,
    y: f32,
}

impl Page {
    fn with(mut self, others: Vec<Mark>) -> Vec<Mark> {
        self.marks.extend(others);
        self.marks
    }

    /// One line; the next one stands below it.
    fn line(&mut self, x: f32, set: Type, leading: f32, text: &str) {
        self.marks.push(Mark::Text(x, self.y, set, text.to_owned()));
        self.y += leading;
    }

    /// A text, broken into at most `most` lines.
    fn text(&mut self, x: f32, room: f32, set: Type, leading: f32, text: &str, most: usize) {
        let lines = Measured::new(set.style, text).lines(set.size, room);
        for line in lines.iter().take(most) {
            self.line(x, set, leading, line);
        }
    }
}

/// Everything above the foot; `y` is where the next line would stand.
fn laid(said: &Said, size: f32, districts: usize, ask: &[Option<String>]) -> Page {
    let body = Type::new(Style::Serif, size, Ink::Black);
    let small = Type::new(Style::Sans, 8.5, Ink::Quiet);
    let head = Type::new(Style::SansBold, 8.5, Ink::Accent);
    let (lead, gap) = (leading(size), size * 0.62);
    let mut page = Page {
        marks: Vec::new(),
        y: TOP,
    };
    let name = Type::new(Style::SerifBold, 15.0, Ink::Black);
    page.text(LEFT, ROOM, name, 18.0, &said.organization, 2);
    page.y -= 4.0;
    page.text(LEFT, ROOM, small, 11.0, &said.sender, 3);
    let rule = (LEFT, page.y - 5.0);
    page.marks.push(Mark::Area(rule, (ROOM, 1.4), Ink::Accent));
    page.y += 12.0 + gap;

    let date = Mark::TextTo(RIGHT, page.y, body, said.date.clone());
    page.marks.push(date);
    for line in &said.addressee {
        page.text(LEFT, ROOM - 130.0, body, lead, line, 2);
    }
    page.y += gap;
    page.text(LEFT, ROOM, head, 11.5, &said.which, 2);
    page.y += gap;
    page.text(LEFT, ROOM, body, lead, &said.salutation, 2);
    page.y += gap;
    page.text(LEFT, ROOM, body, lead, &said.opening, usize::MAX);
    page.y += gap;
    if let Some(caution) = &said.caution {
        page.text(LEFT, ROOM, body, lead, caution, usize::MAX);
        page.y += gap;
    }
    if !ask.is_empty() {
        lay_ask(&mut page, said, (body, head), ask);
        page.y += gap;
    }
    if let Some(standing) = &said.standing {
        page.text(LEFT, ROOM, body, lead, standing, usize::MAX);
        page.y += gap;
    }
    lay_counts(&mut page, said, districts);
    page.y += gap;
    page.text(LEFT, ROOM, body, lead, &said.answer, usize::MAX);
    page.y += gap;
    page.line(LEFT, body, lead, &said.closing);
    page.text(
        LEFT,
        ROOM,
        Type {
            style: Style::SerifBold,
            ..body
        },
        lead,
        &said.organization,
        1,
    );
    page
}

fn lay_ask(page: &mut Page, said: &Said, (body, head): (Type, Type), ask: &[Option<String>]) {
    let lead = leading(body.size);
    page.line(LEFT, head, 4.0 + lead, &said.ask_heading);
    let top = page.y - body.size;
    for line in ask {
        match line {
            Some(line) if *line == said.cut => {
                let set = Type {
                    ink: Ink::Quiet,
                    ..body
                };
                page.line(LEFT + 14.0, set, lead, line);
            }
            Some(line) => page.line(LEFT + 14.0, body, lead, line),
            None => page.y += lead / 2.0,
        }
    }
    let high = page.y - lead - top + 3.0;
    page.marks
        .push(Mark::Area((LEFT + 3.0, top), (2.0, high), Ink::Rule));
}

/// The table to the left, how the signers are known to the right.
fn lay_counts(page: &mut Page, said: &Said, districts: usize) {
    const LINE: f32 = 13.0;
    const TABLE: f32 = 268.0;
    let small = Type::new(Style::Sans, 9.0, Ink::Black);
    let head = Type::new(Style::SansBold, 8.5, Ink::Accent);
    let top = page.y;
    let (new, total) = (LEFT + TABLE - 62.0, LEFT + TABLE);
    let mut y = top;
    let columns = Type::new(Style::Sans, 8.0, Ink::Quiet);
    page.marks
        .push(Mark::TextTo(new, y, columns, said.new.clone()));
    page.marks
        .push(Mark::TextTo(total, y, columns, said.total.clone()));
    page.marks
        .push(Mark::Area((LEFT, y + 3.5), (TABLE, 0.9), Ink::Black));
    y += LINE;
    let shown = said.districts.iter().take(districts);
    let is_cut = said.districts.len() > districts;
    for (index, row) in said.rows.iter().chain(shown).enumerate() {
        let style = if index == 0 {
            Style::SansBold
        } else {
            Style::Sans
        };
        let set = Type { style, ..small };
        lay_row(page, row, set, (y, new, total));
        y += LINE;
    }
    if is_cut {
        page.marks
            .push(Mark::Text(LEFT, y, columns, said.more_districts.clone()));
        y += LINE;
    }
    let x = LEFT + TABLE + 26.0;
    let mut right = Page {
        marks: Vec::new(),
        y: top,
    };
    right.text(x, RIGHT - x, head, 12.0, &said.known_heading, 2);
    right.y += 2.0;
    for line in &said.known {
        right.text(x, RIGHT - x, small, 12.0, line, 2);
    }
    page.marks.append(&mut right.marks);
    page.y = y.max(right.y) + 2.0;
}

fn lay_row(page: &mut Page, row: &Row, set: Type, (y, new, total): (f32, f32, f32)) {
    let label = Measured::new(set.style, &row.label).lines(set.size, new - LEFT - 44.0);
    let label = match label.as_slice() {
        [] => String::new(),
        [one] => one.clone(),
        [first, ..] => format!("{first}…"),
    };
    page.marks.push(Mark::Text(LEFT, y, set, label));
    page.marks.push(Mark::TextTo(new, y, set, row.new.clone()));
    page.marks
        .push(Mark::TextTo(total, y, set, row.total.clone()));
    page.marks
        .push(Mark::Area((LEFT, y + 3.2), (total - LEFT, 0.5), Ink::Rule));
}

/// The code, its address in plain text, the hashes.
fn footing(said: &Said) -> Vec<Mark> {
    let top = FOOT;
    let x = LEFT + CODE + 6.0;
    let small = Type::new(Style::Sans, 8.5, Ink::Black);
    let link = Type::new(Style::Sans, 8.5, Ink::Accent);
    let label = Type::new(Style::Sans, 7.0, Ink::Quiet);
    let hash = Type::new(Style::Sans, 7.5, Ink::Black);
    let mut page = Page {
        marks: vec![
            Mark::Area((LEFT, top), (ROOM, 0.8), Ink::Rule),
            // The code's own margin is where its left edge would be.
            Mark::Code((LEFT - 10.0, top + 2.0), CODE),
            Mark::Link(
                (LEFT, top + 8.0),
                (CODE - 16.0, CODE - 8.0),
                said.verify_url.clone(),
            ),
        ],
        y: top + 17.0,
    };
    page.text(x, RIGHT - x, small, 11.0, &said.verify, 3);
    let from = page.y - 9.0;
    page.text(x, RIGHT - x, link, 11.0, &said.verify_url, 3);
    let high = page.y - from;
    page.marks.push(Mark::Link(
        (x, from),
        (RIGHT - x, high),
        said.verify_url.clone(),
    ));
    page.y += 1.0;
    for (name, value) in &said.hashes {
        page.line(x, label, 9.0, &format!("{name} {}", said.foot));
        page.line(x, hash, 11.0, value);
    }
    page.marks
}
