//! The one integration-test binary.

mod assets;
mod harness;
mod rooms;
mod terminal;
mod text;
