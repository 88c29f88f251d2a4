//! The one integration-test binary.

mod assets;
mod figures;
mod harness;
mod insights;
mod rooms;
mod terminal;
mod text;
