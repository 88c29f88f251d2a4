//! Barograph: a full-screen terminal operations console for AWS.
//!
//! ```text
//!  AWS  ─► sources ─► Msg::Feed ─► store.fold ─► pane.view() ─► widgets ─► terminal
//!  keys ─► keymap  ─► Action    ─► update      ─► Effects    ─► Runner  ─► sources
//! ```
//!
//! The rooms: [`app`] (what the program is doing), [`board`] (what to watch), [`config`] (what the user chose),
//! [`sources`] (the only room that knows AWS), [`store`] (what is known), [`analysis`] (what it means), [`local`] (log files of this machine), [`text`] (text
//! that is safe to show), [`panes`] and [`widgets`] (drawing), [`export`] (what is on screen, elsewhere), [`insights`]
//! (the Logs Insights language), [`demo`] (the embedded AWS) and [`commands`] (what prints instead of opening the
//! console). `docs/architecture.md` says how they hang together and which rules hold between them.

pub mod analysis;
pub mod app;
pub mod board;
pub mod cli;
pub mod clock;
pub mod commands;
pub mod config;
pub mod demo;
pub mod export;
pub mod history;
pub mod insights;
pub mod local;
pub mod panes;
pub mod sources;
pub mod store;
pub mod term;
pub mod text;
pub mod widgets;
