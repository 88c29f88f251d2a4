//! What an alarm does when its state changes, in words.

use crate::text::clean;

/// An action's ARN as what it does: `notify SNS topic token-alerts`; an action that is not known, as its ARN.
///
/// Source of the forms: PutMetricAlarm in the CloudWatch API reference, `AlarmActions`.
pub(super) fn words(arn: &str) -> String {
    let parts: Vec<&str> = arn.splitn(6, ':').collect();
    let words = match parts[..] {
        ["arn", _, "sns", _, _, topic] => Some(format!("notify SNS topic {topic}")),
        ["arn", _, "lambda", _, _, rest] => {
            rest.strip_prefix("function:").map(|name| format!("invoke Lambda function {name}"))
        }
        ["arn", _, "automate", _, "ec2", what] => Some(format!("{what} the EC2 instance")),
        ["arn", _, "swf", _, _, rest] => swf(rest),
        ["arn", _, "autoscaling", _, _, rest] => scaling(rest),
        ["arn", _, "ssm", _, _, rest] => rest.strip_prefix("opsitem:").map(ops_item),
        ["arn", _, "ssm-incidents", _, _, rest] => {
            rest.strip_prefix("response-plan/").map(|plan| format!("start an incident by response plan {plan}"))
        }
        ["arn", _, "aiops", _, _, rest] => {
            rest.strip_prefix("investigation-group/").map(|group| format!("investigate in group {group}"))
        }
        _ => None,
    };
    clean(&words.unwrap_or_else(|| arn.to_owned())).into_owned()
}

/// `action/actions/AWS_EC2.InstanceId.Stop/1.0`.
fn swf(rest: &str) -> Option<String> {
    let what = rest.strip_prefix("action/actions/AWS_EC2.InstanceId.")?.split('/').next()?;
    Some(format!("{} the EC2 instance", what.to_lowercase()))
}

/// `scalingPolicy:UUID:autoScalingGroupName/GROUP:policyName/POLICY`, or `resource/ecs/service/…` in the group's place.
fn scaling(rest: &str) -> Option<String> {
    let (_, named) = rest.strip_prefix("scalingPolicy:")?.split_once(':')?;
    let (target, policy) = named.split_once(":policyName/")?;
    let target = match target.split_once('/') {
        Some(("autoScalingGroupName", group)) => format!("Auto Scaling group {group}"),
        Some(("resource", resource)) => resource.to_owned(),
        Some(_) | None => target.to_owned(),
    };
    Some(format!("run scaling policy {policy} of {target}"))
}

/// `3#CATEGORY=Performance`.
fn ops_item(rest: &str) -> String {
    match rest.split_once("#CATEGORY=") {
        Some((severity, category)) => format!("create an OpsItem of severity {severity}, {category}"),
        None => format!("create an OpsItem of severity {rest}"),
    }
}

/// A text in which actions go by their words instead of by their ARNs.
pub(super) fn named(text: &str) -> String {
    let word = |word: &str| {
        let words = if word.starts_with("arn:") { words(word) } else { clean(word).into_owned() };
        match words.strip_prefix("notify ").or(words.strip_prefix("invoke ")) {
            Some(what) => what.to_owned(),
            None => words,
        }
    };
    text.split(' ').map(word).collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn actions_are_said_in_words() {
        let cases = [
            ("arn:aws:sns:us-east-1:1:token-alerts", "notify SNS topic token-alerts"),
            ("arn:aws:lambda:us-east-1:1:function:restart:live", "invoke Lambda function restart:live"),
            ("arn:aws:automate:us-east-1:ec2:recover", "recover the EC2 instance"),
            ("arn:aws:swf:us-east-1:1:action/actions/AWS_EC2.InstanceId.Stop/1.0", "stop the EC2 instance"),
            (
                "arn:aws:autoscaling:us-east-1:1:scalingPolicy:ab-cd:autoScalingGroupName/web:policyName/out",
                "run scaling policy out of Auto Scaling group web",
            ),
            (
                "arn:aws:autoscaling:us-east-1:1:scalingPolicy:ab-cd:resource/ecs/service/c/s:policyName/out",
                "run scaling policy out of ecs/service/c/s",
            ),
            ("arn:aws:ssm:us-east-1:1:opsitem:3#CATEGORY=Cost", "create an OpsItem of severity 3, Cost"),
            ("arn:aws:ssm-incidents::1:response-plan/pay", "start an incident by response plan pay"),
            ("arn:aws:new:us-east-1:1:thing", "arn:aws:new:us-east-1:1:thing"),
            ("no ARN\u{1b}", "no ARN␛"),
        ];
        for (arn, expected) in cases {
            assert_eq!(words(arn), expected);
        }
        assert_eq!(
            named("Successfully executed action arn:aws:sns:us-east-1:1:token-alerts"),
            "Successfully executed action SNS topic token-alerts"
        );
    }
}
