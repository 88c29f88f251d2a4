//! The box in which an expression, a statistic or a period is typed.

use crossterm::event::{KeyCode, KeyEvent, KeyEventKind, KeyModifiers};
use ratatui::Frame;
use ratatui::layout::Rect;

use super::OverlayOutcome;
use super::input::Input;
use super::popup::popup;
use crate::analysis::math::MathError;
use crate::app::action::Action;
use crate::panes::Ask;
use crate::text::{clean, width};
use crate::widgets::list::ListState;
use crate::widgets::print::{Align, line, put, put_next, wrap};
use crate::widgets::theme::{Role, Theme};

/// Statistics with what they are, as the user guide has them.
const STATISTICS: [(&str, &str); 18] = [
    ("auto", "what a metric is read by: Sum of counts, Average of all else"),
    ("Average", "sum divided by count"),
    ("Sum", "all values added up"),
    ("Minimum", "the smallest value"),
    ("Maximum", "the largest value"),
    ("SampleCount", "how many values there were"),
    ("p50", "the median"),
    ("p90", "nine of ten values are lower"),
    ("p95", "95 % of the values are lower"),
    ("p99", "99 % of the values are lower"),
    ("p99.9", "99.9 % of the values are lower"),
    ("tm99", "mean without the highest 1 %"),
    ("wm99", "mean with the highest 1 % cut down"),
    ("tc99", "count without the highest 1 %"),
    ("ts99", "sum without the highest 1 %"),
    ("IQM", "mean of the middle half"),
    ("TM(5%:95%)", "mean between two percentiles, or two values; WM, TC, TS alike"),
    ("PR(:1)", "share of the values up to 1, in percent"),
];
/// Periods with what they are.
const PERIODS: [(&str, &str); 8] = [
    ("auto", "each metric's own, longer where the window needs it"),
    ("10s", "high resolution, kept for three hours"),
    ("60s", "kept for 15 days"),
    ("5m", "kept for 63 days"),
    ("15m", ""),
    ("1h", "kept for 455 days"),
    ("6h", ""),
    ("1d", ""),
];
/// What an expression can be.
const FORMS: [(&str, &str); 5] = [
    ("m1 / m2 * 100", "metric math over what is on the chart, or over ids of the board"),
    ("AWS/Lambda:Errors{FunctionName=f}:Sum:60s", "one metric's statistic, also within math"),
    ("SEARCH('{AWS/Lambda,FunctionName} Errors', 'Sum', 60)", "all metrics that a search finds"),
    ("SELECT SUM(Errors) FROM \"AWS/Lambda\" GROUP BY FunctionName", "Metrics Insights SQL"),
    ("… as \"${PROP('Dim.FunctionName')} ${LAST}\"", "a label that AWS fills in"),
];

/// What can be investigated.
const IDENTIFIERS: [(&str, &str); 3] = [
    ("corr_9f27c1ab", "a correlation id, request id, token reference, or any text without blanks"),
    ("1-5f2aef12-6b4f7a9c8d2e1f3a2b1c0d9e", "a trace id, or its 32 digits as W3C writes them"),
    ("corr_9f27c1ab corr_41ab09", "several, apart by blanks"),
];

/// The widest the box is.
const WIDEST: u16 = 104;
/// Cells of an error's line below which it begins at the left instead of at its place.
const ROOM_FOR_ERROR: usize = 40;

/// A line to type into, what can be chosen below it, and what is wrong with what was typed.
///
/// ```text
/// ┌ Expression ──────────────────────────────────────────────┐
/// │ = 100 * m1 / m3▏                                         │
/// │              ^ no metric 'm3'; did you mean 'm2'?        │
/// │                                                          │
/// │ m1 / m2 * 100                                            │
/// │   metric math over what is on the chart, or ids of the   │
/// │   board                                                  │
/// └──────────────────────────────────── ⏎ take  Esc close ───┘
/// ```
#[derive(Debug, Clone)]
pub struct Prompt {
    ask: Ask,
    input: Input,
    error: Option<MathError>,
    list: ListState<usize>,
    /// Whether the list was moved in: then it is chosen from, rather than what is typed.
    choosing: bool,
    /// What can be chosen, where that is not the same for everybody.
    own: Vec<(String, String)>,
}

