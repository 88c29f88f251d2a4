//! The fields that a query asks of its records, and those of them that no record has.

use std::collections::BTreeSet;
use std::sync::Arc;

use memchr::memmem::Finder;

use super::ast::{Expr, Plan, Series, Stage};
use super::record::Fields;
use crate::text::closest;

/// Records whose fields are learnt, to say which one was meant.
const SAMPLE: u64 = 256;
/// Fields that are learnt, and bytes of their names: a log may hold anything.
const MOST: usize = 1_000;
const LONGEST: usize = 100;
/// Functions that are asked whether there is something at all.
const ASKING: [&str; 4] = ["coalesce", "ispresent", "isempty", "isblank"];
/// What every record has.
const SYSTEM: [&str; 6] = ["@timestamp", "@ingestionTime", "@message", "@logStream", "@log", "@ptr"];

/// A field that a query asks for and that no record has.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unknown {
    /// Its name.
    pub name: String,
    /// Whether rows are sorted, told apart or shown by it, so that it is missed however many rows there are.
    pub matters: bool,
    /// The field that may have been meant.
    pub meant: Option<String>,
}

/// A field that no record has had so far.
#[derive(Debug)]
struct Wanted {
    name: Arc<str>,
    matters: bool,
    /// What a message must hold to have it.
    finder: Finder<'static>,
}

/// Looks out for the fields that a query asks for.
#[derive(Debug)]
pub(super) struct Watch {
    wanted: Vec<Wanted>,
    known: BTreeSet<String>,
    records: u64,
}

impl Watch {
    pub(super) fn new(plan: &Plan) -> Self {
        let finder = |name: &str| Finder::new(name.split('.').next().unwrap_or(name)).into_owned();
        let wanted = asked(plan).into_iter().map(|(name, matters)| Wanted { finder: finder(&name), name, matters });
        Self { wanted: wanted.collect(), known: BTreeSet::new(), records: 0 }
    }

    /// Looks at a record. JSON is read only where the words are there at all.
    pub(super) fn look(&mut self, fields: &Fields<'_>) {
        self.records += 1;
        let message = fields.record().message;
        // An escaped letter may hide a word.
        let may = |wanted: &Wanted| {
            wanted.name.starts_with('@') || wanted.finder.find(message.as_bytes()).is_some() || message.contains("\\u")
        };
        self.wanted.retain(|wanted| !(may(wanted) && fields.has(&wanted.name)));
        if self.records <= SAMPLE && !self.wanted.is_empty() {
            fields.names(&mut |name| {
                if name.len() <= LONGEST && self.known.len() < MOST {
                    self.known.insert(name);
                }
            });
        }
    }

    /// Those that no record has; none where there was no record.
    pub(super) fn unknown(&self) -> Vec<Unknown> {
        let unknown = |wanted: &Wanted| Unknown {
            name: wanted.name.to_string(),
            matters: wanted.matters,
            meant: self.meant(&wanted.name),
        };
        self.wanted.iter().filter(|_| self.records > 0).map(unknown).collect()
    }

    /// The field at the end of a path of this name, or the one that is spelt most like it.
    fn meant(&self, name: &str) -> Option<String> {
        let known = || self.known.iter().map(String::as_str).chain(SYSTEM);
        let within = known().find(|known| known.rsplit_once('.').is_some_and(|(_, last)| last == name));
        within.or_else(|| closest(name, known())).map(str::to_owned)
    }
}

/// The fields that are asked of records, and whether each matters beside a filter.
fn asked(plan: &Plan) -> Vec<(Arc<str>, bool)> {
    let mut asked = Asked::default();
    for stage in &plan.stages {
        match stage {
            Stage::Fields(list) | Stage::Display(list) => {
                for named in list {
                    asked.see(&named.expr, true);
                    if !named.is_plain() {
                        asked.made.push(Arc::clone(&named.name));
                    }
                }
            }
            Stage::Filter(expr) => asked.see(expr, false),
            Stage::Parse(extraction) => {
                asked.see(&extraction.from, true);
                asked.made.extend(extraction.columns.iter().map(|(_, name)| Arc::clone(name)));
            }
            Stage::Sort(keys) => asked.all(keys.iter().map(|key| &key.expr), true),
            Stage::Dedup(by) => asked.all(by, true),
            Stage::Unnest(from, name) => {
                asked.see(from, true);
                asked.made.push(Arc::clone(name));
            }
            Stage::Join(join) => {
                asked.see(&join.on, true);
                asked.made.push(Arc::clone(&join.name));
            }
            Stage::Lookup(lookup) => {
                asked.all(lookup.keys.iter().map(|(_, expr)| expr), true);
                asked.made.extend(lookup.columns.iter().cloned());
            }
            Stage::Series(series) => asked.series(series),
            Stage::Limit(_) => {}
            // What follows is asked of rows that are no records.
            Stage::Stats(stats) => {
                asked.all(stats.by.iter().map(|named| &named.expr), true);
                asked.all(stats.aggregates.iter().filter_map(|it| it.of.as_ref()), true);
                break;
            }
            Stage::Pattern(clustering) => {
                asked.see(&clustering.of, true);
                break;
            }
        }
    }
    asked.found
}

