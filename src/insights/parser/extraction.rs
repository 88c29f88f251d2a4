//! The command `parse`: a glob with named wildcards, or a regular expression with named groups.

use std::sync::Arc;

use super::Parser;
use crate::insights::ast::{Expr, Extraction};
use crate::insights::lexer::{Kind, ParseError, Token, expression};

impl Parser<'_> {
    /// `parse field "user=* at *" as user, time`, `parse field /user=(?<user>\w+)/ multi`; without a field, of
    /// `@message`. The forms `logfmt` and `csv` are read, but give nothing, for they are not done here.
    pub(super) fn extraction(&mut self) -> Result<Option<Extraction>, ParseError> {
        let first = self.peek()?;
        if self.form(&first)? {
            return Ok(None);
        }
        let from = match first.kind {
            Kind::Text(_) | Kind::Sign("/") => Expr::Field("@message".into()),
            Kind::Name(_) | Kind::Field(_) => Expr::Field(self.field()?),
            _ => return Err(self.unexpected(&first, "a field, a text in quotes or a regular expression")),
        };
        let token = self.peek()?;
        if self.form(&token)? {
            return Ok(None);
        }
        self.at = token.end;
        let start = token.start;
        match token.kind {
            Kind::Text(glob) => self.glob(from, &glob, start).map(Some),
            Kind::Sign("/") => self.groups(from, start).map(Some),
            _ => Err(self.unexpected(&token, "a text in quotes or a regular expression")),
        }
    }

    /// Takes one of the forms that are not done here, with its arguments.
    fn form(&mut self, token: &Token<'_>) -> Result<bool, ParseError> {
        let Kind::Name(name) = token.kind else { return Ok(false) };
        let next = self.text[token.end..].trim_start();
        let is_field = next.starts_with(['"', '\'', '/', '.', '[']);
        let form = ["logfmt", "csv"].into_iter().find(|form| name.eq_ignore_ascii_case(form) && !is_field);
        let Some(form) = form else { return Ok(false) };
        self.refuse(token.start, format!("the local engine does not do `parse {form}`"));
        self.skip_arguments()?;
        Ok(true)
    }

    fn glob(&mut self, from: Expr, glob: &str, start: usize) -> Result<Extraction, ParseError> {
        if !self.eat_word("as")? {
            return Err(self.unexpected(&self.peek()?, "`as` and a name for each `*`"));
        }
        let mut names = vec![self.name()?];
        while self.eat(",")? {
            names.push(self.name()?);
        }
        let parts: Vec<String> = glob.split('*').map(regex::escape).collect();
        let wildcards = parts.len() - 1;
        // A glob without wildcards marks the records that hold it.
        let body = if wildcards == 0 { format!("({})", parts[0]) } else { parts.join("(.*?)") };
        if wildcards.max(1) != names.len() {
            let message = format!("the glob has {wildcards} `*`, but there are {} names", names.len());
            return Err(ParseError::new(start, message));
        }
        // The last wildcard takes the rest, if nothing follows it.
        let body = body.strip_suffix("(.*?)").map_or_else(|| body.clone(), |body| format!("{body}(.*)"));
        let expression = self.compile(&format!("(?s){body}"), start, self.at)?;
        Ok(Extraction { from, expression, multi: false, columns: (1..).zip(names).collect() })
    }

    fn groups(&mut self, from: Expr, start: usize) -> Result<Extraction, ParseError> {
        let (body, end) = expression(self.text, start)?;
        self.at = end;
        let (body, names) = plain_groups(body);
        let expression = self.compile(&body, start, end)?;
        let refused = self.refusal.as_ref().is_some_and(|refusal| refusal.position == start);
        let number = |plain: &str| expression.capture_names().position(|name| name == Some(plain));
        let columns: Vec<(usize, Arc<str>)> = names
            .iter()
            .enumerate()
            .filter_map(|(index, name)| Some((number(&group(index))?, name.as_str().into())))
            .collect();
        if columns.is_empty() && !refused {
            return Err(ParseError::new(start, "the regular expression names no group: write `(?<name>…)`"));
        }
        Ok(Extraction { from, expression, multi: self.eat_word("multi")?, columns })
    }
}

/// The name of a group inside the expression; a column's name may hold what a group's may not (`@user`).
fn group(index: usize) -> String {
    format!("group{index}")
}

/// The expression with its named groups renamed, and their names.
fn plain_groups(body: &str) -> (String, Vec<String>) {
    let mut out = String::new();
    let mut names: Vec<String> = Vec::new();
    let mut rest = body;
    while let Some(at) = rest.find('\\').into_iter().chain(rest.find("(?<")).chain(rest.find("(?P<")).min() {
        let opening = if rest[at..].starts_with("(?P<") { 4 } else { 3 };
        let name = rest[at..].starts_with('(').then(|| &rest[at + opening..]);
        let name =
            name.filter(|name| !name.starts_with(['=', '!'])).and_then(|name| name.find('>').map(|end| &name[..end]));
        let Some(name) = name else {
            // An escaped character or something else: leave it as it is.
            let end = at + rest[at..].chars().take(2).map(char::len_utf8).sum::<usize>();
            out.push_str(&rest[..end]);
            rest = &rest[end..];
            continue;
        };
        out.push_str(&rest[..at]);
        out.extend(["(?<", &group(names.len()), ">"]);
        rest = &rest[at + opening + name.len() + 1..];
        names.push(name.to_owned());
    }
    out.push_str(rest);
    (out, names)
}
