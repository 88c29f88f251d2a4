//! Which metrics there are.

use std::io::{self, Write};

use serde_json::{Map, Value, json};

use super::{Options, Output};
use crate::analysis::finder::{Finder, Manner};
use crate::clock::Time;
use crate::commands::sheet::columns;
use crate::commands::status::Status;
use crate::sources::{Client, all_metrics};
use crate::store::catalogue::{CatalogueScope, Ending, MOST, MetricId};
use crate::text::clean;
use crate::text::time::rfc3339;

pub(super) async fn run(
    client: &Client,
    now: Time,
    options: &Options,
    out: &mut dyn Write,
    err: &mut dyn Write,
) -> io::Result<Status> {
    if matches!(options.output, Output::Csv | Output::Spark) {
        writeln!(err, "baro: a list of metrics is written as table or json; csv and spark need an expression")?;
        return Ok(Status::Misused);
    }
    let scope = CatalogueScope { namespace: options.namespace.clone(), recent: options.recent };
    let (mut metrics, ending) = match all_metrics(client, &scope).await {
        Ok(found) => found,
        Err(error) => {
            writeln!(err, "baro: {error}")?;
            return Ok(Status::Refused);
        }
    };
    if ending == Ending::Cut {
        writeln!(err, "baro: there are more than {MOST} metrics; these are the first, narrow them with --namespace")?;
    }
    let mut finder = Finder::new(options.search.as_deref().unwrap_or_default(), Manner::Literal);
    metrics.retain(|metric| finder.score(metric).is_some());
    metrics.sort();
    let written = match options.output {
        Output::Json => writeln!(out, "{}", document(&metrics, ending, now)),
        Output::Table | Output::Csv | Output::Spark => table(&metrics, out),
    };
    match written {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => return Err(error),
        Err(_) | Ok(()) => {}
    }
    Ok(if metrics.is_empty() { Status::Found } else { Status::Done })
}

fn document(metrics: &[MetricId], ending: Ending, now: Time) -> Value {
    let one = |metric: &MetricId| {
        let dimensions: Map<String, Value> =
            metric.dimensions.iter().map(|(key, value)| (clean(key).into_owned(), clean(value).into())).collect();
        let mut one = json!({
            "namespace": clean(&metric.namespace),
            "name": clean(&metric.name),
            "dimensions": dimensions,
        });
        if let Some(account) = &metric.account {
            one["account"] = clean(account).into();
        }
        one
    };
    let metrics: Vec<Value> = metrics.iter().map(one).collect();
    json!({ "schema": "barograph/v1", "at": rfc3339(now), "complete": ending == Ending::Complete, "metrics": metrics })
}

fn table(metrics: &[MetricId], out: &mut dyn Write) -> io::Result<()> {
    let mut rows = vec![["NAMESPACE", "NAME", "DIMENSIONS"].map(str::to_owned)];
    rows.extend(metrics.iter().map(|metric| {
        let pairs = metric.dimensions.iter().map(|(key, value)| format!("{}={}", clean(key), clean(value)));
        let account = metric.account.iter().map(|account| format!("@{}", clean(account)));
        let dimensions: Vec<String> = pairs.chain(account).collect();
        [clean(&metric.namespace).into_owned(), clean(&metric.name).into_owned(), dimensions.join(", ")]
    }));
    columns(&rows, out)
}
