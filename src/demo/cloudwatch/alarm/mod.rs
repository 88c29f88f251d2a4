//! The alarms of the estate: definitions, evaluation, and what is told of them.

mod definition;
mod describe;
mod evaluate;
mod history;
mod reason;
mod rule;
mod timeline;

pub(super) use describe::{describe_alarms, describe_alarms_for_metric};
pub(super) use history::describe_alarm_history;
