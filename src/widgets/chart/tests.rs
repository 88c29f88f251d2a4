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

fn kind(kind: Kind, lines: Vec<Line<'static>>) -> Chart<'static> {
    Chart { kind, ..chart(lines, 600) }
}

#[test]
fn areas_lie_on_one_another_and_the_top_is_the_total() {
    let drawn = rows(
        &kind(Kind::Stacked, vec![line(Role::Good, &steady(10, 4.0)), line(Role::Critical, &steady(10, 4.0))]),
        13,
        10,
    );
    let fills = |fill: char| drawn.iter().filter(|row| row.contains(fill)).count();
    assert!(fills('█') == 3 && (3..=4).contains(&fills('▓')), "equal parts, on whole cells: {drawn:#?}");
    assert!(drawn[1].starts_with("7.5┤▅"), "the top is 8: {drawn:#?}");
    assert!(drawn.iter().any(|row| row.contains('●')) && drawn.iter().any(|row| row.contains('✗')), "{drawn:#?}");
}

#[test]
fn a_missing_bar_is_not_a_bar_of_zero() {
    let gap: Vec<_> = (0..10).filter(|i| *i != 4).map(|i| (i * 60, if i == 6 { 0.0 } else { 5.0 })).collect();
    let with_gap = [line(Role::Good, &gap), line(Role::Series1, &steady(10, 5.0))];
    let drawn = rows(&kind(Kind::Bars, vec![with_gap[0].clone()]), 12, 4);
    let foot: Vec<char> = drawn[2].chars().skip(2).collect();
    assert_eq!((foot[4], foot[6], foot[7]), (' ', ' ', '█'), "{drawn:#?}");
    let both =
        rows(&kind(Kind::Stacked, vec![with_gap[0].clone(), line(Role::Series1, &[(0, 1.0), (240, 0.0)])]), 12, 4);
    assert!(both[2].contains('·'), "a part of the total is missing: {both:#?}");
}

#[test]
fn below_zero_bars_hang() {
    let drawn = rows(&kind(Kind::Bars, vec![line(Role::Good, &[(0, 8.0), (60, -8.0), (540, 0.0)])]), 12, 10);
    let column = |x: usize| drawn.iter().map(|row| row.chars().nth(x).unwrap_or(' ')).collect::<String>();
    let (up, down) = (column(3), column(4));
    assert!(up.find('█') < down.find('█'), "{drawn:#?}");
}

#[test]
fn what_has_no_logarithm_has_a_row_of_its_own() {
    let mut chart = chart(vec![line(Role::Good, &[(0, 1.0), (60, 10.0), (120, 0.0), (180, 100.0), (540, -5.0)])], 600);
    chart.scaling = crate::widgets::axis::Scaling::Log;
    let drawn = rows(&chart, 14, 10);
    let last = drawn.iter().find(|row| row.contains("≤0┤")).expect("its label");
    assert_eq!(last.matches('▾').count(), 2, "{drawn:#?}");
    assert!(drawn.iter().any(|row| row.contains("100┤")) && drawn.iter().any(|row| row.contains("10┤")), "{drawn:#?}");
    chart.lines = vec![line(Role::Good, &[(0, 0.0), (60, -1.0)])];
    assert!(!chart.is_log(), "without anything above zero it stays linear");
    assert!(!rows(&chart, 14, 10).iter().any(|row| row.contains("≤0")));
}

#[test]
fn two_axes_have_a_unit_each() {
    let right = Line { side: Side::Right, ..line(Role::Series1, &steady(10, 2.0)) };
    let mut chart = chart(vec![line(Role::Good, &steady(10, 4000.0)), right], 600);
    chart.right_unit = Unit::Seconds;
    let drawn = rows(&chart, 30, 9);
    assert!(drawn.iter().any(|row| row.starts_with("4k┤")), "{drawn:#?}");
    assert!(drawn.iter().any(|row| row.contains("├2s")), "{drawn:#?}");
    chart.cursor = Some(t(60));
    assert_eq!(chart.reading().expect("one").line(&Theme::plain("t")).to_string(), "00:01 Good 4,000 · Series1 2.00 s");
}

#[test]
fn an_earlier_window_is_read_with_the_change() {
    let mut chart = chart(vec![line(Role::Good, &steady(10, 110.0))], 600);
    chart.lines[0].earlier = Cow::Owned((0..10).map(|i| (t(i * 60), 100.0)).collect());
    chart.compared = Some("the day before");
    chart.cursor = Some(t(120));
    let text = |chart: &Chart<'_>| chart.reading().expect("one").line(&Theme::plain("t")).to_string();
    assert_eq!(text(&chart), "00:02 Good 110 ▲ 10.0 % from 100");
    chart.lines[0].earlier = Cow::Owned(vec![(t(120), 0.0)]);
    assert_eq!(text(&chart), "00:02 Good 110 from 0", "no percentage of nothing");
    chart.lines[0].earlier = Cow::Owned(Vec::new());
    assert_eq!(text(&chart), "00:02 Good 110 from –");
    chart.unit = Unit::Percent;
    chart.lines[0].earlier = Cow::Owned(vec![(t(120), 100.0)]);
    assert_eq!(text(&chart), "00:02 Good 110.0 % ▲ 10.0 pt from 100.0 %");
}

#[test]
fn what_may_change_is_dotted_and_says_so() {
    let mut chart = chart(vec![line(Role::Good, &steady(10, 5.0))], 600);
    chart.settling = TimeDelta::minutes(3);
    chart.now = t(600);
    let drawn = rows(&chart, 44, 4);
    let plot: Vec<char> = drawn[0].chars().skip(2).collect();
    assert!(
        plot.contains(&'⠁') || plot.contains(&'⠐') || plot.contains(&'⠠') || plot.contains(&'⢀') || plot.contains(&'⠄')
    );
    chart.cursor = Some(t(540));
    assert!(chart.reading().expect("one").line(&Theme::plain("t")).to_string().ends_with("Good 5 may change"));
    chart.cursor = Some(t(300));
    assert!(chart.reading().expect("one").line(&Theme::plain("t")).to_string().ends_with("Good 5"));
}

#[test]
fn numbers_are_tiles_or_rows() {
    let lines = vec![line(Role::Good, &steady(10, 1234.0)), line(Role::Critical, &steady(10, 7.0))];
    let tiles = rows(&kind(Kind::Numbers, lines.clone()), 60, 8);
    assert!(tiles[0].contains("● Good") && tiles[0].contains("✗ Critical") && tiles[1].contains("1,234"), "{tiles:#?}");
    let narrow = rows(&kind(Kind::Numbers, lines), 40, 3);
    assert!(narrow[0].starts_with("● Good  1,234") && narrow[1].starts_with("✗ Critical  7"), "{narrow:#?}");
}
