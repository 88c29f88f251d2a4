//! A filter over rows: what is read off a request's columns, without its line.

use std::borrow::Cow;
use std::ops::Range;

use crate::analysis::filter::{Compare, Expr, Field, Filter, Needle, Part, Value};
use crate::panes::Zone;
use crate::store::request::Request;
use crate::text::{clean, time};

/// Whether a filter lets a request through, as far as its columns tell; a field that is no column is not there.
pub(super) fn passes(filter: &Filter, request: &Request, zone: Zone) -> bool {
    filter.expr().is_none_or(|expr| holds(expr, request, zone))
}

fn holds(expr: &Expr, request: &Request, zone: Zone) -> bool {
    match expr {
        Expr::All(parts) => parts.iter().all(|part| holds(part, request, zone)),
        Expr::Any(parts) => parts.iter().any(|part| holds(part, request, zone)),
        Expr::Not(part) => !holds(part, request, zone),
        Expr::Text(needle) => stands_anywhere(needle, request, zone),
        Expr::Field(field, compare) => field_holds(field, compare, request, zone),
    }
}

fn field_holds(field: &Field, compare: &Compare, request: &Request, zone: Zone) -> bool {
    let Some(part) = field.part else { return false };
    let number = if part == Part::Latency { request.latency_s.map(Value::Number) } else { None };
    let holds = |value: &Value<'_>| compare.holds(value);
    match (compare, number) {
        (Compare::Is(_) | Compare::Less(_) | Compare::More(_), Some(number)) => holds(&number),
        // What is looked for in a latency is what stands in its column.
        _ => text_of(part, request, zone).is_some_and(|text| holds(&Value::Text(text))),
    }
}

fn stands_anywhere(needle: &Needle, request: &Request, zone: Zone) -> bool {
    let stands = |part| text_of(part, request, zone).is_some_and(|text| needle.is_in(text.as_bytes()));
    let always = [Part::Correlation, Part::Reason, Part::Status, Part::Id, Part::Trace];
    let columns = (0..request.columns.len()).map(Part::Column);
    // Times and latencies are written only for what could be part of one.
    let digits = needle.is_pattern() || needle.text.starts_with(|c: char| c.is_ascii_digit());
    always.into_iter().chain(columns).any(stands) || digits && [Part::Time, Part::Latency].into_iter().any(stands)
}

/// What a row has there, as it is shown.
fn text_of(part: Part, request: &Request, zone: Zone) -> Option<Cow<'_, str>> {
    match part {
        Part::Time => Some(Cow::Owned(time::clock_ms(&zone.at(request.time)))),
        Part::Status => Some(Cow::Borrowed(request.status.name())),
        Part::Id => Some(clean(&request.id)),
        Part::Correlation => request.correlation_id.as_deref().map(clean),
        Part::Trace => request.trace_id.as_deref().map(clean),
        Part::Latency => request.latency_s.map(|latency| Cow::Owned(super::view::latency(latency))),
        Part::Reason => request.reason.as_deref().map(clean),
        Part::Column(column) => request.columns.get(column).map(|text| clean(text)),
    }
}

/// The byte ranges of a cell's text to be marked; `part` is `None` in a cell that shows no part of a row.
pub(super) fn marks(filter: &Filter, part: Option<Part>, text: &str) -> Vec<Range<usize>> {
    let here = |field: Option<&Field>| field.is_none_or(|field| part.is_some() && field.part == part);
    filter.marks().into_iter().filter(|(field, _)| here(*field)).flat_map(|(_, needle)| needle.find(text)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::panes::testing;

    #[test]
    fn terms_must_all_hold() {
        let world = testing::World::live();
        let rules = world.board.feed.as_ref().expect("a feed");
        let request = world.store.requests.by_id("req-1").expect("the failed one");
        let cases = [
            ("", true),
            ("timeout", true),
            ("TIMEOUT contoso", true),
            ("timeout northwind", false),
            ("status:failed", true),
            ("status:success", false),
            ("!status:failed", false),
            ("!status:success", true),
            ("issuer:contoso", true),
            ("wallet:contoso", false),
            ("Issuer:CONTOSO reason:tsp", true),
            ("\"tsp timeout\"", false),
            ("tsp_time", true),
            ("latency:>20", true),
            ("latency:>30", false),
            ("latency:<30s", true),
            ("latency:24", true),
            ("24.3", true),
            ("10:28:06", true),
            ("unknown:field", false),
            ("status:", true),
            ("!", true),
            ("\"", true),
            (":", false),
            ("latency > 3 and issuer = \"Contoso_Bank\"", true),
            ("latency > 30 or issuer ~ ^contoso", true),
            ("not (status = failed and latency > 20)", false),
            ("http.status = 500", false),
        ];
        for (text, expected) in cases {
            assert_eq!(passes(&Filter::parse(text, rules), request, Zone::Utc), expected, "{text}");
        }
    }

    #[test]
    fn matches_are_marked_where_they_stand() {
        let world = testing::World::live();
        let rules = world.board.feed.as_ref().expect("a feed");
        let filter = Filter::parse("bank issuer:oso status:ok !a", rules);
        assert_eq!(marks(&filter, Some(Part::Column(3)), "Contoso_Bank"), vec![8..12, 4..7]);
        assert_eq!(marks(&filter, Some(Part::Reason), "BANK bank é"), vec![0..4, 5..9]);
        assert_eq!(marks(&filter, None, "BANK oso"), vec![0..4]);
        assert_eq!(marks(&filter, Some(Part::Reason), ""), Vec::<Range<usize>>::new());
    }
}
