//! Whatever AWS, files and people write: the bytes that reach the terminal hold nothing that the program did not mean,
//! and no secret.

#![expect(clippy::expect_used, reason = "helpers of tests fail as tests do")]

mod estate;
mod printed;
mod scanner;

use proptest::prelude::*;

use crate::text::{is_forbidden, real_data};
use estate::{CVV, Console, PAN, Texts, targets};
use scanner::scan;

const SIZES: [(u16, u16); 3] = [(160, 48), (80, 24), (40, 10)];

/// Keys after each of which the screen is drawn: moving about, opening, popups, copies, exports.
const SCRIPTS: [&str; 14] =
    ["", "jj", "\t", "\tj", "\n", "y", "Y", "?", "\u{1b}:", "\u{1b}!", "\u{1b}a", "\u{1b}/", "\u{1b}t", "\u{1b}x"];
/// Every form to a file and to the clipboard, the row and the screen.
const EXPORTS: [&str; 6] = ["x\n", "xj\n", "xj\n", "xj\n", "xy", "xhj\n"];

/// Sequences that do something in one terminal or another, and their ends alone.
const SEQUENCES: [&str; 28] = [
    "\u{1b}]0;title\u{7}",
    "\u{1b}]2;title\u{1b}\\",
    "\u{1b}]52;c;?\u{7}",
    "\u{1b}]52;c;eA==\u{7}",
    "\u{1b}]8;;http://x\u{1b}\\link\u{1b}]8;;\u{1b}\\",
    "\u{1b}]1337;File=:AA==\u{7}",
    "\u{1b}]9;notice\u{7}",
    "\u{1b}P$qm\u{1b}\\",
    "\u{1b}P+q544e\u{1b}\\",
    "\u{1b}Ptmux;\u{1b}\u{1b}]0;x\u{7}\u{1b}\\",
    "\u{1b}_Gi=1;AA==\u{1b}\\",
    "\u{1b}^pm\u{1b}\\",
    "\u{1b}Xsos\u{1b}\\",
    "\u{1b}[2J\u{1b}[H",
    "\u{1b}[31;1m",
    "\u{1b}[6n",
    "\u{1b}[c",
    "\u{1b}[?1049h",
    "\u{1b}[20t",
    "\u{1b}c",
    "\u{1b}(0",
    "\u{9b}2J",
    "\u{9d}0;x\u{9c}",
    "\u{90}q\u{9c}",
    "\u{1b}\\",
    "\u{7}",
    "\r\n\u{85}\u{2028}",
    "\u{1b}",
];

