//! What is asked of one alarm when it is opened: relatives, contributors, mute rules.

use aws_sdk_cloudwatch::operation::describe_alarms::builders::DescribeAlarmsFluentBuilder;
use aws_sdk_cloudwatch::types::{AlarmContributor, AlarmMuteRuleStatus, AlarmMuteRuleSummary};

use super::alarms::state;
use super::client::Client;
use super::desk::{Again, Closed, Desk, Source};
use super::errors::line;
use super::operation::{DESCRIBE_ALARM_CONTRIBUTORS, DESCRIBE_ALARMS, LIST_ALARM_MUTE_RULES};
use super::times::from_aws;
use crate::app::effect::AlarmRef;
use crate::app::msg::Update;
use crate::store::alarm::{AlarmDetail, Contributor, MuteRule, Relative};
use crate::store::health::{SourceError, SourceId};

/// Pages of anything that are read: five hundred relatives, contributors or rules.
const PAGES: usize = 5;
/// Records on a page.
const PAGE: i32 = 100;

/// One alarm that is open.
#[derive(Debug)]
pub(super) struct OneAlarm {
    pub(super) alarm: AlarmRef,
}

impl Source for OneAlarm {
    fn id(&self) -> SourceId {
        SourceId::AlarmDetail
    }

    /// Only relatives decide whether the call failed: what may be denied apart from them says so in its place.
    async fn ask(&mut self, desk: &Desk) -> Result<Result<Again, SourceError>, Closed> {
        let (client, alarm) = (&desk.client, &self.alarm);
        let (parents, children) = match family(client, alarm).await {
            Ok(family) => family,
            Err(error) => return Ok(Err(error)),
        };
        let contributors = if alarm.contributors { contributors(client, &alarm.name).await } else { Ok(Vec::new()) };
        let detail = AlarmDetail {
            parents,
            children,
            contributors: contributors.map_err(|error| error.brief()),
            mutes: mutes(client, &alarm.name).await.map_err(|error| error.brief()),
        };
        let update = Update::AlarmDetail { at: desk.now(), alarm: alarm.name.clone(), detail: Box::new(detail) };
        desk.tell(update).await?;
        Ok(Ok(Again::After(desk.client.tuning.history_every)))
    }
}

/// Parents' names, and children with their states. A server that ignores what it is asked for tells of others: no child
/// counts that the rule does not name.
async fn family(client: &Client, alarm: &AlarmRef) -> Result<(Vec<String>, Vec<Relative>), SourceError> {
    let mut parents = Vec::new();
    let ask = || client.cloudwatch.describe_alarms().parents_of_alarm_name(&alarm.name);
    each(client, ask, |page| {
        parents.extend(page.composite_alarms().iter().map(|parent| line(parent.alarm_name().unwrap_or_default())));
    })
    .await?;
    parents.retain(|parent| *parent != alarm.name);
    let mut children: Vec<Relative> = Vec::new();
    if !alarm.children.is_empty() {
        let ask = || client.cloudwatch.describe_alarms().children_of_alarm_name(&alarm.name);
        each(client, ask, |page| {
            let metric = page
                .metric_alarms()
                .iter()
                .map(|child| (child.alarm_name(), child.state_value(), child.state_updated_timestamp()));
            let composite = page
                .composite_alarms()
                .iter()
                .map(|child| (child.alarm_name(), child.state_value(), child.state_updated_timestamp()));
            let logs = page
                .log_alarms()
                .iter()
                .map(|child| (child.alarm_name(), child.state_value(), child.state_updated_timestamp()));
            children.extend(metric.chain(composite).chain(logs).map(|(name, value, updated)| Relative {
                name: line(name.unwrap_or_default()),
                state: state(value),
                updated: updated.and_then(from_aws),
            }));
        })
        .await?;
    }
    children.retain(|child| alarm.children.contains(&child.name));
    Ok((parents, children))
}

async fn each(
    client: &Client,
    ask: impl Fn() -> DescribeAlarmsFluentBuilder,
    mut take: impl FnMut(&aws_sdk_cloudwatch::operation::describe_alarms::DescribeAlarmsOutput),
) -> Result<(), SourceError> {
    let mut token = None;
    for _ in 0..PAGES {
        let request = ask().max_records(PAGE).set_next_token(token);
        let page = client.call(&DESCRIBE_ALARMS, request.send()).await?;
        take(&page);
        token = page.next_token;
        if token.is_none() {
            break;
        }
    }
    Ok(())
}

async fn contributors(client: &Client, name: &str) -> Result<Vec<Contributor>, SourceError> {
    let mut found = Vec::new();
    let mut token = None;
    for _ in 0..PAGES {
        let request = client.cloudwatch.describe_alarm_contributors().alarm_name(name).set_next_token(token);
        let page = client.call(&DESCRIBE_ALARM_CONTRIBUTORS, request.send()).await?;
        found.extend(page.alarm_contributors().iter().map(contributor));
        token = page.next_token;
        if token.is_none() {
            break;
        }
    }
    Ok(found)
}

fn contributor(contributor: &AlarmContributor) -> Contributor {
    let attributes = contributor.contributor_attributes().into_iter().flatten();
    let mut attributes: Vec<_> = attributes.map(|(key, value)| (line(key), line(value))).collect();
    attributes.sort();
    Contributor {
        attributes,
        reason: line(contributor.state_reason().unwrap_or_default()),
        since: contributor.state_transitioned_timestamp().and_then(from_aws),
    }
}

/// The rules that mute the alarm, now or some time.
async fn mutes(client: &Client, name: &str) -> Result<Vec<MuteRule>, SourceError> {
    let mut found = Vec::new();
    let mut token = None;
    for _ in 0..PAGES {
        let request = client
            .cloudwatch
            .list_alarm_mute_rules()
            .alarm_name(name)
            .statuses(AlarmMuteRuleStatus::Active)
            .statuses(AlarmMuteRuleStatus::Scheduled)
            .max_records(PAGE)
            .set_next_token(token);
        let page = client.call(&LIST_ALARM_MUTE_RULES, request.send()).await?;
        found.extend(page.alarm_mute_rule_summaries().iter().map(mute));
        token = page.next_token;
        if token.is_none() {
            break;
        }
    }
    Ok(found)
}

fn mute(rule: &AlarmMuteRuleSummary) -> MuteRule {
    let arn = line(rule.alarm_mute_rule_arn().unwrap_or_default());
    let name = arn.rsplit_once(':').map_or(arn.as_str(), |(_, name)| name).to_owned();
    MuteRule {
        name,
        status: rule.status().map(|status| line(status.as_str())).unwrap_or_default(),
        kind: line(rule.mute_type().unwrap_or_default()),
        expires: rule.expire_date().and_then(from_aws),
    }
}