/// What was asked so far, and what the query has made itself.
#[derive(Default)]
struct Asked {
    found: Vec<(Arc<str>, bool)>,
    made: Vec<Arc<str>>,
}

impl Asked {
    fn field(&mut self, name: &Arc<str>, matters: bool) {
        let is_part = |made: &Arc<str>| name.strip_prefix(made.as_ref()).is_some_and(|rest| rest.starts_with('.'));
        if self.made.iter().any(|made| made == name || is_part(made)) {
            return;
        }
        match self.found.iter_mut().find(|(known, _)| known == name) {
            Some((_, known)) => *known |= matters,
            None => self.found.push((Arc::clone(name), matters)),
        }
    }

    fn all<'e>(&mut self, exprs: impl IntoIterator<Item = &'e Expr>, matters: bool) {
        for expr in exprs {
            self.see(expr, matters);
        }
    }

    fn see(&mut self, expr: &Expr, matters: bool) {
        match expr {
            Expr::Field(name) => self.field(name, matters),
            Expr::All(parts) | Expr::Any(parts) => self.all(parts, matters),
            Expr::Not(of)
            | Expr::Contains(of, ..)
            | Expr::Matches(of, ..)
            | Expr::Among(of, ..)
            | Expr::Floor(of, _)
            | Expr::Ceil(of, _) => self.see(of, matters),
            Expr::Compare(one, _, two) | Expr::Arithmetic(one, _, two) => {
                self.see(one, matters);
                self.see(two, matters);
            }
            Expr::In(of, list, _) => {
                self.see(of, matters);
                self.all(list, matters);
            }
            Expr::Call(function, arguments) => {
                let matters = matters && !ASKING.iter().any(|name| name.eq_ignore_ascii_case(function.name));
                self.all(arguments, matters);
            }
            Expr::Literal(_) | Expr::Now(_) | Expr::Aggregate(_) => {}
        }
    }

    fn series(&mut self, series: &Series) {
        match series {
            Series::Accum { of, name } => {
                self.see(of, true);
                self.made.push(Arc::clone(name));
            }
            Series::Lag { of, names } => {
                self.see(of, true);
                self.made.extend(names.iter().map(|(_, name)| Arc::clone(name)));
            }
            Series::Sessionize { by, name, .. } => {
                self.all(by, true);
                self.made.push(Arc::clone(name));
            }
            Series::Totals { name, .. } => self.made.push(Arc::clone(name)),
            Series::Filldown(_) | Series::Fillmissing { .. } => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::clock::Time;
    use crate::insights::{Record, parse};

    const LINES: [&str; 3] = [
        r#"{"level":"ERROR","latency":3,"device":{"os":"iOS"},"note":null}"#,
        "plain text about lattency",
        r#"{"level":"INFO","\u0074enant":"a"}"#,
    ];

    /// The names that no record has, what was meant, and a mark where they matter.
    fn unknown(query: &str) -> String {
        let mut run = parse(query).unwrap_or_else(|error| panic!("{query}: {error}")).start().watching();
        for message in LINES {
            run.push(&Record::new(Time::default(), "/a", "s", message));
        }
        let told = run.unknown().into_iter().map(|it| {
            let mark = if it.matters { "!" } else { "" };
            it.meant.map_or_else(|| format!("{}{mark}", it.name), |meant| format!("{}{mark}={meant}", it.name))
        });
        told.collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn fields_that_no_record_has_are_told() {
        let cases = [
            ("sort lattency desc", "lattency!=latency"),
            ("stats avg(lattency) by lvel", "lvel!=level lattency!=latency"),
            ("filter Level = 'ERROR'", "Level=level"),
            ("filter level = ERROR", "ERROR"),
            ("fields os", "os!=device.os"),
            ("display @timestmp", "@timestmp!=@timestamp"),
            ("filter a = 1 | sort a", "a!"),
            ("fields coalesce(severity, level) as s | filter s = 'ERROR'", "severity"),
            ("filter not ispresent(wrong)", "wrong"),
        ];
        for (query, expected) in cases {
            assert_eq!(unknown(query), expected, "{query}");
        }
    }

    #[test]
    fn what_records_have_and_queries_make_is_known() {
        let known = [
            "fields level, device.os, note, tenant, device",
            "fields latency * 2 as twice | sort twice | filter twice > 1",
            "parse @message 'text * lattency' as word | filter word = 'about'",
            "stats count(*) as n by level | filter n > 1 | sort m",
            "fields jsonParse(@message) as m | display m.level",
            "pattern @message | filter @sampleCount > 1",
            "stats avg(latency) by bin(5m)",
        ];
        for query in known {
            assert_eq!(unknown(query), "", "{query}");
        }
        let run = parse("sort nothing").expect("a query").start().watching();
        assert_eq!(run.unknown(), [], "no record was read");
    }
}
