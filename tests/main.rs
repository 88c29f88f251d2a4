//! The one integration-test binary.

mod harness;
mod rooms;
mod terminal;
mod text;
