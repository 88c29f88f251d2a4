//! What a chart says at its cursor.

use ratatui::text::{Line as Text, Span};

use super::Chart;
use crate::board::{ChangeUnit, Unit};
use crate::clock::Time;
use crate::text::units;
use crate::widgets::theme::{Role, Theme};

/// A line's value at one time.
#[derive(Debug, Clone, PartialEq)]
pub struct Value {
    /// The line's name.
    pub label: String,
    /// Its role.
    pub role: Role,
    /// Its value; `None` where it has no datapoint.
    pub value: Option<f64>,
    /// Its value in the earlier window that it is compared with.
    pub earlier: Option<f64>,
    /// The unit of both.
    pub unit: Unit,
}

/// The values of all lines at one time.
#[derive(Debug, Clone, PartialEq)]
pub struct Reading {
    /// The start of the period.
    pub at: Time,
    /// The time as the clock on the wall shows it.
    pub time: String,
    /// Each line's value.
    pub values: Vec<Value>,
    /// What happened in the period, oldest first.
    pub events: Vec<String>,
    /// Whether the period still runs, so that the values are those so far.
    pub running: bool,
    /// Whether the values may still change.
    pub provisional: bool,
    /// What the earlier values are.
    pub compared: Option<&'static str>,
}

impl Chart<'_> {
    /// The values of the period under the cursor.
    pub fn reading(&self) -> Option<Reading> {
        let at = self.cursor?;
        let wall = (self.wall)(at);
        let same_day = wall.date() == (self.wall)(self.now).date();
        let values = self
            .lines
            .iter()
            .map(|line| Value {
                label: line.label.clone(),
                role: line.role,
                value: at_time(&line.points, at),
                earlier: at_time(&line.earlier, at).filter(|_| self.compared.is_some()),
                unit: self.unit_of(line),
            })
            .collect();
        Some(Reading {
            at,
            time: wall.format(if same_day { "%H:%M" } else { "%m-%d %H:%M" }).to_string(),
            values,
            events: self.happened(at),
            running: self.is_running(at),
            provisional: self.is_provisional(at),
            compared: self.compared,
        })
    }
}

impl Reading {
    /// The line for the foot of a frame, a blank on either side.
    pub fn foot(&self, theme: &Theme) -> Text<'static> {
        let mut line = self.line(theme);
        line.spans.insert(0, " ".into());
        line.push_span(" ");
        line
    }

    /// In one line: `10:14 success 2,204 · failed 231 · pending –`; compared, `success 2,204 ▲ 5.0 % from 2,099`.
    pub fn line(&self, theme: &Theme) -> Text<'static> {
        let mut spans = vec![Span::styled(self.time.clone(), theme.style(Role::Strong))];
        for (i, value) in self.values.iter().enumerate() {
            spans.push(Span::styled(if i == 0 { " " } else { " · " }, theme.style(Role::Muted)));
            spans.push(Span::styled(format!("{} ", value.label), theme.style(value.role)));
            spans.push(Span::styled(value.text(), theme.style(Role::Strong)));
            if self.compared.is_some() {
                spans.push(Span::styled(value.against(), theme.style(Role::Muted)));
            }
        }
        match (self.running, self.provisional) {
            (true, _) => spans.push(Span::styled(" so far", theme.style(Role::Muted))),
            (false, true) => spans.push(Span::styled(" may change", theme.style(Role::Muted))),
            (false, false) => {}
        }
        for event in &self.events {
            spans.push(Span::styled(format!(" ◆ {event}"), theme.style(Role::Strong)));
        }
        Text::from(spans)
    }
}

impl Value {
    /// The value with its unit.
    pub fn text(&self) -> String {
        self.value.map_or_else(|| units::NOTHING.to_owned(), |value| figure(value, self.unit))
    }

    /// How it differs from the earlier one: ` ▲ 5.0 % from 2,099`.
    pub fn against(&self) -> String {
        let Some(earlier) = self.earlier else { return " from –".to_owned() };
        let change = self.value.and_then(|value| change(value, earlier, self.unit));
        let change = change.map_or_else(String::new, |change| format!(" {change}"));
        format!("{change} from {}", figure(earlier, self.unit))
    }
}

/// A change in words: of rates in percentage points, of all else in percent; `None` where that has no meaning.
fn change(value: f64, earlier: f64, unit: Unit) -> Option<String> {
    let (change, unit) = match unit {
        Unit::Percent => (value - earlier, ChangeUnit::Points),
        Unit::Count | Unit::Bytes | Unit::None | Unit::Seconds | Unit::Milliseconds => {
            ((value - earlier) / earlier.abs() * 100.0, ChangeUnit::Percent)
        }
    };
    change.is_finite().then(|| units::change(change, unit))
}

/// The value of the period that begins at `at`.
fn at_time(points: &[(Time, f64)], at: Time) -> Option<f64> {
    points.binary_search_by_key(&at, |(t, _)| *t).ok().and_then(|i| points.get(i)).map(|(_, value)| *value)
}

/// A value as it is read at a cursor: a count in full up to a million (`2,204`), anything else as [`units::value`].
pub fn figure(value: f64, unit: Unit) -> String {
    let whole = value.fract() == 0.0 && value.abs() < 1e6;
    if !matches!(unit, Unit::Count | Unit::None) || !whole {
        return units::value(value, unit);
    }
    let digits = format!("{:.0}", value.abs());
    let mut text = String::from(if value < 0.0 { "-" } else { "" });
    for (i, digit) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// A bound with its unit, without zeros that say nothing: `5 %`, `3 s`, `2.5 k`.
pub fn limit(value: f64, unit: Unit) -> String {
    let text = units::value(value, unit);
    let (number, unit) = text.split_once(' ').map_or((text.as_str(), ""), |(number, unit)| (number, unit));
    let number = if number.contains('.') { number.trim_end_matches('0').trim_end_matches('.') } else { number };
    format!("{number} {unit}").trim_end().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn limits_are_short() {
        let cases = [
            (5.0, Unit::Percent, "5 %"),
            (2.5, Unit::Percent, "2.5 %"),
            (3.0, Unit::Seconds, "3 s"),
            (600.0, Unit::None, "600"),
            (0.0, Unit::Count, "0"),
            (2500.0, Unit::Count, "2.5 k"),
        ];
        for (value, unit, expected) in cases {
            assert_eq!(limit(value, unit), expected);
        }
    }

    #[test]
    fn counts_are_read_in_full() {
        let cases = [
            (0.0, Unit::Count, "0"),
            (999.0, Unit::Count, "999"),
            (2204.0, Unit::Count, "2,204"),
            (-431_200.0, Unit::None, "-431,200"),
            (85.4, Unit::Percent, "85.4 %"),
        ];
        for (value, unit, expected) in cases {
            assert_eq!(figure(value, unit), expected);
        }
    }
}
