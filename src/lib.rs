//! Barograph: a full-screen terminal operations console for AWS.

pub mod analysis;
pub mod app;
pub mod board;
pub mod cli;
pub mod clock;
pub mod commands;
pub mod config;
pub mod demo;
pub mod export;
pub mod insights;
pub mod panes;
pub mod sources;
pub mod store;
pub mod text;
pub mod widgets;
