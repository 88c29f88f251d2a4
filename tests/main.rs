//! The one integration-test binary.

mod assets;
mod charts;
mod commands;
mod demo_wire;
mod faults;
mod figures;
mod flows;
mod harness;
mod insights;
mod presets;
mod rooms;
mod screens;
mod sources;
mod terminal;
mod text;
mod themes;
