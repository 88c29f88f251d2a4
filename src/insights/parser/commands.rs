//! The commands of the language.

/// How many `stats` a query may have here.
pub(super) const MOST_STATS: usize = 10;

/// A command: how it is written, what it does, and whether it is done here.
#[derive(Debug)]
pub(in crate::insights) struct Command {
    pub(in crate::insights) name: &'static str,
    pub(in crate::insights) signature: &'static str,
    pub(in crate::insights) doc: &'static str,
    pub(in crate::insights) local: bool,
    /// Why it is not done here.
    pub(super) why: &'static str,
}

const fn here(name: &'static str, signature: &'static str, doc: &'static str) -> Command {
    Command { name, signature, doc, local: true, why: "" }
}

const fn there(name: &'static str, signature: &'static str, doc: &'static str, why: &'static str) -> Command {
    Command { name, signature, doc, local: false, why }
}

/// Every command that is documented, the common ones first.
#[rustfmt::skip]
pub(in crate::insights) static COMMANDS: &[Command] = &[
    here("fields", "fields a, b as name, …", "Shows fields and computes new ones."),
    here("filter", "filter condition", "Keeps the events for which a condition holds."),
    here("stats", "stats function(a) as name, … by b, bin(5m)", "Computes figures of groups of events."),
    here("sort", "sort a desc, b", "Sorts the rows."),
    here("limit", "limit 20", "Keeps so many rows."),
    here("parse", "parse field \"a * b\" as name | parse field /(?<name>regex)/ [multi]", "Takes new fields out of a text."),
    here("display", "display a, b", "Shows these fields and no others."),
    here("dedup", "dedup a, b", "Keeps the first row of each combination of values."),
    here("pattern", "pattern field", "Groups texts that differ only in their variable parts."),
    here("unnest", "unnest field into name", "Makes a row of each element of a list."),
    here("filterIndex", "filterIndex field = value", "Filters by an indexed field, so that less is scanned."),
    here("unmask", "unmask field", "Asks for what data protection masks; this program never does."),
    here("diff", "diff [previousDay | previousWeek | previousMonth]", "Compares patterns with the time before."),
    here("join", "join type=inner left=a right=b where a.id=b.id (SOURCE …)", "Joins events of another log group."),
    there("appendcols", "appendcols [override=true] [max=n] (SOURCE …)", "Adds the columns of another query, row by row.", "it reads its records once, in one stream"),
    here("lookup", "lookup table key as field OUTPUT a, b", "Adds columns of a lookup table."),
    there("anomaly", "anomaly", "Finds what is unusual in patterns by machine learning.", "its model is the service's"),
    there("relevantfields", "relevantfields [a, b] where condition", "Ranks the fields that go with a condition.", "its score is the service's"),
    here("logcompare", "logcompare timeshift 7d", "Compares patterns with the same window some time before."),
    here("accum", "accum field as name", "Adds the running sum of a field."),
    here("addtotals", "addtotals [fieldname=Name] [row=true] [col=false] [a, b]", "Adds sums of rows and columns."),
    here("autoregress", "autoregress field [as name] [p=1-4]", "Adds the values of earlier rows."),
    here("countFrequent", "countFrequent a, b", "Counts each combination of values, the most frequent first."),
    here("filldown", "filldown a b*", "Carries the last value forward over gaps."),
    here("fillmissing", "fillmissing with 0 for a", "Adds rows for periods without events."),
    here("sessionize", "sessionize a, b [maxspan 30m] [as name]", "Groups events into sessions."),
    here("source", "SOURCE 'group', … | SOURCE logGroups(namePrefix: ['a'])", "Names the log groups."),
];
