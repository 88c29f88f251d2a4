//! What is typed into the explorer: a statistic, a period, an expression.

use super::{AUTO, MOST_PICKS, Metrics, Part};
use crate::analysis::expression::{self, Scope};
use crate::analysis::math::MathError;
use crate::analysis::statistic;
use crate::board::stat;
use crate::panes::Cx;
use crate::store::series::MetricSource;

impl Metrics {
    /// What expressions that are typed can refer to.
    fn scope<'a>(&'a self, cx: &Cx<'a>) -> Scope<'a> {
        Scope {
            named: self.picks.iter().map(|line| (line.id.clone(), line.query.clone())).collect(),
            statistic: self.statistic.as_deref(),
            period_s: self.period_s,
            ..Scope::new(cx.board)
        }
    }

    pub(super) fn set_statistic(&mut self, text: &str) -> Result<(), MathError> {
        let usual = text == AUTO;
        if !usual && !stat::exists(text) {
            return Err(MathError::new(0, expression::no_statistic(text)));
        }
        let chosen = (self.part == Part::Chart && !self.picks.is_empty()).then_some(self.chosen);
        if chosen.is_none() {
            self.statistic = (!usual).then(|| text.to_owned());
        }
        for (nth, line) in self.picks.iter_mut().enumerate() {
            if let MetricSource::Stat { namespace, name, stat, .. } = &mut line.query.source
                && chosen.is_none_or(|chosen| chosen == nth)
            {
                let text = if usual { statistic::usual(namespace, name) } else { text };
                text.clone_into(stat);
            }
        }
        Ok(())
    }

    pub(super) fn set_period(&mut self, text: &str) -> Result<(), MathError> {
        if text == AUTO {
            self.period_s = None;
            return Ok(());
        }
        let seconds = expression::period(text).ok_or_else(|| MathError::new(0, expression::NO_PERIOD))?;
        self.period_s = Some(seconds);
        for line in &mut self.picks {
            line.query = expression::with_period(&line.query, seconds);
        }
        Ok(())
    }

    pub(super) fn set_expression(&mut self, text: &str, cx: &Cx<'_>) -> Result<(), MathError> {
        let lines = expression::parse(text, &self.scope(cx), self.numbered + 1)?;
        if self.picks.len() + lines.len() > MOST_PICKS {
            return Err(MathError::new(0, format!("there are {MOST_PICKS} on the chart already; p takes one off")));
        }
        self.numbered += 1;
        for mut line in lines {
            if self.picks.iter().any(|known| known.id == line.id) {
                line.id = format!("e{}", self.numbered);
            }
            self.picks.push(line);
        }
        self.chosen = self.picks.len() - 1;
        Ok(())
    }
}
