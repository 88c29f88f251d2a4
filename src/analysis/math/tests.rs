//! Evaluation over series, on the user guide's own examples where it has some.

use crate::clock::Time;
use crate::store::series::Series;

use super::node::Node;
use super::{Env, Expr, Value, evaluate};

/// Four or five minutes of a few metrics; `NAN` marks a missing datapoint.
struct Minutes(Vec<(&'static str, Vec<f64>)>);

const GAP: f64 = f64::NAN;

fn time(minute: usize) -> Time {
    chrono::DateTime::from_timestamp(1_768_471_200 + minute as i64 * 60, 0).expect("in range")
}

fn series(label: &str, values: &[f64]) -> Series {
    let points = values.iter().enumerate().filter(|(_, v)| !v.is_nan()).map(|(i, v)| (time(i), *v)).collect();
    Series { label: label.to_owned(), points }
}

impl Env for Minutes {
    fn value(&self, id: &str) -> Result<Value, String> {
        let found = self.0.iter().find(|(name, _)| *name == id);
        found.map(|(name, values)| Value::Series(series(name, values))).ok_or_else(|| format!("'{id}' is not defined"))
    }

    fn metrics(&self) -> Vec<(String, Series)> {
        self.0.iter().map(|(id, values)| ((*id).to_owned(), series(id, values))).collect()
    }

    fn period(&self, id: &str) -> Option<u32> {
        self.0.iter().any(|(name, _)| *name == id).then_some(60)
    }

    fn times(&self) -> Vec<Time> {
        (0..self.0[0].1.len()).map(time).collect()
    }

    fn search(&self, query: &str, stat: &str, period_s: Option<u32>) -> Result<Vec<Series>, String> {
        if query.is_empty() {
            return Err("empty search".to_owned());
        }
        Ok(vec![series(&format!("{query} {stat} {period_s:?}"), &[1.0])])
    }

    fn band(&self, of: &Node, width: f64) -> Result<[Series; 2], String> {
        let mut ids = Vec::new();
        of.collect_ids(&mut ids);
        Ok([series(&ids.concat(), &[width]), series(&ids.concat(), &[-width])])
    }
}

fn run(env: &Minutes, text: &str) -> Result<Value, String> {
    let expr = Expr::parse(text).map_err(|error| error.to_string())?;
    evaluate(&expr, env).map_err(|error| error.to_string())
}

/// The values of every line of the result, gaps included.
fn values(env: &Minutes, text: &str) -> Vec<Vec<f64>> {
    let lines = run(env, text).expect(text).into_series().expect("lines");
    let row = |line: Series| (0..env.0[0].1.len()).map(|i| line.at(time(i)).unwrap_or(GAP)).collect();
    lines.into_iter().map(row).collect()
}

fn same(actual: &[Vec<f64>], expected: &[Vec<f64>]) -> bool {
    let equal = |(a, b): (&f64, &f64)| a.is_nan() && b.is_nan() || (a - b).abs() < 1e-12;
    actual.len() == expected.len()
        && actual.iter().zip(expected).all(|(a, b)| a.len() == b.len() && a.iter().zip(b).all(equal))
}

fn check(env: &Minutes, text: &str, expected: &[Vec<f64>]) {
    let actual = values(env, text);
    assert!(same(&actual, expected), "{text}: {actual:?} is not {expected:?}");
}

#[test]
fn comparisons_as_in_the_user_guide() {
    let env = Minutes(vec![("metric1", vec![30.0, 20.0, 0.0, 0.0]), ("metric2", vec![20.0, GAP, 20.0, GAP])]);
    check(&env, "metric1 < metric2", &[vec![0.0, 0.0, 1.0, 0.0]]);
    check(&env, "metric1 >= 30", &[vec![1.0, 0.0, 0.0, 0.0]]);
    check(&env, "metric1 > 15 AND metric2 > 15", &[vec![1.0, 0.0, 0.0, 0.0]]);
}

#[test]
fn if_as_in_the_user_guide() {
    let env = Minutes(vec![
        ("metric1", vec![1.0, 1.0, 0.0, 0.0, GAP]),
        ("metric2", vec![30.0, GAP, 0.0, 0.0, 30.0]),
        ("metric3", vec![0.0, 0.0, 20.0, GAP, 20.0]),
    ]);
    check(&env, "IF(metric1, metric2, metric3)", &[vec![30.0, 0.0, 20.0, GAP, GAP]]);
    check(&env, "IF(metric1, 5, metric3)", &[vec![5.0, 5.0, 20.0, GAP, GAP]]);
    check(&env, "IF(metric1, metric2, 5)", &[vec![30.0, 0.0, 5.0, 5.0, GAP]]);
    check(&env, "IF(metric3 > 10, metric3)", &[vec![GAP, GAP, 20.0, GAP, 20.0]]);
    check(&env, "IF(0, metric1)", &[vec![GAP; 5]]);
    check(&env, "IF(2, metric1, metric2)", &[vec![1.0, 1.0, 0.0, 0.0, GAP]]);
}

#[test]
fn functions_over_lines() {
    let env = Minutes(vec![("m1", vec![4.0, GAP, 0.0, 16.0]), ("m2", vec![2.0, 1.0, 0.0, -4.0])]);
    let cases: [(&str, Vec<Vec<f64>>); 30] = [
        ("m1 + m2", vec![vec![6.0, GAP, 0.0, 12.0]]),
        ("m1 / m2", vec![vec![2.0, GAP, GAP, -4.0]]),
        ("100 * m1 / (m1 + m2)", vec![vec![400.0 / 6.0, GAP, GAP, 1600.0 / 12.0]]),
        ("2 ^ m2", vec![vec![4.0, 2.0, 1.0, 1.0 / 16.0]]),
        ("-[m1, m2]", vec![vec![-4.0, GAP, 0.0, -16.0], vec![-2.0, -1.0, 0.0, 4.0]]),
        ("m2 - [m1]", vec![vec![-2.0, GAP, 0.0, -20.0]]),
        ("SUM([m1, m2])", vec![vec![6.0, 1.0, 0.0, 12.0]]),
        ("AVG([m1, m2])", vec![vec![3.0, 0.5, 0.0, 6.0]]),
        ("MIN([m1, m2])", vec![vec![2.0, 1.0, 0.0, -4.0]]),
        ("MAX(METRICS())", vec![vec![4.0, 1.0, 0.0, 16.0]]),
        ("DATAPOINT_COUNT([m1, m2])", vec![vec![2.0, 1.0, 2.0, 2.0]]),
        ("m2 - AVG(m1)", vec![vec![2.0 - 20.0 / 3.0, 1.0 - 20.0 / 3.0, -20.0 / 3.0, -4.0 - 20.0 / 3.0]]),
        ("m2 / SUM(m1)", vec![vec![0.1, 0.05, 0.0, -0.2]]),
        ("m2 / METRIC_COUNT(METRICS())", vec![vec![1.0, 0.5, 0.0, -2.0]]),
        ("METRICS('2')", vec![vec![2.0, 1.0, 0.0, -4.0]]),
        ("FILL(m1, 7)", vec![vec![4.0, 7.0, 0.0, 16.0]]),
        ("FILL(m1, m2)", vec![vec![4.0, 1.0, 0.0, 16.0]]),
        ("FILL(m1, REPEAT)", vec![vec![4.0, 4.0, 0.0, 16.0]]),
        ("FILL(m1, LINEAR)", vec![vec![4.0, 2.0, 0.0, 16.0]]),
        ("m2 / PERIOD(m2) * 60", vec![vec![2.0, 1.0, 0.0, -4.0]]),
        ("DIFF(m2)", vec![vec![GAP, -1.0, -1.0, -4.0]]),
        ("RATE(m1) * 60", vec![vec![GAP, GAP, -2.0, 16.0]]),
        ("DIFF_TIME(m1)", vec![vec![GAP, GAP, 120.0, 60.0]]),
        ("RUNNING_SUM(m2)", vec![vec![2.0, 3.0, 3.0, -1.0]]),
        ("ABS(m2) + CEIL(m2 / 3)", vec![vec![3.0, 2.0, 0.0, 3.0]]),
        ("FIRST(SORT(METRICS(), SUM, DESC))", vec![vec![4.0, GAP, 0.0, 16.0]]),
        ("LAST([m1, m2])", vec![vec![2.0, 1.0, 0.0, -4.0]]),
        ("SLICE(SORT([m1, m2], MIN, ASC), 1)", vec![vec![4.0, GAP, 0.0, 16.0]]),
        ("TIME_SERIES(MAX(m1))", vec![vec![16.0; 4]]),
        ("MINUTE(m1) + HOUR(m1) * 0", vec![vec![0.0, 1.0, 2.0, 3.0]]),
    ];
    for (text, expected) in cases {
        check(&env, text, &expected);
    }
}

#[test]
fn fillers_leave_what_they_cannot_know() {
    let env = Minutes(vec![("m1", vec![GAP, 1.0, GAP, GAP, 4.0, GAP])]);
    check(&env, "FILL(m1, LINEAR)", &[vec![GAP, 1.0, 2.0, 3.0, 4.0, GAP]]);
    check(&env, "FILL(m1, REPEAT)", &[vec![GAP, 1.0, 1.0, 1.0, 4.0, 4.0]]);
    check(&env, "FILL(m1, 0)", &[vec![0.0, 1.0, 0.0, 0.0, 4.0, 0.0]]);
}

#[test]
fn search_and_band_are_the_environments() {
    let env = Minutes(vec![("m1", vec![1.0])]);
    let labels = |text: &str| -> Vec<String> {
        run(&env, text).expect(text).into_series().expect("lines").into_iter().map(|line| line.label).collect()
    };
    assert_eq!(labels("SEARCH('{A,B} x', \"Sum\", 300)"), ["{A,B} x Sum Some(300)"]);
    assert_eq!(labels("SEARCH('x', 'p99')"), ["x p99 None"]);
    check(&env, "ANOMALY_DETECTION_BAND(m1)", &[vec![2.0], vec![-2.0]]);
    check(&env, "LAST(ANOMALY_DETECTION_BAND(m1, 3))", &[vec![-3.0]]);
}

#[test]
fn errors_say_where_and_scalars_are_no_result() {
    let env = Minutes(vec![("m1", vec![1.0])]);
    let cases = [
        ("m1 + m2", "'m2' is not defined at position 5"),
        ("m1 * SERVICE_QUOTA(m1)", "Unsupported function 'SERVICE_QUOTA' at position 5"),
        ("[m1] + [m1]", "Unsupported operand type(s) for +: '[TimeSeries[], TimeSeries[]]' at position 5"),
        ("m1 + 'a'", "Unsupported type in expression at position 5"),
        ("SEARCH('', 'Sum')", "empty search at position 7"),
        ("RATE(5)", "RATE takes time series, not scalars at position 5"),
        ("AVG(m1, m1)", "AVG takes 1 argument, found 2 at position 0"),
        ("PERIOD(m1 + 1)", "PERIOD takes a metric, not an expression at position 10"),
        ("[5]", "An array takes time series, not scalars at position 1"),
    ];
    for (text, message) in cases {
        assert_eq!(run(&env, text), Err(message.to_owned()), "{text}");
    }
    assert_eq!(run(&env, "AVG(m1)").expect("valid").into_series(), None);
}