/// What truncated UTF-8 and lone surrogates of JSON become, by way of those who read them.
fn broken() -> Vec<String> {
    let bytes: [&[u8]; 5] = [b"\xc3", b"\xe2\x82", b"\xf0\x9f\x92", b"\xff\xfe", b"a\x80\x9b31mb"];
    let lossy = bytes.iter().map(|bytes| String::from_utf8_lossy(bytes).into_owned());
    let json = [r#""\ud83d""#, r#""\udc9b31m""#, r#""\u001b[2J\u009b2J\u202e""#];
    // A reader that takes a lone surrogate makes U+FFFD of it; one that does not passes the line on as it is.
    lossy.chain(json.iter().map(|text| serde_json::from_str(text).unwrap_or_else(|_| (*text).to_owned()))).collect()
}

fn all_hostile() -> Vec<String> {
    let controls = (0u32..0x20).chain(0x7f..0xa0).filter_map(char::from_u32);
    let marks = ['\u{200e}', '\u{200f}', '\u{61c}', '\u{feff}', '\u{ad}', '\u{fffe}', '\u{e0041}'];
    let bidi = ('\u{202a}'..='\u{202e}').chain('\u{2066}'..='\u{2069}').chain(marks);
    let characters = controls.chain(bidi).map(|c| format!("a{c}b"));
    SEQUENCES.iter().map(|text| (*text).to_owned()).chain(characters).chain(broken()).collect()
}

/// Looks at everything that came of one opened console.
fn check(console: &mut Console, size: (u16, u16), what: &str) -> String {
    let (bytes, text) = console.draw(size);
    let found = scan(&bytes);
    assert_eq!(found.unmeant, Vec::<String>::new(), "{what} at {size:?}");
    assert!(!text.contains(|c: char| c != '\n' && is_forbidden(c)), "{what} at {size:?}");
    secrets(&text, what);
    text
}

fn secrets(text: &str, what: &str) {
    for secret in [PAN, CVV] {
        let line = text.lines().find(|line| line.contains(secret));
        assert!(line.is_none(), "{what}: {secret} in {line:?}");
    }
}

fn sent(console: &Console, what: &str) {
    let found = scan(&console.bytes);
    assert_eq!(found.unmeant, Vec::<String>::new(), "{what}");
    for text in found.copied.iter().chain(&console.exported) {
        let bad = text.contains(|c: char| c != '\n' && c != '\u{1b}' && is_forbidden(c));
        assert!(!bad, "{what}: {text:?}");
        secrets(text, what);
    }
}

/// Goes over a screen or what is opened on it.
fn tour(texts: Texts, nth: usize, sizes: &[(u16, u16)]) -> String {
    let all = targets();
    let (screen, focus) = all[nth % all.len()].clone().expect("a target");
    let what = format!("{screen:?} {focus:?}");
    let mut console = Console::open(texts, screen, focus);
    let mut seen = String::new();
    for (n, script) in SCRIPTS.into_iter().enumerate() {
        console.keys(script);
        if matches!(script, "\u{1b}/" | "\u{1b}:" | "\u{1b}a") {
            console.paste("\u{1b}]0;x\u{7}\u{202e}abc");
        }
        let shown = if n == 0 { sizes } else { &sizes[n % sizes.len()..=n % sizes.len()] };
        for size in shown {
            seen.push_str(&check(&mut console, *size, &format!("{what} after {script:?}")));
        }
    }
    console.keys("\u{1b}\u{1b}\u{1b}");
    for script in EXPORTS {
        console.keys(script);
    }
    console.fail();
    for size in sizes {
        check(&mut console, *size, &format!("{what}, failing"));
    }
    console.keys("!");
    check(&mut console, sizes[0], &format!("{what}, problems"));
    assert_ne!(console.exported.len(), 0, "{what}: something is exported, the screen at least");
    sent(&console, &what);
    seen
}

#[test]
fn every_control_and_sequence_is_harmless_everywhere() {
    let texts = Texts::new(all_hostile(), 0);
    for nth in 0..targets().len() {
        let seen = tour(texts.clone(), nth, &SIZES);
        // What is not shown at all would be harmless too.
        assert!(seen.contains("411111******1111"), "{:?} shows nothing\n{seen}", targets()[nth]);
    }
}

#[test]
fn naughty_strings_are_harmless_everywhere() {
    let Some(json) = real_data("terminal/blns.json") else { return };
    let strings: Vec<String> = serde_json::from_str(&json).expect("a list of strings");
    let strings: Vec<String> = strings.into_iter().filter(|text| !text.is_empty()).collect();
    let step = strings.len() / targets().len();
    for nth in 0..targets().len() {
        tour(Texts::new(strings.clone(), nth * step), nth, &SIZES[..1]);
    }
}

/// Keys that lead through the results of a query: record, search, values, patterns, chart, order, groups, saved queries,
/// narrowing, the editor; and through a story. `\u{7}`, `\u{f}`, `\u{12}` and `\u{19}` are `^g`, `^o`, `^r` and `^y`.
const LOGS: [&[&str]; 12] = [
    &["\n", "jjj", "y", "\u{19}", "+"],
    &["\n", "/", "e\n", "i"],
    &["ll>", "<", "p", "H", "W", "U", "y", "x\n", "xj\n"],
    &["l", "s", "j", "y", "x\n", "\n"],
    &["D", "j", "y", "x\n", "c"],
    &["v", "K", "x\n"],
    &["\u{7}", "a", "\t", "\n", "\u{12}"],
    &["\u{f}", "\n", "\u{12}"],
    &["\u{f}", "a", "jj\n"],
    &["l+", "l-", "\u{12}"],
    &["\t", "x", "\t", "\n"],
    &["jj", "\n", "jjj", "y", "\u{1b}", "e", "x\n", "xj\n"],
];

#[test]
fn logs_and_stories_are_harmless_in_every_view() {
    let garbage = all_hostile().concat();
    let opened = targets().into_iter().flatten().filter(|(_, focus)| {
        matches!(focus, Some(barograph::panes::Target::Query(_) | barograph::panes::Target::Find(_)))
    });
    let mut exported = 0;
    for (nth, (screen, focus)) in opened.enumerate() {
        // Of the second query and of the story, what is not the same as of the first query.
        let own: &[usize] = [&[0, 1, 2, 3, 4, 6, 7, 8, 9, 10][..], &[2, 5], &[1, 11]][nth];
        for (at, keys) in own.iter().map(|at| (*at, LOGS[*at])) {
            let what = format!("{focus:?} {keys:?}");
            let mut console = Console::open(Texts::new(all_hostile(), 7 * (nth + at)), screen, focus.clone());
            for script in keys {
                console.keys(script);
                check(&mut console, SIZES[(nth + at) % 2], &what);
            }
            console.paste(&garbage);
            check(&mut console, SIZES[0], &what);
            console.fail();
            check(&mut console, SIZES[at % 3], &what);
            sent(&console, &what);
            exported += console.exported.len();
        }
    }
    assert!(exported > 5, "{exported}");
}

/// One text in many is a megabyte long: it is drawn like any other.
#[test]
fn a_megabyte_in_any_place_is_survived() {
    for (nth, target) in targets().into_iter().enumerate() {
        let filler = if nth % 2 == 0 { "é" } else { "word " };
        let mut texts: Vec<String> = (0..400).map(|n| format!("text {n}")).collect();
        // It stands twice in what is told.
        texts.push(filler.repeat((1 << 19) / filler.len()));
        let (screen, focus) = target.expect("a target");
        let mut console = Console::open(Texts::new(texts, 31 * nth), screen, focus);
        for keys in ["", "j"] {
            console.keys(keys);
            check(&mut console, (160, 48), &format!("target {nth} after {keys:?}"));
        }
    }
}

/// Text of hostile pieces.
fn hostile() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        prop::sample::select(all_hostile()),
        any::<char>().prop_map(String::from),
        "[\\x00-\\x1f\\x7f-\\u{9f}]{1,4}",
        "[ -~]{0,8}",
        prop::sample::select(vec!["宽", "👩\u{200d}🚀", "e\u{301}", "\u{301}", "ｶﾞ", "🇩🇪"]).prop_map(String::from),
    ];
    prop::collection::vec(piece, 1..6).prop_map(|pieces| pieces.concat())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(6))]

    #[test]
    fn whatever_is_written_is_harmless(texts in prop::collection::vec(hostile(), 3..40), nth in 0usize..64, size in 0usize..3) {
        tour(Texts::new(texts, 0), nth, &SIZES[size..=size]);
    }
}
