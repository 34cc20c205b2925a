//! From a line of text to glyphs in the order in which they are seen.

use super::fonts::{Face, FontId, Style, face};
use krilla::text::{GlyphId, KrillaGlyph};
use rustybuzz::{Direction, UnicodeBuffer};
use std::ops::Range;
use unicode_bidi::{Level, ParagraphBidiInfo};
use unicode_properties::{GeneralCategoryGroup, UnicodeGeneralCategory};

/// Neighbouring glyphs of one font.
pub(crate) struct Piece {
    /// Of which.
    pub(crate) font: FontId,
    /// What it says; the glyphs' ranges are of this.
    pub(crate) text: String,
    /// Where that begins in the line.
    pub(crate) offset: usize,
    /// From left to right, measured in ems.
    pub(crate) glyphs: Vec<KrillaGlyph>,
    /// In ems.
    pub(crate) width: f32,
}

/// A line, from left to right.
#[derive(Default)]
pub(crate) struct Shaped {
    pub(crate) pieces: Vec<Piece>,
    /// In ems.
    pub(crate) width: f32,
}

/// Shapes one line. Its base direction is left to right; what runs the other way does so within it.
pub(crate) fn shape(style: Style, text: &str) -> Shaped {
    if is_plain(text) {
        let piece = plain(style, text);
        return Shaped {
            width: piece.width,
            pieces: vec![piece],
        };
    }
    let bidi = ParagraphBidiInfo::new(text, Some(Level::ltr()));
    let (levels, runs) = bidi.visual_runs(0..text.len());
    let mut shaped = Shaped::default();
    for run in runs {
        let is_rtl = levels.get(run.start).is_some_and(Level::is_rtl);
        let mut spans = by_font(style, text, run);
        if is_rtl {
            spans.reverse();
        }
        for (font, span) in spans {
            let piece = piece(font, &text[span.clone()], span.start, is_rtl);
            shaped.width += piece.width;
            shaped.pieces.push(piece);
        }
    }
    shaped
}

/// The width of one line, in ems.
pub(crate) fn width(style: Style, text: &str) -> f32 {
    if is_plain(text) && !is_kerned(style) {
        let ascii = &face(style.font()).ascii;
        let widths = text.bytes().map(|byte| ascii[usize::from(byte - b' ')].1);
        return widths.sum();
    }
    shape(style, text).width
}

fn is_plain(text: &str) -> bool {
    text.bytes().all(|byte| matches!(byte, b' '..=b'~'))
}

/// A letter is set with kerning; tables of ten thousand names are not, which nobody sees at their size.
fn is_kerned(style: Style) -> bool {
    matches!(style, Style::Serif | Style::SerifBold)
}

fn plain(style: Style, text: &str) -> Piece {
    let font = style.font();
    if is_kerned(style) {
        return piece(font, text, 0, false);
    }
    let ascii = &face(font).ascii;
    let mut width = 0.0;
    let glyphs = (0..)
        .zip(text.bytes())
        .map(|(at, byte)| {
            let (glyph, advance) = ascii[usize::from(byte - b' ')];
            width += advance;
            let glyph = GlyphId::new(glyph);
            KrillaGlyph::new(glyph, advance, 0.0, 0.0, 0.0, at..at + 1, None)
        })
        .collect();
    Piece {
        font,
        text: text.to_owned(),
        offset: 0,
        glyphs,
        width,
    }
}

/// A run of one direction in spans of one font each, in the order in which it is read. Blanks, digits, punctuation, marks and joiners stay
/// with the letters before them where that font holds them.
fn by_font(style: Style, text: &str, run: Range<usize>) -> Vec<(FontId, Range<usize>)> {
    let mut spans: Vec<(FontId, Range<usize>)> = Vec::new();
    for (at, character) in text[run.clone()].char_indices() {
        let at = run.start + at;
        let end = at + character.len_utf8();
        let last = spans.last().map(|(font, _)| *font);
        let font = match last {
            Some(last) if stays(character, last) => last,
            _ => style.font_for(character).unwrap_or(style.font()),
        };
        match spans.last_mut() {
            Some((known, span)) if *known == font => span.end = end,
            _ => spans.push((font, at..end)),
        }
    }
    spans
}

fn stays(character: char, font: FontId) -> bool {
    match character.general_category_group() {
        GeneralCategoryGroup::Mark => true,
        GeneralCategoryGroup::Other => matches!(character, '\u{200C}' | '\u{200D}'),
        GeneralCategoryGroup::Letter => false,
        _ => face(font).holds(character),
    }
}

fn piece(font: FontId, text: &str, offset: usize, is_rtl: bool) -> Piece {
    let face: &Face = face(font);
    let mut buffer = UnicodeBuffer::new();
    buffer.push_str(text);
    buffer.guess_segment_properties();
    buffer.set_direction(if is_rtl {
        Direction::RightToLeft
    } else {
        Direction::LeftToRight
    });
    let output = rustybuzz::shape(&face.shaper, &[], buffer);
    let infos = output.glyph_infos();
    let mut starts: Vec<usize> = infos.iter().map(|info| info.cluster as usize).collect();
    starts.push(text.len());
    starts.sort_unstable();
    starts.dedup();
    let mut width = 0.0;
    let mut glyphs = Vec::with_capacity(infos.len());
    for (info, at) in infos.iter().zip(output.glyph_positions()) {
        let start = info.cluster as usize;
        let next = starts.partition_point(|known| *known <= start);
        let end = starts.get(next).copied().unwrap_or(text.len());
        let ems = |units: i32| units as f32 / face.units;
        width += ems(at.x_advance);
        glyphs.push(KrillaGlyph::new(
            GlyphId::new(info.glyph_id),
            ems(at.x_advance),
            ems(at.x_offset),
            ems(at.y_offset),
            ems(at.y_advance),
            start..end,
            None,
        ));
        if info.glyph_id == 0 {
            // Readers do not look up what a box stands for; two glyphs of one cluster have it written beside them.
            let blank = GlyphId::new(face.ascii[0].0);
            glyphs.push(KrillaGlyph::new(
                blank,
                0.0,
                0.0,
                0.0,
                0.0,
                start..end,
                None,
            ));
        }
    }
    Piece {
        font,
        text: text.to_owned(),
        offset,
        glyphs,
        width,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_runs_from_the_right_is_seen_in_its_order_and_said_in_its_own() {
        let shaped = shape(Style::Sans, "Dr. משה לוי, Esq.");
        let texts: Vec<&str> = shaped.pieces.iter().map(|it| it.text.as_str()).collect();
        assert_eq!(texts.concat(), "Dr. משה לוי, Esq.");
        let hebrew = &shaped.pieces[1];
        assert!(hebrew.text.starts_with('מ'));
        // The first letter of the name is the rightmost glyph.
        assert_eq!(hebrew.glyphs.last().unwrap().text_range.start, 0);
    }

    #[test]
    fn a_character_without_a_font_is_a_box_that_says_what_it_is() {
        let shaped = shape(Style::Sans, "李 Li");
        let first = &shaped.pieces[0].glyphs[0];
        assert_eq!(first.glyph_id, GlyphId::new(0));
        assert_eq!(&shaped.pieces[0].text[first.text_range.clone()], "李");
        assert!(first.x_advance > 0.3);
    }

    #[test]
    fn widths_agree_with_what_is_shaped() {
        for style in [Style::Serif, Style::Sans] {
            let text = "Elena Ruiz, 925";
            assert!((width(style, text) - shape(style, text).width).abs() < 1e-4);
        }
    }
}
