//! AWS's words and data for the reason of a state.

use serde_json::{Value, json};

use crate::analysis::alarm::{Comparison, MofN, TreatMissing};
use crate::clock::Time;
use crate::demo::cloudwatch::query::What;
use crate::store::alarm::AlarmState;

use super::definition::{Definition, Limit, Watch, arn};
use super::timeline::{Datapoint, Evidence, Transition};

/// The reason of an alarm that has not been evaluated.
pub(super) const UNCHECKED: &str = "Unchecked: Initial alarm creation";

/// The sentence of `StateReason`.
pub(super) fn sentence(definition: &Definition, transition: &Transition) -> String {
    match (&transition.evidence, &definition.watch) {
        (Evidence::Datapoints(points), watch @ (Watch::Metric(_) | Watch::Logs(_))) => {
            of_points(watch, transition, points)
        }
        (Evidence::Child(name, state), _) => format!(
            "{} transitioned to {} at {}",
            arn(name),
            state.name(),
            transition.at.format("%A %d %B, %Y %H:%M:%S UTC")
        ),
        // What has never been told of stays as it was made.
        (Evidence::Created, Watch::Metric(_) | Watch::Logs(_)) => UNCHECKED.to_owned(),
        (Evidence::Created | Evidence::Datapoints(_), _) => {
            format!("{} was created and its alarm rule evaluates to {}", definition.arn(), transition.to.name())
        }
    }
}

fn of_points(watch: &Watch, transition: &Transition, points: &[Datapoint]) -> String {
    let (Some((rule, _)), Some((limit, comparison))) = (watch.rule(), watch.limit()) else { return String::new() };
    let fires = transition.to == AlarmState::Alarm;
    if transition.to == AlarmState::InsufficientData {
        return format!("Insufficient Data: {} datapoints were unknown.", rule.evaluation_periods);
    }
    if points.is_empty() {
        return of_nothing(rule);
    }
    let deciding: Vec<&Datapoint> = points.iter().filter(|point| point.breaches == fires).collect();
    let list =
        |one: &dyn Fn(&Datapoint) -> String| deciding.iter().map(|point| one(point)).collect::<Vec<_>>().join(", ");
    let values = list(&|point| format!("{:?} ({})", point.value, point.at.format("%d/%m/%y %H:%M:%S")));
    let lower = list(&|point| format!("{:?}", point.lower));
    let upper = list(&|point| format!("{:?}", point.upper));
    let threshold = match limit {
        Limit::Threshold(threshold) => format!("the threshold ({threshold:?})"),
        Limit::Band(_) => String::new(),
    };
    let words = match comparison {
        Comparison::Above => format!("greater than {threshold}"),
        Comparison::AtLeast => format!("greater than or equal to {threshold}"),
        Comparison::Below => format!("less than {threshold}"),
        Comparison::AtMost => format!("less than or equal to {threshold}"),
        Comparison::AboveBand => format!("greater than the upper thresholds [{upper}]"),
        Comparison::BelowBand => format!("less than the lower thresholds [{lower}]"),
        Comparison::OutsideBand => {
            format!("less than the lower thresholds [{lower}] or greater than the upper thresholds [{upper}]")
        }
    };
    let minimum = if fires { rule.datapoints_to_alarm } else { rule.evaluation_periods - rule.datapoints_to_alarm + 1 };
    format!(
        "{} Crossed: {} out of the last {} datapoints [{values}] {}{} {words} (minimum {minimum} datapoint{} for {} -> {} \
         transition).",
        if matches!(limit, Limit::Band(_)) { "Thresholds" } else { "Threshold" },
        deciding.len(),
        rule.evaluation_periods,
        if deciding.len() == 1 { "was" } else { "were" },
        if fires { "" } else { " not" },
        if minimum == 1 { "" } else { "s" },
        transition.from.name(),
        transition.to.name(),
    )
}

/// What AWS says where not one datapoint came.
fn of_nothing(rule: MofN) -> String {
    let n = rule.evaluation_periods;
    let (periods, datapoints, were) =
        if n == 1 { ("period", "datapoint", "was") } else { ("periods", "datapoints", "were") };
    let treated = match rule.missing {
        TreatMissing::Breaching => "Breaching",
        TreatMissing::NotBreaching | TreatMissing::Missing | TreatMissing::Ignore => "NonBreaching",
    };
    format!(
        "Threshold Crossed: no datapoints were received for {n} {periods} and {n} missing {datapoints} {were} treated as \
         [{treated}]."
    )
}

/// The JSON of `StateReasonData`, `None` where AWS gives none.
pub(super) fn data(definition: &Definition, transition: &Transition) -> Option<Value> {
    match (&transition.evidence, &definition.watch) {
        (Evidence::Datapoints(points), watch @ (Watch::Metric(_) | Watch::Logs(_))) => {
            of_watched(watch, transition.at, points)
        }
        (Evidence::Child(name, state), _) => Some(json!({
            "triggeringAlarms": [{
                "arn": arn(name),
                "state": { "value": state.name(), "timestamp": instant(transition.at) },
            }],
        })),
        (Evidence::Created | Evidence::Datapoints(_), _) => None,
    }
}

