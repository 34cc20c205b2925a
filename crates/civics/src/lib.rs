//! civics
