//! A composite's rule as a tree: what holds, and what makes it hold.

use crate::analysis::alarm::Rule;
use crate::panes::Cx;
use crate::panes::alarms::AlarmRow;
use crate::store::alarm::{Alarm, AlarmKind, AlarmState};
use crate::text::clean;

/// A line of the tree.
#[derive(Debug, Clone, PartialEq)]
pub struct RuleLine {
    /// Its branch: `├ `, `│ └ `.
    pub tree: String,
    /// What stands there: `OR`, `NOT`, `ALARM`, `AT_LEAST 2 of 3 ALARM`.
    pub words: String,
    /// Whether it holds; `None` where the state of an alarm is not known.
    pub holds: Option<bool>,
    /// Whether the rule holds because of it.
    pub decides: bool,
    /// The alarm that is asked about, by name.
    pub alarm: Option<String>,
    /// The alarm's state, as far as it is known.
    pub state: Option<AlarmState>,
    /// The alarm's row, where the board shows it.
    pub row: Option<Box<AlarmRow>>,
}

/// The lines of a composite's rule, with sparklines of so many cells; `None` for an alarm that has none, or one that
/// can't be read.
pub(super) fn lines(alarm: &Alarm, cx: &Cx<'_>, cells: usize) -> Option<Vec<RuleLine>> {
    let AlarmKind::Composite { rule, .. } = &alarm.kind else { return None };
    let rule = Rule::parse(rule)?;
    let detail = cx.store.alarm_details.get(&alarm.name);
    let state = |name: &str| {
        let told = || detail?.data.children.iter().find(|child| child.name == name).map(|child| child.state);
        cx.store.alarm(name).map(|alarm| alarm.state).or_else(told)
    };
    let mut writer = Writer { cx, cells, state: &state, lines: Vec::new() };
    let holds = rule.holds(&state);
    writer.write(&rule, "", "", holds);
    Some(writer.lines)
}

struct Writer<'w, 'a> {
    cx: &'w Cx<'a>,
    cells: usize,
    state: &'w dyn Fn(&str) -> Option<AlarmState>,
    lines: Vec<RuleLine>,
}

impl Writer<'_, '_> {
    /// Writes a part of the rule; `counts` says whether everything above it holds, so that it decides if it holds too.
    fn write(&mut self, rule: &Rule, branch: &str, below: &str, counts: bool) {
        let holds = rule.holds(self.state);
        let decides = counts && holds;
        let known = rule.children().iter().all(|name| (self.state)(name).is_some());
        let mut line = RuleLine {
            tree: branch.to_owned(),
            words: String::new(),
            holds: known.then_some(holds),
            decides: false,
            alarm: None,
            state: None,
            row: None,
        };
        match rule {
            Rule::Fixed(value) => {
                (if *value { "TRUE" } else { "FALSE" }).clone_into(&mut line.words);
                line.decides = decides;
                self.lines.push(line);
            }
            Rule::Is(state, name) => self.leaf(name, state.name(), line, decides),
            Rule::Not(inner) => {
                // What is negated decides by not holding.
                if let Rule::Is(state, name) = &**inner {
                    self.leaf(name, &format!("NOT {}", state.name()), line, decides);
                    return;
                }
                "NOT".clone_into(&mut line.words);
                line.decides = decides;
                self.lines.push(line);
                self.below(&[inner], below, false);
            }
            Rule::All(parts) | Rule::Any(parts) => {
                (if matches!(rule, Rule::All(_)) { "AND" } else { "OR" }).clone_into(&mut line.words);
                self.lines.push(line);
                self.below(&parts.iter().collect::<Vec<_>>(), below, decides);
            }
            Rule::AtLeast(least) => {
                line.words = format!("{}: {} are", least.words(), least.found(self.state));
                self.lines.push(line);
                let parts: Vec<Rule> = least.names.iter().map(|name| Rule::Is(least.state, name.clone())).collect();
                let parts: Vec<Rule> = if least.negated {
                    parts.into_iter().map(|part| Rule::Not(Box::new(part))).collect()
                } else {
                    parts
                };
                self.below(&parts.iter().collect::<Vec<_>>(), below, decides);
            }
        }
    }

    fn below(&mut self, parts: &[&Rule], below: &str, counts: bool) {
        for (i, part) in parts.iter().enumerate() {
            let (fork, line) = if i + 1 == parts.len() { ("└ ", "  ") } else { ("├ ", "│ ") };
            self.write(part, &format!("{below}{fork}"), &format!("{below}{line}"), counts);
        }
    }

    fn leaf(&mut self, name: &str, words: &str, line: RuleLine, decides: bool) {
        let known = self.cx.store.alarm(name);
        self.lines.push(RuleLine {
            words: clean(words).into_owned(),
            decides,
            alarm: Some(name.to_owned()),
            state: (self.state)(name),
            row: known.map(|alarm| Box::new(AlarmRow::new(alarm, &line.tree, self.cx, self.cells))),
            ..line
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::app::msg::Update;
    use crate::panes::incident;
    use crate::store::alarm::{AlarmDetail, Relative};

    fn tree(rule: &str) -> Vec<String> {
        let mut world = incident::live();
        let mut composite = world.store.alarm("TokenProvisioningUnhealthy").expect("the composite").clone();
        composite.kind = AlarmKind::Composite { rule: rule.to_owned(), children: Vec::new() };
        let hidden = Relative { name: "hidden".into(), state: AlarmState::Ok, updated: None };
        let detail = AlarmDetail {
            parents: Vec::new(),
            children: vec![hidden],
            contributors: Ok(Vec::new()),
            mutes: Ok(Vec::new()),
        };
        let update = Update::AlarmDetail { at: world.now, alarm: composite.name.clone(), detail: Box::new(detail) };
        world.store.fold(&world.board, update);
        let lines = lines(&composite, &world.cx(), 0).unwrap_or_default();
        lines
            .into_iter()
            .map(|line| {
                let holds = line.holds.map_or("?", |holds| if holds { "+" } else { "-" });
                let name = line.alarm.map(|name| format!(" {name}")).unwrap_or_default();
                format!("{}{holds} {}{name}{}", line.tree, line.words, if line.decides { " !" } else { "" })
            })
            .collect()
    }

    #[test]
    fn what_holds_and_what_decides_is_told_apart() {
        assert_eq!(
            tree("ALARM(HighFailureRate) OR ALARM(HighLatency) OR ALARM(DeadLetters)"),
            ["+ OR", "├ + ALARM HighFailureRate !", "├ + ALARM HighLatency !", "└ - ALARM DeadLetters"]
        );
        assert_eq!(
            tree("ALARM(HighLatency) AND (OK(HighFailureRate) OR NOT OK(DeadLetters))"),
            ["+ AND", "├ + ALARM HighLatency !", "└ + OR", "  ├ - OK HighFailureRate", "  └ + NOT OK DeadLetters !"]
        );
        assert_eq!(
            tree("ALARM(HighLatency) AND OK(HighFailureRate)"),
            ["- AND", "├ + ALARM HighLatency", "└ - OK HighFailureRate"],
            "nothing decides where the whole does not hold"
        );
        assert_eq!(
            tree("AT_LEAST(2, ALARM, (HighLatency, RequestSpike, hidden)) OR ALARM(gone)"),
            [
                "? OR",
                "├ + AT_LEAST 2 of 3 ALARM: 2 are",
                "│ ├ + ALARM HighLatency !",
                "│ ├ + ALARM RequestSpike !",
                "│ └ - ALARM hidden",
                "└ ? ALARM gone"
            ]
        );
        assert!(tree("no rule").is_empty());
    }
}
