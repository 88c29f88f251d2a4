use std::time::Duration;

use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};
use ratatui::layout::Rect;

use super::*;
use crate::panes::Zone;
use crate::panes::testing::{SIZES, World, at, drawn};
use crate::widgets::theme::Theme;

fn press(code: KeyCode) -> KeyEvent {
    KeyEvent::new(code, KeyModifiers::NONE)
}

fn keys(action: Action) -> String {
    let name = action.name();
    name.chars().take(1).collect()
}

fn show(screen: &[String]) -> String {
    let text = screen.join("\n");
    println!("{text}");
    text
}

fn header(window: Window, pulse: Pulse) -> Header<'static> {
    Header {
        board: "Token provisioning",
        account: "demo",
        region: "us-east-1",
        window,
        now: at("2026-01-15T10:28:07Z"),
        zone: Zone::Utc,
        pulse,
        firing: Some((6, 0)),
        hourly_usd: 0.04,
        budget_usd: Some(0.25),
        help_key: "?",
    }
}

fn header_line(width: u16, header: &Header<'_>) -> String {
    let theme = Theme::plain("t");
    show(&drawn(width, 1, |frame| header.draw(frame.buffer_mut(), Rect::new(0, 0, width, 1), &theme)))
}

#[test]
fn the_header_gives_way_part_by_part() {
    let live = header(Window::live(Duration::from_hours(3)), Pulse::Live);
    assert_eq!(
        header_line(120, &live),
        " baro  Token provisioning  demo · us-east-1  3h → 10:28:07 UTC  ● live             ▲ 6 firing  $0.04/h of $0.25  ? help"
    );
    assert_eq!(
        header_line(80, &live),
        " Token provisioning  3h → 10:28:07 UTC  ● live      ▲ 6 firing  $0.04/h  ? help"
    );
    assert_eq!(header_line(40, &live), " 3h → 10:28:07 UTC  ● live   ▲ 6 firing");
    assert_eq!(header_line(12, &live), " ▲ 6 firing");
    assert_eq!(header_line(12, &Header { firing: Some((5, 1)), ..live }), " ▲ 5 firing", "as the list counts them");
    assert!(header_line(80, &Header { firing: Some((0, 2)), ..live }).contains("✓ 2 acknowledged"));
    let end = Some(at("2026-01-14T09:00:00Z"));
    let past = header(Window { span: Duration::from_hours(1), end }, Pulse::Trouble(2));
    let written = header_line(120, &past);
    assert!(written.contains("1h until 2026-01-14 09:00:00 UTC  ! 2 sources fail"), "{written}");
    let says_now = written.contains("▲ 6 firing now") || written.contains("▲ 6 now");
    assert!(says_now, "alarms do not follow the window: {written}");
}

#[test]
fn the_footer_shows_whole_entries_and_always_the_last() {
    let theme = Theme::plain("t");
    let list = [("Tab", "pane"), ("⏎", "open"), ("/", "filter"), ("e", "next error"), ("q", "quit")];
    let list: Vec<(String, &str)> = list.iter().map(|(key, words)| ((*key).to_owned(), *words)).collect();
    let line = |width| {
        show(&drawn(width, 1, |frame| draw_footer(frame.buffer_mut(), Rect::new(0, 0, width, 1), &list, &theme)))
    };
    assert_eq!(line(60), " Tab pane  ⏎ open  / filter  e next error  q quit");
    assert_eq!(line(36), " Tab pane  ⏎ open  / filter  q quit");
    assert_eq!(line(10), " q quit");
}

#[test]
fn the_palette_finds_and_runs() {
    let mut palette = Palette::new(keys);
    for c in "frz".chars() {
        assert_eq!(palette.on_key(press(KeyCode::Char(c))), OverlayOutcome::Stay);
    }
    let theme = Theme::plain("t");
    let screen = show(&drawn(100, 24, |frame| palette.draw(frame, frame.area(), &theme)));
    assert!(screen.contains("freeze             Freezes the screen while data goes on arriving"), "{screen}");
    assert_eq!(palette.on_key(press(KeyCode::Enter)), OverlayOutcome::Run(Action::Freeze));
    palette.on_paste("zzzz");
    assert_eq!(palette.on_key(press(KeyCode::Enter)), OverlayOutcome::Stay, "nothing to run");
    assert_eq!(palette.on_key(press(KeyCode::Esc)), OverlayOutcome::Close);
}

#[test]
fn every_action_is_in_palette_and_help() {
    let theme = Theme::plain("t");
    let mut palette = Palette::new(keys);
    let mut help = Help::new(keys);
    let listed = show(&drawn(200, 160, |frame| palette.draw(frame, frame.area(), &theme)));
    let helped = show(&drawn(70, 160, |frame| help.draw(frame, frame.area(), &theme)));
    for action in Action::ALL {
        assert!(listed.contains(action.name()) && listed.contains(action.help()), "{action:?}");
        assert!(helped.contains(&action.help()[..20.min(action.help().len())]), "{action:?}");
    }
}

#[test]
fn help_scrolls_no_further_than_its_end() {
    let theme = Theme::plain("t");
    let mut help = Help::new(keys);
    drawn(80, 24, |frame| help.draw(frame, frame.area(), &theme));
    help.on_key(press(KeyCode::Char('G')));
    let screen = show(&drawn(80, 24, |frame| help.draw(frame, frame.area(), &theme)));
    assert!(screen.contains("Quits."));
    help.on_key(press(KeyCode::Char('j')));
    assert_eq!(show(&drawn(80, 24, |frame| help.draw(frame, frame.area(), &theme))), screen);
    assert_eq!(help.on_key(press(KeyCode::Char('?'))), OverlayOutcome::Close);
}

