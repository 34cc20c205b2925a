//! The fonts: which there are, and which holds a character. Each is unpacked when a character first asks for it.

use flate2::read::GzDecoder;
use krilla::text::Font;
use std::io::Read;
use std::sync::OnceLock;

/// A face that text is set in; other scripts come in from their own fonts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Style {
    /// What is read as a letter.
    Serif,
    /// The letter's names.
    SerifBold,
    /// Tables and small print.
    Sans,
    /// Their heads.
    SansBold,
}

/// A font by its place in the table.
pub(crate) type FontId = usize;

/// A font in use.
pub(crate) struct Face {
    /// For the shaper.
    pub(crate) shaper: rustybuzz::Face<'static>,
    /// For the page.
    pub(crate) font: Font,
    /// Units to an em.
    pub(crate) units: f32,
    /// Glyph and width, in ems, of the printable characters of ASCII.
    pub(crate) ascii: Vec<(u32, f32)>,
}

impl Face {
    /// Whether it holds a character.
    pub(crate) fn holds(&self, character: char) -> bool {
        self.shaper.glyph_index(character).is_some()
    }
}

struct Packed {
    bytes: &'static [u8],
    /// First and last character, in pairs: where the font is looked at. What it holds there its own table says.
    ranges: &'static [(u32, u32)],
}

macro_rules! packed {
    ($($file:literal: $($first:literal - $last:literal),*;)*) => {
        [$(Packed {
            bytes: include_bytes!(concat!("../../fonts/", $file, ".ttf.gz")),
            ranges: &[$(($first, $last)),*],
        }),*]
    };
}

const FONTS: usize = 29;

static PACKED: [Packed; FONTS] = packed! {
    "serif": 0x20 - 0x2BFF, 0xFB00 - 0xFB06;
    "serif-bold": 0x20 - 0x2BFF;
    "sans": 0x20 - 0x2BFF, 0xFB00 - 0xFB06;
    "sans-bold": 0x20 - 0x2BFF;
    "hebrew": 0x590 - 0x5FF, 0xFB1D - 0xFB4F;
    "arabic": 0x600 - 0x6FF, 0x750 - 0x77F, 0x8A0 - 0x8FF;
    "armenian": 0x530 - 0x58F;
    "georgian": 0x10A0 - 0x10FF, 0x1C90 - 0x1CBF;
    "devanagari": 0x900 - 0x97F;
    "bengali": 0x980 - 0x9FF;
    "gurmukhi": 0xA00 - 0xA7F;
    "gujarati": 0xA80 - 0xAFF;
    "oriya": 0xB00 - 0xB7F;
    "tamil": 0xB80 - 0xBFF;
    "telugu": 0xC00 - 0xC7F;
    "kannada": 0xC80 - 0xCFF;
    "malayalam": 0xD00 - 0xD7F;
    "sinhala": 0xD80 - 0xDFF;
    "thai": 0xE00 - 0xE7F;
    "lao": 0xE80 - 0xEFF;
    "myanmar": 0x1000 - 0x109F;
    "ethiopic": 0x1200 - 0x139F;
    "cherokee": 0x13A0 - 0x13FF, 0xAB70 - 0xABBF;
    "canadian-aboriginal": 0x1400 - 0x167F;
    "khmer": 0x1780 - 0x17FF;
    "thaana": 0x780 - 0x7BF;
    "nko": 0x7C0 - 0x7FF;
    "tifinagh": 0x2D30 - 0x2D7F;
    "osage": 0x104B0 - 0x104FF;
};

/// How many of the first fonts are faces of their own rather than other scripts.
const FACES: usize = 4;

static UNPACKED: [OnceLock<Face>; FONTS] = [const { OnceLock::new() }; FONTS];

/// A font, unpacked at the first call.
pub(crate) fn face(id: FontId) -> &'static Face {
    UNPACKED[id].get_or_init(|| unpacked(PACKED[id].bytes))
}

#[expect(
    clippy::expect_used,
    reason = "the files are part of the program; a test opens every one"
)]
fn unpacked(packed: &'static [u8]) -> Face {
    let mut bytes = Vec::new();
    GzDecoder::new(packed)
        .read_to_end(&mut bytes)
        .expect("a font of the program unpacks");
    // Once for as long as the program runs: what the shaper and the writer of pages read from.
    let bytes: &'static [u8] = bytes.leak();
    let shaper = rustybuzz::Face::from_slice(bytes, 0).expect("a font of the program reads");
    let font = Font::new(bytes.into(), 0).expect("a font of the program reads");
    let units = shaper.units_per_em() as f32;
    let ascii = (' '..='~')
        .map(|character| {
            let glyph = shaper.glyph_index(character).unwrap_or_default();
            let width = shaper.glyph_hor_advance(glyph).unwrap_or_default();
            (u32::from(glyph.0), f32::from(width) / units)
        })
        .collect();
    Face {
        shaper,
        font,
        units,
        ascii,
    }
}

impl Style {
    /// Its own font.
    pub(crate) fn font(self) -> FontId {
        match self {
            Self::Serif => 0,
            Self::SerifBold => 1,
            Self::Sans => 2,
            Self::SansBold => 3,
        }
    }

    /// The font for what its own lacks of Latin, Greek and Cyrillic.
    fn regular(self) -> FontId {
        match self {
            Self::Serif | Self::SerifBold => 0,
            Self::Sans | Self::SansBold => 2,
        }
    }

    /// The font that holds a character: its own if it does, else another's; `None` when no font does.
    pub(crate) fn font_for(self, character: char) -> Option<FontId> {
        let code = u32::from(character);
        let is_near = |id: FontId| {
            let mut ranges = PACKED[id].ranges.iter();
            ranges.any(|(first, last)| (*first..=*last).contains(&code))
        };
        [self.font(), self.regular()]
            .into_iter()
            .chain(FACES..FONTS)
            .find(|id| is_near(*id) && face(*id).holds(character))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_font_unpacks_and_holds_what_it_is_there_for() {
        for (id, packed) in PACKED.iter().enumerate() {
            let (first, last) = packed.ranges[0];
            let mut characters = (first..=last).filter_map(char::from_u32);
            assert!(characters.any(|it| face(id).holds(it)), "font {id}");
        }
    }

    #[test]
    fn each_script_has_its_font_and_han_has_none() {
        for (text, font) in [
            ("É", 0),
            ("Ж", 0),
            ("ש", 4),
            ("م", 5),
            ("Ա", 6),
            ("अ", 8),
            ("த", 13),
            ("ไ", 18),
            ("ᏣᎳᎩ", 22),
            ("ខ", 24),
            ("𐓏", 28),
        ] {
            let character = text.chars().next().unwrap();
            assert_eq!(Style::Serif.font_for(character), Some(font), "{text}");
        }
        assert_eq!(Style::Sans.font_for('李'), None);
        assert_eq!(Style::SerifBold.font_for('Ж'), Some(0));
    }
}
