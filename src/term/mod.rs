//! The terminal guard: raw mode and the alternate screen, given back however the program ends.

use std::io::{self, Write};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use crossterm::event::{DisableBracketedPaste, EnableBracketedPaste};
use crossterm::terminal::{EnterAlternateScreen, LeaveAlternateScreen, disable_raw_mode, enable_raw_mode};
use crossterm::{cursor, execute};
use ratatui::Terminal;

pub mod thrifty;

use thrifty::Thrifty;

/// The terminal that the console draws on.
pub type Screen = Terminal<Thrifty<io::BufWriter<io::Stdout>>>;

/// Bytes that one frame may gather before it is written; a full repaint of 300×90 cells fits.
const FRAME_BYTES: usize = 256 * 1024;

/// The exit status of a program that ended by panic, as Rust's own runtime gives it.
const PANICKED: i32 = 101;

/// Owns the terminal's state; dropping it restores the terminal.
#[derive(Debug)]
pub struct Guard {
    active: Arc<AtomicBool>,
}

impl Guard {
    /// Takes the terminal, and sees to it that a panic in any thread gives it back before its message is printed.
    ///
    /// # Errors
    /// Where stdout is no terminal, or does not take the mode.
    pub fn take() -> io::Result<(Self, Screen)> {
        let guard = Self { active: Arc::new(AtomicBool::new(false)) };
        let active = Arc::clone(&guard.active);
        let inherited = std::panic::take_hook();
        std::panic::set_hook(Box::new(move |info| {
            let was_active = active.swap(false, Ordering::SeqCst);
            if was_active {
                restore();
            }
            inherited(info);
            if was_active {
                // A screen that lost one of its threads would show old data as if it were live: end instead.
                std::process::exit(PANICKED);
            }
        }));
        guard.enter()?;
        let writer = io::BufWriter::with_capacity(FRAME_BYTES, io::stdout());
        let screen = Terminal::new(Thrifty::new(writer))?;
        Ok((guard, screen))
    }

    /// Enters raw mode and the alternate screen.
    ///
    /// # Errors
    /// Where the terminal does not take the mode.
    pub fn enter(&self) -> io::Result<()> {
        enable_raw_mode()?;
        self.active.store(true, Ordering::SeqCst);
        execute!(io::stdout(), EnterAlternateScreen, cursor::Hide, EnableBracketedPaste)
    }

    /// Gives the terminal back; does nothing the second time.
    pub fn leave(&self) {
        if self.active.swap(false, Ordering::SeqCst) {
            restore();
        }
    }

    /// Gives the terminal back, stops the process, and takes the terminal again once it is continued.
    ///
    /// # Errors
    /// Where the process cannot be stopped or the terminal cannot be taken again.
    pub fn suspend(&self, screen: &mut Screen) -> io::Result<()> {
        self.leave();
        signal_hook::low_level::emulate_default_handler(signal_hook::consts::SIGTSTP)?;
        self.enter()?;
        wipe(screen)
    }
}

impl Drop for Guard {
    fn drop(&mut self) {
        self.leave();
    }
}

/// Undoes all that [`Guard::enter`] did. Errors are dropped: the terminal may be gone (SIGHUP), and nobody is left to tell.
fn restore() {
    let mut out = io::stdout();
    let _ = execute!(out, DisableBracketedPaste, LeaveAlternateScreen, cursor::Show);
    let _ = disable_raw_mode();
    let _ = out.flush();
}

/// Draws one frame, written at once.
///
/// # Errors
/// Where the terminal cannot be written to.
pub fn paint(screen: &mut Screen, draw: impl FnOnce(&mut ratatui::Frame<'_>)) -> io::Result<()> {
    screen.draw(draw)?;
    io::Write::flush(screen.backend_mut())
}

/// Empties the screen, so that the next frame paints every cell again; takes over a new size too.
///
/// `Terminal::clear` would ask the terminal where its cursor is, and the answer may go to whoever reads the keys.
///
/// # Errors
/// Where the terminal cannot be written to.
pub fn wipe(screen: &mut Screen) -> io::Result<()> {
    let size = screen.size()?;
    screen.resize(size.into())
}
