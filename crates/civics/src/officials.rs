//! Who holds which post, from lists that are old, contradict each other and leave things out.

mod label;

pub use label::district_label;
