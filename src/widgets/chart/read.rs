//! What a chart says at its cursor.

use ratatui::text::{Line as Text, Span};

use super::Chart;
use crate::board::Unit;
use crate::clock::Time;
use crate::text::units;
use crate::widgets::theme::{Role, Theme};

/// The values of all lines at one time.
#[derive(Debug, Clone, PartialEq)]
pub struct Reading {
    /// The start of the period.
    pub at: Time,
    /// The time as the clock on the wall shows it.
    pub time: String,
    /// Each line's name, role and value; `None` where it has no datapoint.
    pub values: Vec<(String, Role, Option<f64>)>,
    /// What happened in the period, oldest first.
    pub events: Vec<String>,
    /// Whether the period still runs, so that the values are not final.
    pub provisional: bool,
    /// The unit of the values.
    pub unit: Unit,
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
            .filter(|line| !line.faint)
            .map(|line| {
                let value = line.points.binary_search_by_key(&at, |(t, _)| *t).ok().map(|i| line.points[i].1);
                (line.label.clone(), line.role, value)
            })
            .collect();
        Some(Reading {
            at,
            time: wall.format(if same_day { "%H:%M" } else { "%m-%d %H:%M" }).to_string(),
            values,
            events: self.happened(at),
            provisional: self.is_provisional(at),
            unit: self.unit,
        })
    }
}

impl Reading {
    /// In one line: `10:14 success 2,204 · failed 231 · pending –`.
    pub fn line(&self, theme: &Theme) -> Text<'static> {
        let mut spans = vec![Span::styled(self.time.clone(), theme.style(Role::Strong))];
        for (i, (label, role, value)) in self.values.iter().enumerate() {
            let number = value.map_or_else(|| units::NOTHING.to_owned(), |value| figure(value, self.unit));
            spans.push(Span::styled(if i == 0 { " " } else { " · " }, theme.style(Role::Muted)));
            spans.push(Span::styled(format!("{label} "), theme.style(*role)));
            spans.push(Span::styled(number, theme.style(Role::Strong)));
        }
        if self.provisional {
            spans.push(Span::styled(" so far", theme.style(Role::Muted)));
        }
        for event in &self.events {
            spans.push(Span::styled(format!(" ◆ {event}"), theme.style(Role::Strong)));
        }
        Text::from(spans)
    }
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
