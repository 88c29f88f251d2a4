//! What is drawn of the distant past stands for all of it.

use super::*;

/// Dimension names and values.
type Dimensions<'a> = &'a [(&'a str, &'a str)];

/// Statistics of a metric over a day: how many values, their mean, and the 99th percentile.
fn figures(world: &World, name: &str, namespace: &str, dimensions: Dimensions<'_>, now: Time) -> [f64; 3] {
    let day = (at("2025-10-01T00:00:00Z"), at("2025-10-02T00:00:00Z"));
    let name = MetricName { namespace: namespace.to_owned(), ..metric(name, dimensions) };
    let readings = world.readings(&name).expect("a metric");
    let (count, sum) = readings.total(day.0, day.1, now);
    let all = readings.all(day.0, day.1, now);
    assert_eq!(all.total().0, count);
    assert!((all.total().1 - sum).abs() <= 1e-9 * sum.abs());
    let mut seen = 0;
    let p99 = all.values.iter().find(|(_, n)| {
        seen += n;
        seen * 100 >= count * 99
    });
    [count as f64, sum / count as f64, p99.expect("a value").0]
}

#[test]
fn a_part_of_the_minutes_stands_for_all() {
    let world = world(8.0);
    let service = "TokenServices";
    let combo = [("Issuer", "DEMO_Bank"), ("WalletProvider", "ApplePay")];
    // How far count, mean and 99th percentile may be off, as shares.
    let cases: [(&str, &str, Dimensions<'_>, [f64; 3]); 8] = [
        ("TokenProvisioningRequests", service, &[], [0.01, 0.0, 0.0]),
        ("TokenProvisioningRequests", service, &combo, [0.02, 0.0, 0.0]),
        ("TokenProvisioningSuccess", service, &[], [0.01, 0.0, 0.0]),
        ("TokenProvisioningFailure", service, &[], [0.04, 0.0, 0.0]),
        ("TokenProvisioningLatency", service, &[], [0.01, 0.01, 0.04]),
        ("ActiveTokenCount", service, &[], [0.0, 0.01, 0.03]),
        ("TokenProvisioningPending", service, &[], [0.0, 0.12, 0.3]),
        ("Errors", "AWS/Lambda", &[("FunctionName", "token-provisioning-service")], [0.01, 0.0, 0.0]),
    ];
    let exact_at = at("2025-10-03T00:00:00Z");
    for (name, namespace, dimensions, most) in cases {
        let exact = figures(&world, name, namespace, dimensions, exact_at);
        for days in [20, 100] {
            let thinned = figures(&world, name, namespace, dimensions, exact_at + TimeDelta::days(days));
            for ((thinned, exact), most) in thinned.into_iter().zip(exact).zip(most) {
                assert!((thinned - exact).abs() <= most * exact, "{name} after {days} days: {thinned} for {exact}");
            }
        }
    }
}

#[test]
fn dead_letters_are_likely_ones() {
    let world = world(40.0);
    let queue = [("QueueName", "payments-dlq")];
    let name = "ApproximateNumberOfMessagesVisible";
    let exact_at = at("2025-10-03T00:00:00Z");
    let exact = figures(&world, name, "AWS/SQS", &queue, exact_at);
    let thinned = figures(&world, name, "AWS/SQS", &queue, exact_at + TimeDelta::days(20));
    assert!((thinned[0] - exact[0]).abs() < 1e-9, "one reading a minute");
    assert!((thinned[1] - exact[1]).abs() < 0.12 * exact[1], "{thinned:?} for {exact:?}");
}
