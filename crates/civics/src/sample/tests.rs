//! What the sample promises, read back from its files as any program would.

mod oracle;
mod promises;
mod reading;