impl Prompt {
    /// A prompt with a text to begin with.
    pub fn new(ask: Ask, text: &str) -> Self {
        let input = match ask {
            Ask::Expression | Ask::Identifier => Input::expression(text),
            Ask::Columns => Input::new(text),
            Ask::Statistic | Ask::Period => Input::default(),
        };
        let mut list = ListState::new();
        let choices = choices(ask);
        let now = choices.iter().position(|(name, _)| *name == text).unwrap_or(0);
        list.select_row(now, &(0..choices.len()).collect::<Vec<_>>());
        let choosing = begins_in_list(ask);
        Self { ask, input, error: None, list, choosing, own: Vec::new() }
    }

    /// The prompt with what can be chosen here.
    pub fn choosing_from(self, own: Vec<(String, String)>) -> Self {
        Self { own, ..self }
    }

    fn choices(&self) -> Vec<(String, String)> {
        let fixed = choices(self.ask).iter().map(|(name, what)| ((*name).to_owned(), (*what).to_owned()));
        fixed.chain(self.own.iter().cloned()).collect()
    }

    /// Says what is wrong with what was typed.
    pub fn refuse(&mut self, error: MathError) {
        self.error = Some(error);
    }

    /// Takes a key.
    pub fn on_key(&mut self, key: KeyEvent) -> OverlayOutcome {
        if key.kind == KeyEventKind::Release {
            return OverlayOutcome::Stay;
        }
        let control = key.modifiers.contains(KeyModifiers::CONTROL);
        let movement = match key.code {
            KeyCode::Esc => return OverlayOutcome::Close,
            KeyCode::Enter => return self.taken(),
            KeyCode::Backspace if self.input.is_empty() => return OverlayOutcome::Close,
            KeyCode::Down | KeyCode::Tab => Action::Down,
            KeyCode::Char('n' | 'j') if control => Action::Down,
            KeyCode::Up | KeyCode::BackTab => Action::Up,
            KeyCode::Char('p' | 'k') if control => Action::Up,
            _ => {
                if self.input.on_key(key) {
                    self.error = None;
                    self.choosing = self.input.is_empty() && begins_in_list(self.ask);
                }
                return OverlayOutcome::Stay;
            }
        };
        if !is_free(self.ask) {
            // The first step leads to the first choice, where one was not in the list before.
            if std::mem::replace(&mut self.choosing, true) || self.ask != Ask::Columns {
                self.list.on(movement, &(0..self.choices().len()).collect::<Vec<_>>());
            }
        }
        OverlayOutcome::Stay
    }

    fn taken(&self) -> OverlayOutcome {
        let choices = self.choices();
        let chosen = choices.get(self.list.row()).filter(|_| self.choosing);
        let text = chosen.map_or_else(|| self.input.text().trim(), |(name, _)| name);
        if text.is_empty() { OverlayOutcome::Close } else { OverlayOutcome::Answer(self.ask, text.to_owned()) }
    }

    /// Takes a paste.
    pub fn on_paste(&mut self, text: &str) -> OverlayOutcome {
        if self.input.paste(text) {
            self.error = None;
            self.choosing = false;
        }
        OverlayOutcome::Stay
    }

