use super::*;
use crate::analysis::log_query::judge::judge_written;
use crate::panes::logs::choices;

fn none(_: &str, _: usize) -> Option<Choices> {
    None
}

fn offered(text: &str, at: usize) -> Option<Choices> {
    choices(text, at, &[("issuer".to_owned(), "98 %".to_owned()), ("a-b".to_owned(), String::new())])
}

fn typed(editor: &mut Editor, text: &str) {
    for c in text.chars() {
        let code = if c == '\n' { KeyCode::Enter } else { KeyCode::Char(c) };
        editor.key(code.into(), &offered);
    }
}

#[test]
fn words_are_completed_where_the_cursor_is() {
    let mut editor = Editor::new("", judge_written);
    typed(&mut editor, "fil");
    let words: Vec<&str> =
        editor.choices.iter().flat_map(|choices| &choices.words).map(|(name, _)| name.as_str()).collect();
    assert!(words.contains(&"filter"), "{words:?}");
    assert!(editor.complete(&offered));
    typed(&mut editor, " iss");
    assert!(editor.complete(&offered));
    typed(&mut editor, " = 1\n| limit 5");
    assert_eq!(editor.text(), "filter issuer = 1\n| limit 5");
    assert_eq!((editor.mistake(), editor.cursor()), (None, (1, 9)));
}

#[test]
fn what_is_pasted_is_harmless_and_can_be_undone() {
    let mut editor = Editor::new("limit 1", judge_written);
    editor.set("");
    editor.paste("fields\ta\u{1b}[31m\r\n| limit 5\r| sort a\u{202e}");
    assert!(!editor.text().contains(['\u{1b}', '\r', '\t', '\u{202e}']), "{:?}", editor.text());
    assert_eq!(editor.lines().len(), 3);
    assert!(editor.mistake().is_some());
}

#[test]
fn the_cursor_goes_to_the_mistake() {
    let mut editor = Editor::new("fields ä\n| filtre x", judge_written);
    editor.point(Mistake::new(12, "no"));
    assert_eq!(editor.cursor(), (1, 2));
    assert_eq!(editor.byte((1, 2)), 12);
}

#[test]
fn undoing_goes_by_words_deletions_and_pastes() {
    use crossterm::event::KeyEvent;
    let key = |code, modifiers| KeyEvent::new(code, modifiers);
    let undo = key(KeyCode::Char('7'), KeyModifiers::CONTROL);
    let redo = key(KeyCode::Char('r'), KeyModifiers::ALT);
    let mut editor = Editor::new("", judge_written);
    typed(&mut editor, "limit 5 # few");
    for _ in 0..3 {
        editor.key(KeyCode::Backspace.into(), &none);
    }
    editor.paste("a b\n| sort c");
    let texts = ["limit 5 # a b\n| sort c", "limit 5 # ", "limit 5 # few", "limit 5 # ", "limit 5 ", "limit ", ""];
    for text in texts {
        assert_eq!(editor.text(), text);
        editor.key(undo, &none);
    }
    assert_eq!(editor.text(), "", "nothing is before the beginning");
    for text in texts.iter().rev().skip(1) {
        editor.key(redo, &none);
        assert_eq!(editor.text(), *text);
    }
    editor.key(key(KeyCode::Char('u'), KeyModifiers::CONTROL), &none);
    assert_eq!(editor.text(), "limit 5 # a b\n");
    editor.key(key(KeyCode::Char('u'), KeyModifiers::CONTROL), &none);
    assert_eq!(editor.text(), "limit 5 # a b\n", "a line above is another line");
    editor.key(key(KeyCode::Char('y'), KeyModifiers::CONTROL), &none);
    assert_eq!(editor.text(), texts[0]);
    editor.set("limit 9");
    editor.key(undo, &none);
    assert_eq!((editor.text().as_str(), editor.cursor()), (texts[0], (1, 8)));
}
