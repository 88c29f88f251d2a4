//! The commands of the language.

/// A command: how it is written, what it does, and whether it is done here.
#[derive(Debug)]
pub(in crate::insights) struct Command {
    pub(in crate::insights) name: &'static str,
    pub(in crate::insights) signature: &'static str,
    pub(in crate::insights) doc: &'static str,
    pub(in crate::insights) local: bool,
}

const fn command(name: &'static str, signature: &'static str, doc: &'static str, local: bool) -> Command {
    Command { name, signature, doc, local }
}

/// Every command that is documented, the common ones first.
pub(in crate::insights) static COMMANDS: &[Command] = &[
    command("fields", "fields a, b as name, …", "Shows fields and computes new ones.", true),
    command("filter", "filter condition", "Keeps the events for which a condition holds.", true),
    command("stats", "stats function(a) as name, … by b, bin(5m)", "Computes figures of groups of events.", true),
    command("sort", "sort a desc, b", "Sorts the rows.", true),
    command("limit", "limit 20", "Keeps so many rows.", true),
    command("parse", "parse field \"a * b\" as name | /(?<name>regex)/", "Takes new fields out of a text.", true),
    command("display", "display a, b", "Shows these fields and no others.", true),
    command("dedup", "dedup a, b", "Keeps the first row of each combination of values.", true),
    command("pattern", "pattern field", "Groups texts that differ only in their variable parts.", true),
    command("unnest", "unnest field into name", "Makes a row of each element of a list.", true),
    command("filterIndex", "filterIndex field = value", "Filters by an indexed field, so that less is scanned.", true),
    command("unmask", "unmask field", "Shows what data protection masks.", true),
    command(
        "diff",
        "diff [previousHour | previousDay | previousWeek | previousMonth]",
        "Compares with the time before.",
        true,
    ),
    command(
        "join",
        "join type=inner left=a right=b where a.id=b.id (SOURCE …)",
        "Joins events of another log group.",
        true,
    ),
    command("lookup", "lookup table key as field OUTPUT a, b", "Adds columns of a lookup table.", false),
    command("anomaly", "anomaly", "Finds what is unusual in patterns by machine learning.", false),
    command(
        "relevantfields",
        "relevantfields [a, b] where condition",
        "Ranks the fields that go with a condition.",
        false,
    ),
    command("accum", "accum field as name", "Adds the running sum of a field.", true),
    command(
        "addtotals",
        "addtotals [fieldname=Name] [row=bool] [col=bool] [a, b]",
        "Adds sums of rows and columns.",
        true,
    ),
    command("autoregress", "autoregress field [as name] [p=1-4]", "Adds the values of earlier rows.", true),
    command("countFrequent", "countFrequent a, b", "Counts each combination of values, the most frequent first.", true),
    command("filldown", "filldown a b*", "Carries the last value forward over gaps.", true),
    command("fillmissing", "fillmissing with 0 for a", "Adds rows for times without events.", true),
    command("sessionize", "sessionize a, b maxspan 30m as name", "Groups events into sessions.", true),
    command("source", "SOURCE 'group', … | SOURCE logGroups(namePrefix: ['p'])", "Names the log groups.", true),
];
