//! The published grammar, and what is wrong where.

use super::*;

/// The queries of the user guide's page of samples and of its page on the syntax, on one line each.
const PUBLISHED: &str = include_str!("published.txt");

#[test]
fn every_published_query_parses() {
    let queries: Vec<&str> = PUBLISHED.lines().filter(|line| !line.is_empty()).collect();
    assert!(queries.len() >= 52, "{}", queries.len());
    for query in queries {
        let sql = Sql::parse(query).unwrap_or_else(|error| panic!("{query}: {error}"));
        assert!(Sql::is_meant(query));
        assert_eq!(Sql::parse(&sql.to_string()).as_ref(), Ok(&sql), "{sql}");
        assert!(query.contains(&sql.metric.replace('"', "\\\"")), "{query}");
        assert_eq!(sql.conditions.is_empty(), !query.contains("WHERE"), "{query}");
        assert_eq!(sql.group_by.is_empty(), !query.contains("GROUP BY"), "{query}");
        assert_eq!(sql.order.is_some(), query.contains("ORDER BY"), "{query}");
        assert_eq!(sql.limit.is_some(), query.contains("LIMIT "), "{query}");
        assert_eq!(sql.source.schema.is_some(), query.contains("SCHEMA("), "{query}");
    }
}

#[test]
fn every_clause_is_read() {
    let sql = Sql::parse(
        "select Sum(RequestCount) from schema(\"AWS/ApplicationELB\", LoadBalancer, AvailabilityZone) \
         where LoadBalancer = 'app/load-balancer-1' and AvailabilityZone != 'it\\'s' group by AvailabilityZone, \
         \"Load Balancer\" order by max() desc limit 5",
    )
    .expect("valid");
    let condition = |key: &str, equal, value: &str| Condition { key: key.to_owned(), equal, value: value.to_owned() };
    assert_eq!(
        sql,
        Sql {
            function: Function::Sum,
            metric: "RequestCount".to_owned(),
            source: Source {
                namespace: "AWS/ApplicationELB".to_owned(),
                schema: Some(vec!["AvailabilityZone".to_owned(), "LoadBalancer".to_owned()]),
            },
            conditions: vec![
                condition("LoadBalancer", true, "app/load-balancer-1"),
                condition("AvailabilityZone", false, "it's"),
            ],
            group_by: vec!["AvailabilityZone".to_owned(), "Load Balancer".to_owned()],
            order: Some(Order { function: Function::Max, descending: true }),
            limit: Some(5),
        }
    );
}

#[test]
fn faults_are_named_at_their_place() {
    let cases = [
        ("", 0, "the query ends here, expected SELECT"),
        ("SELECT", 6, "the query ends here, expected one of AVG"),
        ("SELECT P99(Latency) FROM X", 7, "unexpected 'P99', expected one of AVG"),
        ("SELECT AVG() FROM X", 11, "unexpected ')', expected a metric's name"),
        ("SELECT AVG(a) X", 14, "unexpected 'X', expected FROM"),
        ("SELECT AVG(a) FROM AWS/EC2", 22, "unexpected '/'"),
        ("SELECT AVG(a) FROM 'AWS/EC2'", 19, "names stand in double quotes"),
        ("SELECT AVG(My.Metric) FROM X", 11, "a name with a point stands in quotes: \"My.Metric\""),
        ("SELECT AVG(LIMIT) FROM X", 11, "unexpected 'LIMIT', expected a metric's name"),
        ("SELECT AVG(a) FROM SCHEMA()", 26, "unexpected ')', expected a namespace"),
        ("SELECT AVG(a) FROM X WHERE b = c", 31, "unexpected 'c', expected a value in single quotes"),
        ("SELECT AVG(a) FROM X WHERE b LIKE 'c'", 29, "unexpected 'LIKE', expected = or !="),
        ("SELECT AVG(a) FROM X WHERE b = 'c' OR d = 'e'", 35, "unexpected 'OR', expected one of WHERE"),
        ("SELECT AVG(a) FROM X WHERE b = 'c", 31, "this ' is never closed"),
        ("SELECT AVG(a) FROM X GROUP b", 27, "unexpected 'b', expected BY"),
        ("SELECT AVG(a) FROM X ORDER BY MAX(b)", 34, "unexpected 'b', expected )"),
        ("SELECT AVG(a) FROM X LIMIT 501", 27, "unexpected '501', expected a number from 1 to 500"),
        ("SELECT AVG(a) FROM X LIMIT 5 GROUP BY b", 29, "unexpected 'GROUP', expected one of WHERE"),
    ];
    for (text, position, message) in cases {
        let error = Sql::parse(text).expect_err(text);
        assert_eq!(error.position, position, "{text}: {error}");
        assert!(error.message.starts_with(message), "{text}: {error}");
    }
}

#[test]
fn metrics_are_read_by_schema_and_conditions() {
    let pairs = |pairs: &[(&str, &str)]| pairs.iter().map(|(k, v)| ((*k).to_owned(), (*v).to_owned())).collect();
    let none: Vec<(String, String)> = Vec::new();
    let one: Vec<(String, String)> = pairs(&[("A", "1")]);
    let two: Vec<(String, String)> = pairs(&[("A", "1"), ("B", "2")]);
    let cases = [
        ("SELECT AVG(m) FROM N", [true, true, true]),
        ("SELECT AVG(m) FROM SCHEMA(N)", [true, false, false]),
        ("SELECT AVG(m) FROM SCHEMA(N, A)", [false, true, false]),
        ("SELECT AVG(m) FROM SCHEMA(N, B, A)", [false, false, true]),
        ("SELECT AVG(m) FROM N WHERE A = '1'", [false, true, true]),
        ("SELECT AVG(m) FROM N WHERE A = '1' AND B != '2'", [false, true, false]),
        ("SELECT AVG(other) FROM N", [false, false, false]),
        ("SELECT AVG(m) FROM M", [false, false, false]),
    ];
    for (text, expected) in cases {
        let sql = Sql::parse(text).expect(text);
        assert_eq!([&none, &one, &two].map(|dimensions| sql.reads("N", "m", dimensions)), expected, "{text}");
    }
}
