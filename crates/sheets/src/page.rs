//! What is put on pages, and how it gets there.

use crate::code::{Code, MARGIN};
use crate::error::SheetError;
use crate::language::Language;
use crate::text::fonts::{Style, face};
use crate::text::shape::{Shaped, shape};
use krilla::Document;
use krilla::SerializeSettings;
use krilla::action::{Action, LinkAction};
use krilla::annotation::{LinkAnnotation, Target};
use krilla::color::rgb;
use krilla::geom::{PathBuilder, Point, Rect};
use krilla::metadata::Metadata;
use krilla::page::{Page, PageSettings};
use krilla::paint::Fill;
use krilla::surface::Surface;

/// US Letter, in points.
pub(crate) const WIDTH: f32 = 612.0;
/// Its height.
pub(crate) const HEIGHT: f32 = 792.0;

/// A colour, dark enough for a copier.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Ink {
    /// Text.
    Black,
    /// Small print.
    Quiet,
    /// What guides the eye.
    Accent,
    /// Lines of a table.
    Rule,
}

impl Ink {
    fn fill(self) -> Fill {
        let color = match self {
            Self::Black => rgb::Color::new(28, 27, 24),
            Self::Quiet => rgb::Color::new(93, 90, 82),
            Self::Accent => rgb::Color::new(15, 90, 83),
            Self::Rule => rgb::Color::new(217, 213, 202),
        };
        Fill {
            paint: color.into(),
            ..Fill::default()
        }
    }
}

/// How a line is set: face, size in points, colour.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Type {
    pub(crate) style: Style,
    pub(crate) size: f32,
    pub(crate) ink: Ink,
}

impl Type {
    /// A way to set lines.
    pub(crate) const fn new(style: Style, size: f32, ink: Ink) -> Self {
        Self { style, size, ink }
    }
}

/// Pages under way.
pub(crate) struct Sheets {
    document: Document,
}

impl Sheets {
    /// None yet. `title`, `author` and the language are what a reader's program shows of the file.
    pub(crate) fn new(title: &str, author: &str, language: Language) -> Self {
        let mut document = Document::new_with(SerializeSettings::default());
        document.set_metadata(
            Metadata::new()
                .title(title.to_owned())
                .authors(vec![author.to_owned()])
                .creator("Redress".to_owned())
                .language(language.code().to_owned()),
        );
        Self { document }
    }

    /// Draws one more page.
    pub(crate) fn page(&mut self, draw: impl FnOnce(&mut Canvas<'_>)) -> Result<(), SheetError> {
        let settings = PageSettings::from_wh(WIDTH, HEIGHT)
            .ok_or_else(|| SheetError::Drawing("no such size".to_owned()))?;
        let mut page = self.document.start_page_with(settings);
        let links = {
            let mut canvas = Canvas {
                surface: page.surface(),
                links: Vec::new(),
            };
            draw(&mut canvas);
            std::mem::take(&mut canvas.links)
        };
        for (area, url) in links {
            link(&mut page, area, url);
        }
        page.finish();
        Ok(())
    }

    /// The file.
    pub(crate) fn finish(self) -> Result<Vec<u8>, SheetError> {
        let written = self.document.finish();
        written.map_err(|error| SheetError::Drawing(format!("{error:?}")))
    }
}

fn link(page: &mut Page<'_>, area: Rect, url: String) {
    let target = Target::Action(Action::Link(LinkAction::new(url)));
    page.add_annotation(LinkAnnotation::new(area, target).into());
}

/// One page. Points are counted from its upper left corner; a line's is where its letters stand.
pub(crate) struct Canvas<'page> {
    surface: Surface<'page>,
    links: Vec<(Rect, String)>,
}

impl Canvas<'_> {
    /// A line that begins at a point.
    pub(crate) fn text(&mut self, x: f32, y: f32, set: Type, text: &str) {
        self.shaped(x, y, set, &shape(set.style, text));
    }

    /// A line that ends at a point.
    pub(crate) fn text_to(&mut self, right: f32, y: f32, set: Type, text: &str) {
        let shaped = shape(set.style, text);
        self.shaped(right - shaped.width * set.size, y, set, &shaped);
    }

    fn shaped(&mut self, x: f32, y: f32, set: Type, shaped: &Shaped) {
        self.surface.set_fill(Some(set.ink.fill()));
        let mut x = x;
        for piece in &shaped.pieces {
            let font = face(piece.font).font.clone();
            let start = Point::from_xy(x, y);
            self.surface
                .draw_glyphs(start, &piece.glyphs, font, &piece.text, set.size, false);
            x += piece.width * set.size;
        }
    }

    /// A filled area.
    pub(crate) fn area(&mut self, (x, y): (f32, f32), (wide, high): (f32, f32), ink: Ink) {
        let mut path = PathBuilder::new();
        path.push_rect_at(x, y, wide, high);
        self.fill(path, ink);
    }

    /// A code within a square that holds its margin too.
    pub(crate) fn code(&mut self, (x, y): (f32, f32), side: f32, code: &Code) {
        let square = side / (code.side + 2 * MARGIN) as f32;
        let mut path = PathBuilder::new();
        for (column, row, length) in &code.runs {
            path.push_rect_at(
                x + (column + MARGIN) as f32 * square,
                y + (row + MARGIN) as f32 * square,
                *length as f32 * square,
                square,
            );
        }
        self.fill(path, Ink::Black);
    }

    /// An area that opens an address.
    pub(crate) fn link(&mut self, (x, y): (f32, f32), (wide, high): (f32, f32), url: &str) {
        let area = Rect::from_xywh(x, y, wide, high);
        self.links.extend(area.map(|area| (area, url.to_owned())));
    }

    fn fill(&mut self, path: PathBuilder, ink: Ink) {
        self.surface.set_fill(Some(ink.fill()));
        if let Some(path) = path.finish() {
            self.surface.draw_path(&path);
        }
    }
}

/// A rectangle by its corner and size.
trait PushRectAt {
    fn push_rect_at(&mut self, x: f32, y: f32, wide: f32, high: f32);
}

impl PushRectAt for PathBuilder {
    fn push_rect_at(&mut self, x: f32, y: f32, wide: f32, high: f32) {
        if let Some(area) = Rect::from_xywh(x, y, wide, high) {
            self.push_rect(area);
        }
    }
}
