use super::*;
use crate::widgets::screen::drawn;

fn t(s: i64) -> Time {
    chrono::DateTime::from_timestamp(s, 0).expect("in range")
}

fn line(role: Role, points: &[(i64, f64)]) -> Line<'static> {
    let points = points.iter().map(|(at, value)| (t(*at), *value)).collect();
    Line::new(format!("{role:?}"), role, Cow::Owned(points))
}

fn chart(lines: Vec<Line<'static>>, to: i64) -> Chart<'static> {
    let wall: Wall = |at| at.naive_utc();
    Chart { lines, empty: "no datapoints".into(), ..Chart::new((t(0), t(to)), 60, t(to), Unit::Count, wall) }
}

fn rows(chart: &Chart<'_>, width: u16, height: u16) -> Vec<String> {
    drawn(width, height, |area, buf| chart.draw(area, buf, &Theme::plain("t")))
}

fn steady(count: i64, value: f64) -> Vec<(i64, f64)> {
    (0..count).map(|i| (i * 60, value)).collect()
}

#[test]
fn a_line_rises_between_axes() {
    let rising: Vec<_> = (0..20).map(|i| (i * 60, i as f64)).collect();
    let drawn = rows(&chart(vec![line(Role::Good, &rising)], 1200), 23, 6);
    assert_eq!(
        drawn,
        [
            "20┤                    ",
            "  │             ⣀⣀⠤⠒⠒⠉⠉",
            "  │      ⣀⣀⠤⠤⠒⠉⠉       ",
            " 0┤⢀⠤⠤⠒⠒⠉              ",
            "  └┬─────────┬─────────",
            "  01-01    00:10       ",
        ]
    );
}

#[test]
fn a_missing_period_is_a_gap() {
    let gap = [(0, 5.0), (60, 5.0), (360, 5.0), (420, 5.0), (480, 5.0)];
    let drawn = rows(&chart(vec![line(Role::Good, &gap)], 600), 10, 2);
    assert_eq!(drawn, ["5┤⣀⡀   ⣀⣀ ", "0┤        "]);
}

#[test]
fn no_peak_and_no_dip_is_lost_in_a_narrow_chart() {
    let mut points = steady(1000, 50.0);
    points[500].1 = 100.0;
    points[700].1 = 0.0;
    let drawn = rows(&chart(vec![line(Role::Good, &points)], 60_000), 20, 6);
    assert_eq!(
        drawn,
        [
            "100┤        ⡀       ",
            "   │       ⢀⡇       ",
            "   │⠒⠒⠒⠒⠒⠒⠒⠚⠓⠒⠒⡖⠒⠒⠒⠒",
            "  0┤           ⡇    ",
            "   └┬──────────┬────",
            "   01-01     12:00  ",
        ]
    );
}

#[test]
fn what_lies_beyond_a_bound_has_its_colour() {
    use ratatui::style::{Color, Style};
    let mut theme = Theme::plain("t");
    theme.set(Role::AlarmFiring, Style::new().fg(Color::Red));
    let mut chart = chart(vec![line(Role::Good, &[(0, 1.0), (60, 1.0), (600, 9.0), (660, 9.0)])], 720);
    chart.bounds = vec![Bound { value: 5.0, above: true, role: Role::Threshold }];
    let area = Rect::new(0, 0, 14, 8);
    let mut buffer = ratatui::buffer::Buffer::empty(area);
    chart.draw(area, &mut buffer, &theme);
    let red = buffer.content().iter().filter(|cell| cell.fg == Color::Red).count();
    let dots = |cell: &&ratatui::buffer::Cell| {
        ('\u{2800}'..='\u{28ff}').contains(&cell.symbol().chars().next().unwrap_or(' '))
    };
    let all = buffer.content().iter().filter(dots).count();
    assert!(red > 0 && red < all, "{red} of {all}");
}

#[test]
fn a_running_period_is_a_dot_apart() {
    let mut chart = chart(vec![line(Role::Good, &[(0, 5.0), (60, 5.0), (120, 1.0)])], 180);
    chart.now = t(150);
    let drawn = rows(&chart, 12, 2);
    assert_eq!(drawn, ["5┤ ⢀⣀⣀⣀⡀    ", "0┤        ⠄ "]);
}

#[test]
fn bounds_band_cursor_and_glyphs() {
    let ok: Vec<_> = (0..60).map(|i| (i * 60, 80.0 + (i % 7) as f64)).collect();
    let mut chart = chart(vec![line(Role::Critical, &steady(60, 10.0)), line(Role::Good, &ok)], 3600);
    chart.bounds = vec![Bound { value: 40.0, above: true, role: Role::Threshold }];
    let band = |value| Cow::Owned(steady(60, value).into_iter().map(|(at, value)| (t(at), value)).collect());
    chart.band = Some(Band { lower: band(60.0), upper: band(75.0) });
    chart.cursor = Some(t(1800));
    let drawn = rows(&chart, 60, 12);
    assert_eq!(
        drawn,
        [
            "  │                            │                            ",
            "80┤⣀⡠⠤⠔⠒⠒⠢⣀⡠⠤⠒⠒⠒⢄⣀⠤⠤⠒⠒⠢⣀⡠⠤⠔⠒⠒⠢⣀⡠⠤⠒⠒⠒⢄⣀⠤⠤⠒⠒⠢⣀⡠⠤⠔⠒⠒⠢⣀⠤⠤⠒⠒⠒⢄⣀⠤●",
            "  │░░░░░░░░░░░░░░░░░░░░░░░░░░░░│░░░░░░░░░░░░░░░░░░░░░░░░░░░░",
            "60┤░░░░░░░░░░░░░░░░░░░░░░░░░░░░│░░░░░░░░░░░░░░░░░░░░░░░░░░░░",
            "  │                            │                            ",
            "40┤> 40╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌│╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌",
            "  │                            │                            ",
            "20┤                            │                            ",
            "  │⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀✗",
            " 0┤                            │                            ",
            "  └┬─────────────┬─────────────┴─────────────┬──────────────",
            "  01-01        00:15         00:30         00:45            ",
        ]
    );
}

#[test]
fn every_size_draws() {
    let mut chart = chart(vec![line(Role::Good, &steady(20, 3.0)), line(Role::Critical, &[])], 1200);
    chart.cursor = Some(t(600));
    for width in (0..30).chain([80, 300]) {
        for height in (0..12).chain([48, 90]) {
            let area = Rect::new(0, 0, width, height);
            chart.draw(area, &mut Buffer::empty(area), &Theme::plain("t"));
        }
    }
    let area = Rect::new(5, 5, 40, 10);
    chart.draw(area, &mut Buffer::empty(Rect::new(0, 0, 20, 8)), &Theme::plain("t"));
}

#[test]
fn nothing_is_said() {
    let empty = chart(vec![line(Role::Good, &[(0, f64::NAN)])], 60);
    assert_eq!(rows(&empty, 20, 3)[1].trim(), "no datapoints");
}

#[test]
fn the_cursor_reads_all_lines() {
    let mut chart = chart(vec![line(Role::Good, &steady(3, 2204.0)), line(Role::Critical, &[(0, 1.0)])], 180);
    assert_eq!(chart.reading(), None);
    chart.cursor = Some(t(60));
    let reading = chart.reading().expect("a reading");
    assert_eq!(reading.line(&Theme::plain("t")).to_string(), "00:01 Good 2,204 · Critical –");
    chart.now = t(100);
    let reading = chart.reading().expect("a reading");
    assert_eq!(reading.line(&Theme::plain("t")).to_string(), "00:01 Good 2,204 · Critical – so far");
}

#[test]
fn what_happened_is_marked_and_read_at_the_cursor() {
    let mut chart = chart(vec![line(Role::Good, &steady(20, 5.0))], 1200);
    let event = |at, label: &str| Annotation { at: t(at), label: label.into(), role: Role::Warning };
    chart.annotations = vec![event(630, "PutScalingPolicy"), event(610, "UpdateFunctionCode"), event(2000, "later")];
    assert_eq!(
        rows(&chart, 22, 6),
        [
            "5┤⢀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀",
            " │          ┊         ",
            " │          ┊         ",
            "0┤          ┊         ",
            " └┬─────────◈─────────",
            " 01-01    00:10       ",
        ]
    );
    chart.cursor = Some(t(600));
    let reading = chart.reading().expect("a reading");
    assert_eq!(reading.line(&Theme::plain("t")).to_string(), "00:10 Good 5 ◆ UpdateFunctionCode ◆ PutScalingPolicy");
    chart.cursor = Some(t(540));
    assert!(chart.reading().expect("a reading").events.is_empty());
}