    /// Draws it over the area.
    pub fn draw(&mut self, frame: &mut Frame<'_>, area: Rect, theme: &Theme) {
        let choices = self.choices();
        let (title, prompt) = match self.ask {
            Ask::Expression => ("Expression", "= "),
            Ask::Statistic => ("Statistic", ": "),
            Ask::Period => ("Period", ": "),
            Ask::Identifier => ("Investigate", "? "),
            Ask::Columns => ("Columns", ": "),
        };
        let room = usize::from(WIDEST.min(area.width)).saturating_sub(4);
        let error = self.error.as_ref().map(|error| self.explained(error, width(prompt), room)).unwrap_or_default();
        let forms = if is_free(self.ask) { forms(&choices, room) } else { Vec::new() };
        let below = if is_free(self.ask) { forms.len() } else { choices.len() };
        let height = u16::try_from(below + error.len().max(1) + 5).unwrap_or(u16::MAX);
        let inner = popup(frame, area, (WIDEST, height), title, "⏎ take  Esc close", theme);
        let Some(first) = line(inner, 0) else { return };
        self.input.draw(frame, first, prompt, theme);
        let buffer = frame.buffer_mut();
        for (row, (indent, words)) in error.iter().enumerate() {
            let Some(space) = line(inner, row + 1) else { return };
            let space =
                Rect { x: space.x + *indent as u16, width: space.width.saturating_sub(*indent as u16), ..space };
            put(buffer, space, words, theme.style(Role::Failed), Align::Left);
        }
        let row = error.len() as u16 + 1;
        let rows = Rect { y: inner.y + row + 1, height: inner.height.saturating_sub(row + 1), ..inner };
        if is_free(self.ask) {
            for (at, (words, role)) in forms.iter().enumerate() {
                let Some(space) = line(rows, at) else { return };
                put(buffer, space, words, theme.style(*role), Align::Left);
            }
            return;
        }
        let beside = choices.iter().filter(|(_, what)| !what.is_empty() || self.ask != Ask::Columns);
        let names = beside.map(|(name, _)| width(name)).max().unwrap_or(0).min(usize::from(inner.width) / 2);
        let view = self.list.visible(choices.len(), usize::from(rows.height));
        for (at, index) in view.enumerate() {
            let (Some(space), Some((name, what))) = (line(rows, at), choices.get(index)) else { return };
            // What has nothing beside it has the whole line.
            let alone = what.is_empty() && self.ask == Ask::Columns;
            let left = Rect { width: if alone { space.width } else { names as u16 }, ..space };
            put(buffer, left, name, theme.style(Role::Strong), Align::Left);
            if !alone {
                let rest = Rect { x: space.x + names as u16, width: space.width - names as u16, ..space };
                put_next(buffer, rest, &format!("  {what}"), theme.style(Role::Muted));
            }
            if self.choosing && index == self.list.row() {
                buffer.set_style(space, theme.style(Role::Selection));
            }
        }
    }

    /// What is wrong, in lines with their indent: at its place where there is room, else from the left on, the place
    /// marked alone.
    fn explained(&self, error: &MathError, prompt: usize, room: usize) -> Vec<(usize, String)> {
        let before = self.input.text().get(..error.position).unwrap_or_default();
        let indent = prompt + width(before);
        let message = clean(&error.message);
        let mut lines: Vec<(usize, String)> = Vec::new();
        if room.saturating_sub(indent) >= ROOM_FOR_ERROR.min(width(&message) + 2) {
            let words = wrap(&message, room - indent - 2);
            let mark = |nth: usize| if nth == 0 { "^ " } else { "  " };
            lines.extend(words.iter().enumerate().map(|(nth, words)| (indent, format!("{}{words}", mark(nth)))));
            return lines;
        }
        if indent < room {
            lines.push((indent, "^".to_owned()));
        }
        lines.extend(wrap(&message, room.saturating_sub(prompt)).into_iter().map(|words| (prompt, words)));
        lines
    }
}

/// The forms of an expression in lines: what each is beside it, or below it where there is no room.
fn forms(forms: &[(String, String)], room: usize) -> Vec<(String, Role)> {
    let mut lines = Vec::new();
    for (form, what) in forms {
        lines.extend(wrap(form, room).into_iter().map(|form| (form, Role::Strong)));
        lines.extend(wrap(what, room.saturating_sub(2)).into_iter().map(|what| (format!("  {what}"), Role::Muted)));
    }
    lines
}

/// Whether anything may be typed, and what stands below are but examples.
const fn is_free(ask: Ask) -> bool {
    matches!(ask, Ask::Expression | Ask::Identifier)
}

