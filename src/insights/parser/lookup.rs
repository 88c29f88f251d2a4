//! `lookup`.

use std::sync::OnceLock;

use super::Parser;
use crate::insights::ast::Expr;
use crate::insights::lexer::{Kind, ParseError};
use crate::insights::lookup::Lookup;

impl Parser<'_> {
    /// `lookup table key as field, … OUTPUT a, b`; the name of a table may hold hyphens.
    pub(super) fn lookup(&mut self) -> Result<Lookup, ParseError> {
        let token = self.next()?;
        let (name, place) = match token.kind {
            Kind::Text(name) => (name, token.start..token.end),
            Kind::Name(_) | Kind::Field(_) => {
                let rest = &self.text[token.end..];
                let more = rest.find(|it: char| !it.is_ascii_alphanumeric() && !matches!(it, '-' | '_'));
                self.at = token.end + more.unwrap_or(rest.len());
                let place = token.start..self.at;
                (self.text[place.clone()].trim_matches('`').to_owned(), place)
            }
            _ => return Err(self.unexpected(&token, "the name of a lookup table")),
        };
        let mut keys = Vec::new();
        loop {
            let column = self.name()?;
            let field = if self.eat_word("as")? { self.field()? } else { column.clone() };
            keys.push((column, Expr::Field(field)));
            if !self.eat(",")? {
                break;
            }
        }
        self.expect_word("OUTPUT")?;
        let mut columns = vec![self.name()?];
        while self.eat(",")? {
            columns.push(self.name()?);
        }
        Ok(Lookup { name, place, keys, columns, found: OnceLock::new() })
    }
}
