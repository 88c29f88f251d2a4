//! CloudTrail: an event for every attempt that ended, and the changes that people made.

use std::ops::Range;

use crate::demo::Estate;

use super::card;
use super::core::Core;
use super::dice::{About, Key};
use super::logs::Draft;
use super::request::{Outcome, Request};
use super::text::{field, hex, seconds, uuid};
use super::time::{self, DAY_MINUTES, MINUTE_MS};

/// How long before an incident the deployment is that everyone will suspect, in minutes.
const DEPLOYED_BEFORE: i64 = 3;

/// Changes of every day: minute of the day, and what was changed.
const DAILY: [(i64, Change); 3] = [
    (7 * 60 + 31, Change::Alarm),
    (8 * 60 + 47, Change::TokenizationService),
    (16 * 60 + 20, Change::FunctionConfiguration),
];

/// What CloudTrail has seen.
#[derive(Clone, Copy)]
pub(super) enum Seen<'w> {
    /// An attempt that ended.
    Attempt(Request<'w>),
    /// A change.
    Change(Change),
}

/// A change to the estate.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Change {
    /// New code for the token service.
    FunctionCode,
    /// A new setting of the token service.
    FunctionConfiguration,
    /// A new version of the tokenization service.
    TokenizationService,
    /// A new threshold.
    Alarm,
}

impl Change {
    /// Event source, event name, and request parameters as JSON.
    const fn told(self) -> (&'static str, &'static str, &'static str) {
        match self {
            Self::FunctionCode => (
                "lambda.amazonaws.com",
                "UpdateFunctionCode20150331v2",
                r#"{"functionName":"token-provisioning-service","s3Bucket":"deployments-demo","publish":true,"dryRun":false}"#,
            ),
            Self::FunctionConfiguration => (
                "lambda.amazonaws.com",
                "UpdateFunctionConfiguration20150331v2",
                r#"{"functionName":"token-provisioning-service","memorySize":1024,"timeout":60}"#,
            ),
            Self::TokenizationService => (
                "ecs.amazonaws.com",
                "UpdateService",
                r#"{"cluster":"payments","service":"TokenizationService","forceNewDeployment":true}"#,
            ),
            Self::Alarm => (
                "monitoring.amazonaws.com",
                "PutMetricAlarm",
                r#"{"alarmName":"FailedProvisioningCount","metricName":"FailedTokenProvisioning","threshold":600}"#,
            ),
        }
    }
}

