//! The alarms of the estate: definitions, evaluation, and what is told of them.

mod catalogue;
mod contributors;
mod definition;
mod describe;
mod history;
mod mute;
mod reason;
mod tags;
mod timeline;

pub(super) use contributors::describe_alarm_contributors;
pub(super) use describe::{describe_alarms, describe_alarms_for_metric};
pub(super) use history::describe_alarm_history;
pub(super) use mute::{get_alarm_mute_rule, list_alarm_mute_rules};
pub(super) use tags::list_tags_for_resource;
