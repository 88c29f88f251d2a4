//! The console in a real pseudo-terminal: it comes up, follows the window, and gives the terminal back however it ends.

use barograph::term::Guard;

use crate::harness::pty::Pty;

const BARO: &str = env!("CARGO_BIN_EXE_baro");
/// Set for the child that takes the terminal and panics.
const PANIC: &str = "BAROGRAPH_TEST_PANIC";

fn demo(columns: u16, lines: u16) -> Pty {
    let mut pty = Pty::start(BARO, &["--demo", "--at", "2026-01-15T10:28:00Z", "--rate", "4"], &[], columns, lines);
    pty.wait_for("the Overview with numbers", |screen| screen.contains("Success rate") && screen.contains('%'));
    pty
}

#[test]
fn quits_and_leaves_the_terminal_clean() {
    let mut pty = demo(120, 36);
    pty.keys("q");
    assert!(pty.wait_for_end().success());
    pty.assert_clean();
}

#[test]
fn follows_the_window_from_tiny_to_huge() {
    let mut pty = demo(80, 24);
    pty.resize(20, 5);
    pty.wait_for("one pane at 20×5", |screen| !screen.contains("Success rate") && screen.lines().count() <= 5);
    pty.resize(300, 90);
    pty.wait_for("all panes at 300×90", |screen| screen.contains("Success rate") && screen.contains("Requests"));
    pty.keys("q");
    assert!(pty.wait_for_end().success());
    pty.assert_clean();
}

#[test]
fn suspends_and_comes_back() {
    let mut pty = demo(100, 30);
    pty.keys("\x1a");
    pty.wait_for_state('T');
    pty.assert_clean();
    pty.signal("CONT");
    pty.wait_for("the screen again", |screen| screen.contains("Success rate"));
    pty.keys("q");
    assert!(pty.wait_for_end().success());
    pty.assert_clean();
}

#[test]
fn a_signal_ends_it_cleanly() {
    for (name, number) in [("HUP", 1), ("TERM", 15), ("INT", 2)] {
        let mut pty = demo(80, 24);
        pty.signal(name);
        assert_eq!(pty.wait_for_end().exit_code(), 128 + number, "SIG{name}");
        pty.assert_clean();
    }
}

#[test]
fn a_panic_in_any_thread_gives_the_terminal_back_first() {
    let program = std::env::current_exe().expect("this program");
    let program = program.to_str().expect("a path that is text");
    let args = ["--exact", "terminal::child_that_panics", "--nocapture"];
    let mut pty = Pty::start(program, &args, &[(PANIC, "1")], 80, 24);
    assert_eq!(pty.wait_for_end().exit_code(), 101);
    pty.assert_clean();
    let raw = String::from_utf8_lossy(pty.raw());
    assert!(raw.rfind("the barometer broke") > raw.rfind("\x1b[?1049l"), "the message stands on the normal screen");
}

/// Runs as the child of the test above; does nothing otherwise.
#[test]
fn child_that_panics() {
    if std::env::var_os(PANIC).is_none() {
        return;
    }
    let (_guard, _screen) = Guard::take().expect("a terminal");
    let _ = std::thread::spawn(|| panic!("the barometer broke")).join();
}
