//! A program in a pseudo-terminal: its screen as a person would see it, its signals, and the state it leaves behind.

#![expect(clippy::expect_used, reason = "helpers of tests fail as tests do")]

use std::io::{Read, Write};
use std::num::NonZero;
use std::process::Command;
use std::sync::mpsc::{Receiver, RecvTimeoutError, sync_channel};
use std::time::{Duration, Instant};

use portable_pty::{Child, CommandBuilder, ExitStatus, MasterPty, PtySize, native_pty_system};

/// How long anything may take before a test fails; generous, because machines are slow at times.
const PATIENCE: Duration = Duration::from_mins(1);

/// A running program and its terminal.
pub(crate) struct Pty {
    parser: vt100::Parser,
    raw: Vec<u8>,
    output: Receiver<Vec<u8>>,
    keyboard: Box<dyn Write + Send>,
    child: Box<dyn Child + Send + Sync>,
    master: Box<dyn MasterPty + Send>,
}

impl Pty {
    /// Starts `program` on a terminal of `columns` × `lines`.
    pub(crate) fn start(program: &str, args: &[&str], env: &[(&str, &str)], columns: u16, lines: u16) -> Self {
        let size = PtySize { rows: lines, cols: columns, pixel_width: 0, pixel_height: 0 };
        let pair = native_pty_system().openpty(size).expect("a pseudo-terminal");
        let mut command = CommandBuilder::new(program);
        command.args(args);
        command.env("TERM", "xterm-256color");
        command.env("XDG_CONFIG_HOME", concat!(env!("CARGO_TARGET_TMPDIR"), "/no-config"));
        for (key, value) in env {
            command.env(key, value);
        }
        let child = pair.slave.spawn_command(command).expect("the program starts");
        let mut reader = pair.master.try_clone_reader().expect("a reader");
        let (sender, output) = sync_channel(1024);
        std::thread::spawn(move || {
            let mut buffer = vec![0; 65_536];
            while let Ok(n @ 1..) = reader.read(&mut buffer) {
                if sender.send(buffer[..n].to_vec()).is_err() {
                    break;
                }
            }
        });
        Self {
            parser: vt100::Parser::new(side(lines), side(columns), 0),
            raw: Vec::new(),
            output,
            keyboard: pair.master.take_writer().expect("a writer"),
            child,
            master: pair.master,
        }
    }

    /// Types keys.
    pub(crate) fn keys(&mut self, keys: &str) {
        self.keyboard.write_all(keys.as_bytes()).expect("the terminal takes keys");
        self.keyboard.flush().expect("the terminal takes keys");
    }

    /// Changes the terminal's size.
    pub(crate) fn resize(&mut self, columns: u16, lines: u16) {
        self.master
            .resize(PtySize { rows: lines, cols: columns, pixel_width: 0, pixel_height: 0 })
            .expect("the terminal is resized");
        self.parser.screen_mut().set_size(side(lines), side(columns));
    }

    /// Sends a signal, such as `HUP`.
    pub(crate) fn signal(&self, name: &str) {
        let pid = self.child.process_id().expect("a process").to_string();
        assert!(Command::new("kill").args([&format!("-{name}"), &pid]).status().expect("kill runs").success());
    }

    /// The process's state letter as Linux gives it: `T` is stopped.
    pub(crate) fn state(&self) -> char {
        let pid = self.child.process_id().expect("a process");
        let stat = std::fs::read_to_string(format!("/proc/{pid}/stat")).unwrap_or_default();
        stat.rsplit(')').next().and_then(|rest| rest.trim().chars().next()).unwrap_or('?')
    }

    /// Waits until the process is in a state.
    pub(crate) fn wait_for_state(&mut self, state: char) {
        let deadline = Instant::now() + PATIENCE;
        while self.state() != state {
            assert!(Instant::now() < deadline, "the process never was in state {state}, but in {}", self.state());
            self.take_output(Duration::from_millis(20));
        }
    }

    /// The screen's text, a line a row.
    pub(crate) fn screen(&self) -> String {
        self.parser.screen().contents()
    }

    /// Waits until the screen satisfies a condition.
    pub(crate) fn wait_for(&mut self, what: &str, condition: impl Fn(&str) -> bool) {
        let deadline = Instant::now() + PATIENCE;
        while !condition(&self.screen()) {
            assert!(Instant::now() < deadline, "never seen: {what}; the screen is\n{}", self.screen());
            self.take_output(Duration::from_millis(200));
        }
    }

    /// Waits until the program ends, and returns its status.
    pub(crate) fn wait_for_end(&mut self) -> ExitStatus {
        let deadline = Instant::now() + PATIENCE;
        loop {
            self.take_output(Duration::from_millis(20));
            if let Some(status) = self.child.try_wait().expect("the process can be waited for") {
                while self.take_output(Duration::from_millis(50)) {}
                return status;
            }
            assert!(Instant::now() < deadline, "the program did not end; the screen is\n{}", self.screen());
        }
    }

    /// Asserts that the terminal is as it was before the program: screen, cursor, paste mode, line discipline.
    pub(crate) fn assert_clean(&mut self) {
        // What the program has written may still be on its way through the terminal.
        let deadline = Instant::now() + PATIENCE;
        while !self.has_left() && Instant::now() < deadline {
            self.take_output(Duration::from_millis(50));
        }
        while self.take_output(Duration::from_millis(50)) {}
        let raw = String::from_utf8_lossy(&self.raw);
        for (what, on, off) in [
            ("the alternate screen is left", "\x1b[?1049h", "\x1b[?1049l"),
            ("the cursor is shown", "\x1b[?25l", "\x1b[?25h"),
            ("bracketed paste is off", "\x1b[?2004h", "\x1b[?2004l"),
        ] {
            assert!(raw.contains(on), "{what}: was never switched");
            assert!(raw.rfind(off) > raw.rfind(on), "not so: {what}");
        }
        let tty = self.master.tty_name().expect("the terminal has a name");
        let stty = Command::new("stty").arg("-a").arg("-F").arg(tty).output().expect("stty runs");
        let modes = String::from_utf8_lossy(&stty.stdout).replace(';', " ");
        for mode in ["icanon", "echo", "isig"] {
            assert!(modes.split_whitespace().any(|word| word == mode), "the line discipline lacks {mode}: {modes}");
        }
    }

    /// Whether the alternate screen was left after it was last entered.
    fn has_left(&self) -> bool {
        let raw = String::from_utf8_lossy(&self.raw);
        raw.rfind("\x1b[?1049l") > raw.rfind("\x1b[?1049h")
    }

    /// What the terminal has been sent.
    pub(crate) fn raw(&self) -> &[u8] {
        &self.raw
    }

    fn take_output(&mut self, wait: Duration) -> bool {
        match self.output.recv_timeout(wait) {
            Ok(bytes) => {
                self.raw.extend_from_slice(&bytes);
                self.parser.process(&bytes);
                true
            }
            Err(RecvTimeoutError::Timeout | RecvTimeoutError::Disconnected) => false,
        }
    }
}

fn side(cells: u16) -> NonZero<u16> {
    NonZero::new(cells).expect("a screen has cells")
}

impl Drop for Pty {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