/// Whether it begins in the list, where one of its rows stands for what there is now.
const fn begins_in_list(ask: Ask) -> bool {
    matches!(ask, Ask::Statistic | Ask::Period)
}

/// What stands below the line.
const fn choices(ask: Ask) -> &'static [(&'static str, &'static str)] {
    match ask {
        Ask::Expression => &FORMS,
        Ask::Statistic => &STATISTICS,
        Ask::Period => &PERIODS,
        Ask::Identifier => &IDENTIFIERS,
        Ask::Columns => &[],
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::board::stat;

    fn answer(prompt: &mut Prompt, keys: &[KeyCode]) -> OverlayOutcome {
        keys.iter().map(|key| prompt.on_key((*key).into())).last().expect("a key")
    }

    #[test]
    fn what_is_typed_wins_over_what_is_listed() {
        let mut prompt = Prompt::new(Ask::Statistic, "p90");
        let taken = |text: &str| OverlayOutcome::Answer(Ask::Statistic, text.to_owned());
        assert_eq!(answer(&mut prompt, &[KeyCode::Enter]), taken("p90"));
        assert_eq!(answer(&mut prompt, &[KeyCode::Down, KeyCode::Enter]), taken("p95"));
        assert_eq!(answer(&mut prompt, &[KeyCode::Char('p'), KeyCode::Char('7'), KeyCode::Enter]), taken("p7"));
        assert_eq!(answer(&mut prompt, &[KeyCode::Esc]), OverlayOutcome::Close);
        let mut empty = Prompt::new(Ask::Expression, "");
        assert_eq!(answer(&mut empty, &[KeyCode::Down, KeyCode::Enter]), OverlayOutcome::Close);
    }

    #[test]
    fn everything_listed_is_taken() {
        assert!(STATISTICS.iter().all(|(name, _)| *name == "auto" || stat::exists(name)));
        let period = |text: &str| crate::analysis::expression::period(text).is_some();
        assert!(PERIODS.iter().all(|(name, _)| *name == "auto" || period(name)));
    }

    #[test]
    fn an_error_is_drawn_at_its_place_at_any_size() {
        let theme = Theme::plain("test");
        for (width, height) in crate::panes::testing::SIZES {
            let mut prompt = Prompt::new(Ask::Expression, "1 + nothing");
            prompt.refuse(MathError::new(4, "no metric 'nothing'"));
            let drawn = crate::panes::testing::drawn(width, height, |frame| prompt.draw(frame, frame.area(), &theme));
            if width >= 80 {
                let row = drawn.iter().find(|row| row.contains("^ no metric")).expect("the error");
                let typed = drawn.iter().find(|row| row.contains("1 + nothing")).expect("the text");
                let column = |row: &str, text: &str| row.find(text).map(|at| row[..at].chars().count());
                assert_eq!(column(row, "^"), column(typed, "nothing"));
            }
        }
    }

    #[test]
    fn an_error_and_the_examples_are_never_cut() {
        let theme = Theme::plain("test");
        let message = crate::analysis::expression::no_statistic("Summ");
        for (width, height) in [(80, 24), (120, 40), (160, 48)] {
            let mut prompt = Prompt::new(Ask::Expression, "");
            prompt.on_paste("AWS/Lambda:Errors{FunctionName=token-provisioning-service}:Summ");
            prompt.refuse(MathError::new(59, message.clone()));
            let drawn = crate::panes::testing::drawn(width, height, |frame| prompt.draw(frame, frame.area(), &theme));
            let said = |text: &str| text.split_whitespace().map(str::to_owned).collect::<Vec<_>>();
            let all: Vec<String> = drawn.iter().flat_map(|row| said(&row.replace('│', " "))).collect();
            let holds = |words: &[String]| all.windows(words.len()).any(|window| window == words);
            assert!(holds(&said(&message)), "{message} in\n{}", drawn.join("\n"));
            for (form, what) in FORMS {
                assert!(holds(&said(form)) && holds(&said(what)), "{form} in\n{}", drawn.join("\n"));
            }
        }
    }
}