impl Core {
    /// What CloudTrail saw in a span of milliseconds.
    pub(super) fn trail_drafts(&self, span: &Range<i64>) -> Vec<Draft<Seen<'_>>> {
        let mut drafts = Vec::new();
        self.each_near(span, 1, |request| {
            if span.contains(&request.end) {
                let (ms, sequence) = (request.end, request.sequence(true));
                drafts.push(Draft { ms, sequence, key: request.key, about: Seen::Attempt(*request) });
            }
        });
        self.change_drafts(span, &mut drafts);
        drafts
    }

    /// The changes in a span of milliseconds.
    pub(super) fn change_drafts<'w>(&'w self, span: &Range<i64>, drafts: &mut Vec<Draft<Seen<'w>>>) {
        for minute in span.start.div_euclid(MINUTE_MS)..=span.end.div_euclid(MINUTE_MS) {
            for (number, change) in (0..).zip(self.changes(minute)) {
                let key = self.key.of(About::Change).with(minute as u64).with(number);
                let ms = minute * MINUTE_MS + key.below(MINUTE_MS as u64) as i64;
                if span.contains(&ms) {
                    let sequence = (1 << 27) | number;
                    drafts.push(Draft { ms, sequence, key, about: Seen::Change(change) });
                }
            }
        }
    }

    /// What was changed in a minute.
    fn changes(&self, minute: i64) -> impl Iterator<Item = Change> {
        let is_deployment = self.incidents.age(minute + DEPLOYED_BEFORE) == Some(0);
        let of_day = minute.rem_euclid(DAY_MINUTES);
        let daily = DAILY.into_iter().filter(move |(at, _)| *at == of_day).map(|(_, change)| change);
        is_deployment.then_some(Change::FunctionCode).into_iter().chain(daily)
    }

    /// Writes an event of CloudTrail.
    pub(super) fn write_trail(&self, ms: i64, key: Key, seen: &Seen<'_>, line: &mut String) {
        match seen {
            Seen::Attempt(request) => self.write_attempt(ms, request, line),
            Seen::Change(change) => write_change(ms, key, *change, line),
        }
    }

    fn write_attempt(&self, ms: i64, request: &Request<'_>, line: &mut String) {
        let (role, session) = ("token-provisioning", "token-provisioning-service");
        Event { ms, source: "tokenization.amazonaws.com", name: "ProvisionToken", role, session }.open(line);
        line.push_str(",\"requestParameters\":{\"walletProvider\":\"");
        line.push_str(request.cell.wallet_name());
        line.push('"');
        field(line, "issuerName", request.cell.issuer_name());
        field(line, "deviceType", request.device());
        line.push_str(",\"cardholderData\":{\"primaryAccountNumber\":\"");
        card::number(line, request);
        line.push_str("\"}},\"responseElements\":{\"tokenProvisioningStatus\":\"");
        line.push_str(if request.outcome == Outcome::Success { "SUCCESS" } else { "FAILED" });
        line.push_str("\",\"tokenReferenceId\":\"trm_");
        hex(line, request.token(self.key), 13);
        line.push_str("\",\"processingTime\":");
        seconds(line, u64::from(request.took()));
        line.push('}');
        if let Some(reason) = request.outcome.reason() {
            field(line, "errorCode", reason.name());
        }
        line.push_str(",\"requestID\":\"");
        uuid(line, request.request_id());
        line.push('"');
        close(request.key, "Data", false, line);
    }
}

fn write_change(ms: i64, key: Key, change: Change, line: &mut String) {
    let (source, name, parameters) = change.told();
    let (role, session) = match change {
        Change::Alarm => ("operator", "mara.lind"),
        Change::FunctionCode | Change::FunctionConfiguration | Change::TokenizationService => ("deployer", "pipeline"),
    };
    Event { ms, source, name, role, session }.open(line);
    line.push_str(",\"requestParameters\":");
    line.push_str(parameters);
    line.push_str(",\"responseElements\":null,\"requestID\":\"");
    uuid(line, (key.with(1).bits(), key.with(2).bits()));
    line.push('"');
    close(key, "Management", true, line);
}

/// What every event begins with.
struct Event {
    ms: i64,
    source: &'static str,
    name: &'static str,
    role: &'static str,
    session: &'static str,
}

impl Event {
    fn open(&self, line: &mut String) {
        line.push_str("{\"eventVersion\":\"1.11\",\"userIdentity\":{\"type\":\"AssumedRole\"");
        line.push_str(",\"principalId\":\"AROADEMODEMODEMODEMO1:");
        line.push_str(self.session);
        line.push_str("\",\"arn\":\"arn:aws:sts::");
        line.push_str(Estate::ACCOUNT);
        line.push_str(":assumed-role/");
        line.push_str(self.role);
        line.push('/');
        line.push_str(self.session);
        line.push('"');
        field(line, "accountId", Estate::ACCOUNT);
        line.push_str("},\"eventTime\":\"");
        time::write(line, self.ms);
        line.push('"');
        field(line, "eventSource", self.source);
        field(line, "eventName", self.name);
        field(line, "awsRegion", Estate::REGION);
        field(line, "sourceIPAddress", "10.0.12.7");
        field(line, "userAgent", "aws-sdk-demo/1.0");
    }
}

/// What every event ends with.
fn close(key: Key, category: &str, is_management: bool, line: &mut String) {
    let id = key.of(About::TrailId);
    line.push_str(",\"eventID\":\"");
    uuid(line, (id.bits(), id.with(1).bits()));
    line.push_str("\",\"readOnly\":false,\"eventType\":\"AwsApiCall\",\"managementEvent\":");
    line.push_str(if is_management { "true" } else { "false" });
    field(line, "recipientAccountId", Estate::ACCOUNT);
    field(line, "eventCategory", category);
    line.push('}');
}
