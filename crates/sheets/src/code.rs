//! A QR code (ISO/IEC 18004) as squares on a page.

use crate::error::SheetError;
use qrcode::{Color, EcLevel, QrCode};

/// Where the dark squares of a code are: runs of them, row by row.
pub(crate) struct Code {
    /// Squares to a side, without the margin.
    pub(crate) side: usize,
    /// Column, row and length of each run.
    pub(crate) runs: Vec<(usize, usize, usize)>,
}

/// Light squares around a code, without which readers do not find it.
pub(crate) const MARGIN: usize = 4;

impl Code {
    /// Of a text. A fifth of the squares may be lost where there is room for that much.
    pub(crate) fn of(text: &str) -> Result<Self, SheetError> {
        let code = QrCode::with_error_correction_level(text, EcLevel::M)
            .or_else(|_| QrCode::with_error_correction_level(text, EcLevel::L))
            .map_err(|_| SheetError::Code)?;
        let side = code.width();
        let colors = code.into_colors();
        let mut runs = Vec::new();
        for (row, squares) in colors.chunks(side).enumerate() {
            let mut column = 0;
            while column < side {
                let dark = squares[column..]
                    .iter()
                    .take_while(|it| **it == Color::Dark);
                let length = dark.count();
                if length > 0 {
                    runs.push((column, row, length));
                }
                column += length.max(1);
            }
        }
        Ok(Self { side, runs })
    }
}
