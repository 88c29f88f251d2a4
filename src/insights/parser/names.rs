//! Names of fields and columns, and paths into maps and lists.

use std::sync::Arc;

use super::Parser;
use crate::insights::lexer::{Kind, ParseError};

impl Parser<'_> {
    /// A name of one's own.
    pub(super) fn name(&mut self) -> Result<Arc<str>, ParseError> {
        let token = self.next()?;
        match token.kind {
            Kind::Name(name) | Kind::Field(name) => Ok(name.into()),
            _ => Err(self.unexpected(&token, "a name")),
        }
    }

    /// A field with the path that follows it: `a.b`, `a[0]`, ``a.`b c` ``, `a["b"]`, all of them with dots.
    pub(super) fn field(&mut self) -> Result<Arc<str>, ParseError> {
        let token = self.next()?;
        match token.kind {
            Kind::Name(name) | Kind::Field(name) => self.path(name),
            _ => Err(self.unexpected(&token, "a field")),
        }
    }

    /// What follows the name of the rows themselves, since a `join` gave them one.
    pub(super) fn of_alias<'n>(&self, name: &'n str) -> Option<&'n str> {
        name.strip_prefix(self.alias.as_deref()?)?.strip_prefix('.')
    }

    /// The rest of a field whose first name has been taken.
    pub(super) fn path(&mut self, first: &str) -> Result<Arc<str>, ParseError> {
        let mut path: Option<String> = None;
        loop {
            let rest = &self.text[self.at..];
            if rest.starts_with('[') {
                self.at += 1;
                let token = self.next()?;
                let step = match token.kind {
                    Kind::Number(index) if index.fract() == 0.0 && index >= 0.0 => format!("{index}"),
                    Kind::Text(name) => name,
                    _ => return Err(self.unexpected(&token, "a number or a name in quotes")),
                };
                self.expect("]")?;
                let path = path.get_or_insert_with(|| first.to_owned());
                path.push('.');
                path.push_str(&step);
            } else if rest.starts_with('.') && !rest.starts_with("..") {
                self.at += 1;
                let token = self.next()?;
                let (Kind::Name(step) | Kind::Field(step)) = token.kind else {
                    return Err(self.unexpected(&token, "a name"));
                };
                let path = path.get_or_insert_with(|| first.to_owned());
                path.push('.');
                path.push_str(step);
            } else {
                let path = path.as_deref().unwrap_or(first);
                return Ok(self.of_alias(path).unwrap_or(path).into());
            }
        }
    }
}
