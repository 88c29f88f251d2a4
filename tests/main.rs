//! The one integration-test binary.

mod alarms;
mod assets;
mod breakdown;
mod changes;
mod charts;
mod commands;
mod demo_wire;
mod drill;
mod faults;
mod feed;
mod figures;
mod filter_patterns;
mod flows;
mod harness;
mod history;
mod insights;
mod nab;
mod presets;
mod rooms;
mod rules;
mod screens;
mod sources;
mod suspects;
mod terminal;
mod text;
mod themes;
