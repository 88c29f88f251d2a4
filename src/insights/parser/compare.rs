//! `diff` and `logcompare`.

use super::Parser;
use crate::insights::ast::{Clustering, Expr, Plan, Stage};
use crate::insights::compare::{Against, Shift};
use crate::insights::lexer::{Kind, ParseError};
use crate::insights::span::Span;

const HOUR: i64 = 3_600_000;

impl Parser<'_> {
    /// `diff previousDay`, and with nothing the time right before.
    pub(super) fn diff(&mut self, plan: &mut Plan, start: usize) -> Result<(), ParseError> {
        let mut shift = Shift::Length;
        let token = self.peek()?;
        if let Kind::Name(word) = token.kind {
            shift = match word.to_ascii_lowercase().as_str() {
                "previoushour" => Shift::Millis(HOUR),
                "previousday" => Shift::Millis(24 * HOUR),
                "previousweek" => Shift::Millis(7 * 24 * HOUR),
                "previousmonth" => Shift::Month,
                _ => return Err(self.unexpected(&token, "`previousDay`, `previousWeek`, `previousMonth` or nothing")),
            };
            self.at = token.end;
        }
        self.against(plan, start, shift)
    }

    /// `logcompare timeshift 7d`.
    pub(super) fn log_compare(&mut self, plan: &mut Plan, start: usize) -> Result<(), ParseError> {
        self.expect_word("timeshift")?;
        let token = self.next()?;
        let Kind::Span(Span::Millis(millis)) = token.kind else {
            return Err(self.unexpected(&token, "a span such as 7d"));
        };
        self.against(plan, start, Shift::Millis(millis))
    }

    /// Compares the patterns of the query, or those of its messages where it has none.
    fn against(&mut self, plan: &mut Plan, start: usize, shift: Shift) -> Result<(), ParseError> {
        if plan.against().is_some() {
            return Err(ParseError::new(start, "a query is compared with one other time"));
        }
        if self.nested {
            self.refuse(start, "the local engine does not compare queries in parentheses with another time");
        }
        if plan.stages.iter().any(|stage| matches!(stage, Stage::Stats(_))) {
            self.refuse(start, "the local engine compares patterns, not the groups of `stats`");
        }
        if plan.stages.iter().filter(|stage| matches!(stage, Stage::Pattern(_))).count() > 1 {
            self.refuse(start, "the local engine does not compare patterns of patterns");
        }
        let against = Some(Against { shift, place: start..self.at });
        let pattern =
            plan.stages.iter_mut().rev().find_map(|it| if let Stage::Pattern(it) = it { Some(it) } else { None });
        match pattern {
            Some(clustering) => clustering.against = against,
            None => plan.stages.push(Stage::Pattern(Clustering { of: Expr::Field("@message".into()), against })),
        }
        Ok(())
    }
}
