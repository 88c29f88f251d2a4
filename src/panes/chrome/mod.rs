//! What stands around the panes and over them: header, footer, notices, and the overlays that take the keys.
//!
//! Each overlay is a value with `on_key`, `on_paste` where it has an input, and `draw`. None knows the program around
//! it: what a key means comes back as an [`OverlayOutcome`].

use crate::app::action::Action;
use crate::panes::Ask;
use crate::store::window::Window;

pub mod acknowledge;
pub mod export;
pub mod filter;
pub mod footer;
pub mod header;
pub mod help;
pub mod input;
pub mod jump;
pub mod notice;
pub mod palette;
pub mod popup;
pub mod problems;
pub mod prompt;
pub mod range;

pub use acknowledge::{Acknowledge, Matter, Remark};
pub use export::{ExportBox, ExportChoice, Wanted, What};
pub use filter::FilterLine;
pub use footer::draw_footer;
pub use header::{Header, Pulse};
pub use help::Help;
pub use jump::JumpLine;
pub use notice::{Notice, Tone};
pub use palette::Palette;
pub use problems::Problems;
pub use prompt::Prompt;
pub use range::RangePicker;

/// What came of a key in an overlay.
#[derive(Debug, Clone, PartialEq)]
pub enum OverlayOutcome {
    /// It stays open.
    Stay,
    /// It closes and nothing happens.
    Close,
    /// It closes and the action runs.
    Run(Action),
    /// It closes and the screen shows this window.
    Window(Window),
    /// It closes and this is exported.
    Export(Box<Wanted>),
    /// It closes and this is said about an alarm or a rule.
    Say(Remark),
    /// It closes and the screen goes to this instant.
    Jump(crate::clock::Time),
    /// This was typed into a prompt.
    Answer(Ask, String),
    /// The filter reads so now; `done` closes the line.
    Filter {
        /// The filter's text.
        text: String,
        /// Whether the line closes.
        done: bool,
    },
}

#[cfg(test)]
mod tests;