#[test]
fn the_range_picker_takes_presets_and_typed_ranges() {
    let now = at("2026-01-15T10:28:00Z");
    let picker = || RangePicker::new(Window::live(Duration::from_hours(3)), now, Zone::Utc);
    let mut presets = picker();
    presets.on_key(press(KeyCode::Down));
    let expected = Window::live(Duration::from_hours(12));
    assert_eq!(presets.on_key(press(KeyCode::Enter)), OverlayOutcome::Window(expected));
    let mut typed = picker();
    typed.on_paste("2026-01-15 09:00 .. 10:00");
    let theme = Theme::plain("t");
    let screen = show(&drawn(80, 24, |frame| typed.draw(frame, frame.area(), &theme)));
    assert!(screen.contains("1h: 09:00:00 to 10:00:00 UTC"), "{screen}");
    let expected = Window { span: Duration::from_hours(1), end: Some(at("2026-01-15T10:00:00Z")) };
    assert_eq!(typed.on_key(press(KeyCode::Enter)), OverlayOutcome::Window(expected));
    let mut wrong = picker();
    wrong.on_paste("tomorrow");
    assert_eq!(wrong.on_key(press(KeyCode::Enter)), OverlayOutcome::Stay);
    assert!(show(&drawn(80, 24, |frame| wrong.draw(frame, frame.area(), &theme))).contains("is not a time"));
}

#[test]
fn the_filter_line_tells_each_change_and_takes_it_back() {
    let filter = |text: &str, done| OverlayOutcome::Filter { text: text.to_owned(), done };
    let mut line = FilterLine::new("old");
    assert_eq!(line.on_key(press(KeyCode::Char('x'))), filter("oldx", false));
    assert_eq!(line.on_key(press(KeyCode::Left)), OverlayOutcome::Stay);
    assert_eq!(line.on_paste(" a\nb "), filter("olda bx", false));
    assert_eq!(line.on_key(press(KeyCode::Esc)), filter("old", true));
    assert_eq!(line.on_key(press(KeyCode::Enter)), filter("olda bx", true));
}

#[test]
fn a_paste_of_garbage_is_harmless() {
    let garbage = format!("\x1b[31m\u{202e}\0\u{7}{}\u{200b}{}", "日本".repeat(5_000), "x".repeat(1_000_000));
    let mut line = FilterLine::new("");
    let OverlayOutcome::Filter { text, .. } = line.on_paste(&garbage) else { panic!("text came through") };
    assert!(text.chars().count() <= 256 && !text.contains(['\x1b', '\u{202e}', '\0', '\u{200b}']), "{text:?}");
    assert_eq!(line.on_paste(&garbage), OverlayOutcome::Stay, "it is full");
    assert_eq!(line.on_key(press(KeyCode::Char('y'))), OverlayOutcome::Stay);
    assert_eq!(line.on_key(press(KeyCode::Char('\u{202e}'))), OverlayOutcome::Stay);
    let theme = Theme::plain("t");
    for (width, height) in SIZES {
        drawn(width, height, |frame| line.draw(frame, frame.area(), &theme));
    }
}

#[test]
fn problems_say_since_when_and_what_helps() {
    let mut world = World::failed();
    world.now += chrono::TimeDelta::minutes(8);
    let configuration = ["config.toml:3: unknown key `thme`; did you mean `theme`?".to_owned()];
    let mut problems = Problems::new();
    let draw = |problems: &mut Problems, world: &World, lines: &[String]| {
        show(&drawn(110, 96, |frame| {
            problems.draw(frame, frame.area(), &world.store, lines, world.now, &world.theme);
        }))
    };
    let screen = draw(&mut problems, &world, &configuration);
    for part in ["✗ logs:StartLiveTail: denied for 8m", "→ allow logs:StartLiveTail", "! config.toml:3"] {
        assert!(screen.contains(part), "{part}");
    }
    assert!(draw(&mut problems, &World::empty(), &[]).contains("✓ Every source answers"));
    assert_eq!(problems.on_key(press(KeyCode::Esc)), OverlayOutcome::Close);
}

#[test]
fn every_overlay_draws_at_every_size() {
    let now = at("2026-01-15T10:28:00Z");
    let window = Window::live(Duration::from_hours(3));
    for world in World::all() {
        let theme = &world.theme;
        for (width, height) in SIZES {
            let screen = Rect::new(0, 0, width, height);
            let mut problems = Problems::new();
            drawn(width, height, |frame| {
                problems.draw(frame, screen, &world.store, &["a".repeat(500)], world.now, theme);
                Help::new(keys).draw(frame, screen, theme);
                Palette::new(keys).draw(frame, screen, theme);
                RangePicker::new(window, now, Zone::Local).draw(frame, screen, theme);
                FilterLine::new("x y z").draw(frame, screen, theme);
                header(window, Pulse::Waiting).draw(frame.buffer_mut(), screen, theme);
                draw_footer(frame.buffer_mut(), screen, &[("q".to_owned(), "quit")], theme);
                let notice = Notice { tone: Tone::Failed, text: "could not copy\x1b[0m".to_owned() };
                notice.draw(frame.buffer_mut(), screen, theme);
            });
        }
    }
}
