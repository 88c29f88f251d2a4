//! The command `source`.

use super::Parser;
use crate::insights::ast::{Plan, Selection};
use crate::insights::lexer::{Kind, ParseError};

impl Parser<'_> {
    /// `source 'one', 'two'`, `source one`, `source logGroups(namePrefix: ['a'])`, which may come several times.
    pub(super) fn source(&mut self, plan: &mut Plan) -> Result<(), ParseError> {
        loop {
            let token = self.next()?;
            match token.kind {
                Kind::Text(group) => plan.sources.push(group),
                Kind::Name(name) if self.eat("(")? => self.selection(plan, name, token.start)?,
                Kind::Name(name) | Kind::Field(name) => plan.sources.push(name.to_owned()),
                _ => return Err(self.unexpected(&token, "the name of a log group in quotes, or `logGroups(…)`")),
            }
            self.window()?;
            if !self.eat(",")? {
                return Ok(());
            }
        }
    }

    /// What stands in the parentheses of `logGroups` and its like.
    fn selection(&mut self, plan: &mut Plan, name: &str, start: usize) -> Result<(), ParseError> {
        let groups = name.eq_ignore_ascii_case("logGroups");
        if !groups && !name.to_ascii_lowercase().starts_with("datasource") {
            return Err(ParseError::new(start, format!("unknown source `{name}`; did you mean `logGroups`?")));
        }
        let mut selection = Selection::default();
        while !self.eat(")")? {
            let key = self.peek()?;
            let option = match key.kind {
                Kind::Name(option) => {
                    self.at = key.end;
                    self.expect(":")?;
                    option.to_ascii_lowercase()
                }
                _ => String::new(),
            };
            let values = self.texts()?;
            match option.as_str() {
                "nameprefix" => selection.prefixes.extend(values),
                "accountidentifier" | "accountidentifiers" => selection.accounts.extend(values),
                "class" | "loggroupclass" => selection.class = values.into_iter().next(),
                _ if !groups => {}
                _ => {
                    let message = "log groups are chosen by `namePrefix`, `accountIdentifiers` and `class`";
                    return Err(ParseError::new(key.start, message));
                }
            }
            self.eat(",")?;
        }
        if groups {
            plan.selection = Some(selection);
        } else {
            self.refuse(start, "the local engine knows log groups, but no data sources");
        }
        Ok(())
    }

    /// A text, or a list of texts in brackets.
    fn texts(&mut self) -> Result<Vec<String>, ParseError> {
        let token = self.next()?;
        if let Kind::Text(text) = token.kind {
            return Ok(vec![text]);
        }
        if token.kind != Kind::Sign("[") {
            return Err(self.unexpected(&token, "a text in quotes or a list of such"));
        }
        let mut list = Vec::new();
        while !self.eat("]")? {
            let token = self.next()?;
            let Kind::Text(text) = token.kind else { return Err(self.unexpected(&token, "a text in quotes")) };
            list.push(text);
            self.eat(",")?;
        }
        Ok(list)
    }

    /// `start=-1d end=now`.
    fn window(&mut self) -> Result<(), ParseError> {
        for word in ["start", "end"] {
            let place = self.peek()?.start;
            if !self.eat_word(word)? {
                continue;
            }
            self.expect("=")?;
            self.eat("-")?;
            let token = self.next()?;
            if !matches!(token.kind, Kind::Span(_) | Kind::Name(_) | Kind::Text(_) | Kind::Number(_)) {
                return Err(self.unexpected(&token, "a time"));
            }
            self.refuse(place, "the local engine takes its window from the command, not from `source`");
        }
        Ok(())
    }
}
