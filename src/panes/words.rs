//! Metric queries in AWS's words.

use crate::store::series::{MetricQuery, MetricSource};
use crate::text::clean;

/// A query as lines of its id and what it asks: namespace, metric, dimensions, statistic and period; an expression
/// first, then its inputs.
pub fn query_lines(id: &str, query: &MetricQuery) -> Vec<(String, String)> {
    let period = query.period_s;
    let account = query.account.as_ref().map(|account| format!(" · account {}", clean(account))).unwrap_or_default();
    match &query.source {
        MetricSource::Stat { namespace, name, dimensions, stat } => {
            let dimensions: Vec<String> =
                dimensions.iter().map(|(key, value)| format!("{}={}", clean(key), clean(value))).collect();
            let dimensions =
                if dimensions.is_empty() { String::new() } else { format!(" {{{}}}", dimensions.join(", ")) };
            let text = format!("{} {}{dimensions} · {} · {period} s", clean(namespace), clean(name), clean(stat));
            vec![(clean(id).into_owned(), text + &account)]
        }
        MetricSource::Expression { text, inputs } => {
            let first = (clean(id).into_owned(), format!("{} · {period} s{account}", clean(text)));
            let rest = inputs.iter().flat_map(|(id, query)| query_lines(id, query));
            std::iter::once(first).chain(rest).collect()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn queries_are_said_in_awss_words() {
        let errors = MetricQuery::stat("AWS/Lambda", "Errors", &[("FunctionName", "f")], "Sum", 60);
        let calls = MetricQuery::stat("AWS/Lambda", "Invocations", &[], "Sum", 60);
        let inputs = vec![("e".to_owned(), errors), ("i".to_owned(), calls)];
        let rate = MetricQuery::expression("100*e/i", inputs, 300);
        let lines: Vec<String> =
            query_lines("r", &rate).into_iter().map(|(id, text)| format!("{id} = {text}")).collect();
        assert_eq!(
            lines,
            [
                "r = 100*e/i · 300 s",
                "e = AWS/Lambda Errors {FunctionName=f} · Sum · 60 s",
                "i = AWS/Lambda Invocations · Sum · 60 s"
            ]
        );
    }
}