fn of_watched(watch: &Watch, at: Time, points: &[Datapoint]) -> Option<Value> {
    let ((_, period_s), (limit, _)) = (watch.rule()?, watch.limit()?);
    let ascending = |pick: &dyn Fn(&Datapoint) -> f64| points.iter().rev().map(pick).collect::<Vec<_>>();
    let mut data = json!({ "version": "1.0", "queryDate": instant(at) });
    if let Some(oldest) = points.last() {
        data["startDate"] = json!(instant(oldest.at));
    }
    if let Watch::Metric(watch) = watch
        && let [query] = &watch.queries[..]
        && let What::Stat(stat) = &query.what
    {
        data["statistic"] = json!(stat.name);
    }
    data["period"] = json!(period_s);
    data["recentDatapoints"] = json!(ascending(&|point| point.value));
    match limit {
        Limit::Threshold(threshold) => data["threshold"] = json!(threshold),
        Limit::Band(_) => {
            data["recentLowerThresholds"] = json!(ascending(&|point| point.lower));
            data["recentUpperThresholds"] = json!(ascending(&|point| point.upper));
        }
    }
    let evaluated = |point: &Datapoint| json!({ "timestamp": instant(point.at), "value": point.value });
    data["evaluatedDatapoints"] = points.iter().map(evaluated).collect();
    Some(data)
}

/// An instant as AWS writes it in reason data.
pub(super) fn instant(at: Time) -> String {
    at.format("%Y-%m-%dT%H:%M:%S%.3f+0000").to_string()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::demo::cloudwatch::alarm::catalogue::definitions;

    fn point(at: &str, value: f64, limits: (f64, f64), breaches: bool) -> Datapoint {
        let at = format!("2026-01-15T{at}:00Z").parse().expect("a time");
        Datapoint { at, value, lower: limits.0, upper: limits.1, breaches }
    }

    fn transition(name: &str, to: AlarmState, evidence: Evidence) -> (Definition, Transition) {
        let alarms = definitions(40.0);
        let alarm = alarms.iter().position(|alarm| alarm.name == name).expect("an alarm");
        let from = if to == AlarmState::Alarm { AlarmState::Ok } else { AlarmState::Alarm };
        let at = "2026-01-15T10:20:00Z".parse().expect("a time");
        (alarms[alarm].clone(), Transition { alarm, at, from, to, evidence })
    }

    #[test]
    fn a_threshold_is_crossed_in_aws_words() {
        let limit = (5.0, 5.0);
        let points = vec![point("10:15", 14.6, limit, true), point("10:10", 13.25, limit, true)];
        let (definition, fired) = transition("HighFailureRate", AlarmState::Alarm, Evidence::Datapoints(points));
        assert_eq!(
            sentence(&definition, &fired),
            "Threshold Crossed: 2 out of the last 2 datapoints [14.6 (15/01/26 10:15:00), 13.25 (15/01/26 10:10:00)] \
             were greater than the threshold (5.0) (minimum 2 datapoints for OK -> ALARM transition)."
        );
        let data = data(&definition, &fired).expect("data");
        assert_eq!(data["recentDatapoints"], json!([13.25, 14.6]));
        assert_eq!(data["threshold"], json!(5.0));
        assert_eq!(data["period"], json!(300));
        assert_eq!(data["startDate"], json!("2026-01-15T10:10:00.000+0000"));
        assert_eq!(data["evaluatedDatapoints"][0]["value"], json!(14.6));

        let points = vec![point("10:40", 2.5, limit, false), point("10:35", 13.0, limit, true)];
        let (definition, cleared) = transition("HighFailureRate", AlarmState::Ok, Evidence::Datapoints(points));
        assert_eq!(
            sentence(&definition, &cleared),
            "Threshold Crossed: 1 out of the last 2 datapoints [2.5 (15/01/26 10:40:00)] was not greater than the \
             threshold (5.0) (minimum 1 datapoint for ALARM -> OK transition)."
        );
    }

    #[test]
    fn a_band_names_its_limits() {
        let limit = (97.0, 99.0);
        let points = vec![
            point("10:12", 86.0, limit, true),
            point("10:11", 87.5, limit, true),
            point("10:10", 95.0, limit, true),
            point("10:09", 98.0, limit, false),
            point("10:08", 98.0, limit, false),
        ];
        let (definition, fired) = transition("SuccessRateDecline", AlarmState::Alarm, Evidence::Datapoints(points));
        assert_eq!(
            sentence(&definition, &fired),
            "Thresholds Crossed: 3 out of the last 5 datapoints [86.0 (15/01/26 10:12:00), 87.5 (15/01/26 10:11:00), \
             95.0 (15/01/26 10:10:00)] were less than the lower thresholds [97.0, 97.0, 97.0] (minimum 3 datapoints for \
             OK -> ALARM transition)."
        );
        let data = data(&definition, &fired).expect("data");
        assert_eq!(data["recentUpperThresholds"], json!(vec![99.0; 5]));
        assert_eq!(data.get("threshold"), None);
    }

    #[test]
    fn a_composite_alarm_names_its_child() {
        let evidence = Evidence::Child("HighFailureRate", AlarmState::Alarm);
        let (definition, fired) = transition("TokenProvisioningUnhealthy", AlarmState::Alarm, evidence);
        assert_eq!(
            sentence(&definition, &fired),
            "arn:aws:cloudwatch:us-east-1:123456789012:alarm:HighFailureRate transitioned to ALARM at Thursday 15 January, \
             2026 10:20:00 UTC"
        );
        let data = data(&definition, &fired).expect("data");
        assert_eq!(data["triggeringAlarms"][0]["state"]["value"], json!("ALARM"));
    }
}
