//! The one integration-test binary.

mod assets;
mod commands;
mod demo_wire;
mod drill;
mod faults;
mod figures;
mod flows;
mod harness;
mod insights;
mod nab;
mod presets;
mod rooms;
mod screens;
mod sources;
mod terminal;
mod text;
mod themes;
