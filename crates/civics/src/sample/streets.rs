//! Streets and how their houses are numbered.
//!
//! A street runs along one line of a lattice. Its style says what it is called and numbered in each block: around a centre with a
//! directional before or after the name, straight on from one end, hyphenated as in Queens, or lettered as in Wisconsin.

/// Which way a street runs; edges are drawn eastward or northward first and turned around later.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Way {
    East,
    North,
}

impl Way {
    fn letter(self, ahead: bool) -> char {
        match (self, ahead) {
            (Self::East, true) => 'E',
            (Self::East, false) => 'W',
            (Self::North, true) => 'N',
            (Self::North, false) => 'S',
        }
    }
}

#[derive(Debug, Clone)]
pub(crate) enum Style {
    /// `E Main St` east of the centre, `W Main St` west of it, hundreds counted from there.
    Centred { centre: usize },
    /// `5th Ave SE`: the street's own side of the centre is fixed, the block's is not.
    Quadrant { centre: usize, side: char },
    /// `West St`: numbered from one end, no directional.
    Straight { first: u32, step: u32 },
    /// `92-10 Rockaway Blvd`: the cross street, then the house.
    Hyphenated { first: u32 },
    /// `N165W21230 Cleveland Ave`: a survey grid, then the house.
    Lettered { grid: String, first: u32, step: u32 },
}

#[derive(Debug, Clone)]
pub(crate) struct Street {
    way: Way,
    /// All names of the street, without the directional that its style adds.
    names: Vec<String>,
    style: Style,
}

/// One block of a street, ready to be given ranges.
#[derive(Debug, Clone)]
pub(crate) struct Block {
    pub(crate) names: Vec<String>,
    /// What stands before the counted part of a number: `92-`, `N165W`, or nothing.
    pub(crate) prefix: String,
    /// Digits of the counted part, padded with zeros.
    pub(crate) width: usize,
    pub(crate) base: u32,
    pub(crate) span: u32,
}

impl Street {
    pub(crate) fn new(way: Way, name: impl Into<String>, style: Style) -> Self {
        Self {
            way,
            names: vec![name.into()],
            style,
        }
    }

    /// The same street under one more name.
    #[must_use]
    pub(crate) fn also(mut self, name: impl Into<String>) -> Self {
        self.names.push(name.into());
        self
    }

    /// What the street is called and numbered in its n-th block.
    pub(crate) fn block(&self, block: usize) -> Block {
        let plain = |base, span| Block {
            names: self.names.clone(),
            prefix: String::new(),
            width: 1,
            base,
            span,
        };
        match &self.style {
            Style::Centred { centre } => {
                let (letter, base) = self.counted_from(block, *centre);
                let names = self
                    .names
                    .iter()
                    .map(|name| format!("{letter} {name}"))
                    .collect();
                Block {
                    names,
                    ..plain(base, 100)
                }
            }
            Style::Quadrant { centre, side } => {
                let (letter, base) = self.counted_from(block, *centre);
                let quadrant = match self.way {
                    Way::East => format!("{side}{letter}"),
                    Way::North => format!("{letter}{side}"),
                };
                let names = self
                    .names
                    .iter()
                    .map(|name| format!("{name} {quadrant}"))
                    .collect();
                Block {
                    names,
                    ..plain(base, 100)
                }
            }
            Style::Straight { first, step } => plain(first + block as u32 * step, *step),
            Style::Hyphenated { first } => Block {
                prefix: format!("{}-", first + block as u32),
                width: 2,
                ..plain(0, 100)
            },
            Style::Lettered { grid, first, step } => Block {
                prefix: grid.clone(),
                ..plain(first + block as u32 * step, *step)
            },
        }
    }

    fn counted_from(&self, block: usize, centre: usize) -> (char, u32) {
        let ahead = block >= centre;
        let hundreds = if ahead {
            block - centre + 1
        } else {
            centre - block
        };
        (self.way.letter(ahead), hundreds as u32 * 100)
    }
}
