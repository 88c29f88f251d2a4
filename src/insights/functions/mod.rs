//! The functions of the query language.

mod address;
mod json;
mod number;
mod text;
mod time;

use super::value::Value;

/// A function: its name, how many arguments it takes, and what it does.
#[derive(Debug)]
pub(super) struct Function {
    pub(super) name: &'static str,
    pub(super) least: usize,
    pub(super) most: usize,
    pub(super) signature: &'static str,
    pub(super) doc: &'static str,
    pub(super) apply: fn(&[Value<'_>]) -> Value<'static>,
}

/// A function of `stats`.
#[derive(Debug)]
pub(super) struct AggregateWord {
    pub(super) name: &'static str,
    pub(super) signature: &'static str,
    pub(super) doc: &'static str,
    /// Whether it is done here.
    pub(super) local: bool,
}

/// As many arguments as one likes.
const MANY: usize = usize::MAX;

/// The function of this name, in any case.
pub(super) fn function(name: &str) -> Option<&'static Function> {
    FUNCTIONS.iter().find(|function| function.name.eq_ignore_ascii_case(name))
}

/// The aggregate of this name, in any case.
pub(super) fn aggregate(name: &str) -> Option<&'static AggregateWord> {
    AGGREGATES.iter().find(|word| word.name.eq_ignore_ascii_case(name))
}

/// The known function or aggregate whose name is most like this one.
pub(super) fn like(name: &str) -> Option<&'static str> {
    let name = name.to_ascii_lowercase();
    let names = FUNCTIONS.iter().map(|it| it.name).chain(AGGREGATES.iter().map(|it| it.name));
    let scored = names.map(|known| (strsim::jaro_winkler(&known.to_ascii_lowercase(), &name), known));
    scored.filter(|(score, _)| *score > 0.85).max_by(|one, two| one.0.total_cmp(&two.0)).map(|(_, name)| name)
}

type Apply = fn(&[Value<'_>]) -> Value<'static>;

/// A row of the table below: name, fewest and most arguments, signature, what it does, how.
type Row = (&'static str, usize, usize, &'static str, &'static str, Apply);

const fn of(row: Row) -> Function {
    let (name, least, most, signature, doc, apply) = row;
    Function { name, least, most, signature, doc, apply }
}

#[rustfmt::skip]
pub(super) static FUNCTIONS: &[Function] = &[
    of(("abs", 1, 1, "abs(number)", "The number without its sign.", number::abs)),
    of(("ceil", 1, 1, "ceil(number)", "The smallest whole number that is not less.", number::ceil)),
    of(("floor", 1, 1, "floor(number)", "The largest whole number that is not greater.", number::floor)),
    of(("round", 1, 1, "round(number)", "The nearest whole number.", number::round)),
    of(("log", 1, 1, "log(number)", "The natural logarithm.", number::log)),
    of(("sqrt", 1, 1, "sqrt(number)", "The square root.", number::sqrt)),
    of(("greatest", 1, MANY, "greatest(number, …)", "The largest of the numbers.", number::greatest)),
    of(("least", 1, MANY, "least(number, …)", "The smallest of the numbers.", number::least)),
    of(("strlen", 1, 1, "strlen(text)", "How many characters the text has.", text::strlen)),
    of(("toupper", 1, 1, "toupper(text)", "The text in capitals.", text::toupper)),
    of(("tolower", 1, 1, "tolower(text)", "The text in small letters.", text::tolower)),
    of(("trim", 1, 2, "trim(text, characters)", "The text without white space, or without the characters, at both ends.", text::trim)),
    of(("ltrim", 1, 2, "ltrim(text, characters)", "The text without white space, or without the characters, at its start.", text::ltrim)),
    of(("rtrim", 1, 2, "rtrim(text, characters)", "The text without white space, or without the characters, at its end.", text::rtrim)),
    of(("concat", 1, MANY, "concat(text, …)", "The texts, one after the other.", text::concat)),
    of(("substr", 2, 3, "substr(text, start, length)", "The text from a place on, counted from 0: all of it or so many characters.", text::substr)),
    of(("replace", 3, 3, "replace(text, part, by)", "The text with every occurrence of a part replaced.", text::replace)),
    of(("strcontains", 2, 2, "strcontains(text, part)", "1 where the text contains the part, else 0.", text::strcontains)),
    of(("isempty", 1, 1, "isempty(field)", "Whether the field is missing or an empty text.", text::isempty)),
    of(("isblank", 1, 1, "isblank(field)", "Whether the field is missing, empty or nothing but white space.", text::isblank)),
    of(("ispresent", 1, 1, "ispresent(field)", "Whether the field is there.", |it| Value::Bool(!it[0].is_missing()))),
    of(("coalesce", 1, MANY, "coalesce(field, …)", "The first of the values that is there.", coalesce)),
    of(("fromMillis", 1, 1, "fromMillis(number)", "Milliseconds since the epoch as a time.", time::from_millis)),
    of(("toMillis", 1, 1, "toMillis(time)", "A time as milliseconds since the epoch.", time::to_millis)),
    of(("now", 0, 0, "now()", "When the query was started, in seconds since the epoch.", |_| Value::Missing)),
    of(("bin", 1, 2, "bin(5m)", "The time of the event, rounded down to a period.", |_| Value::Missing)),
    of(("datefloor", 2, 2, "datefloor(time, 5m)", "A time, rounded down to a period.", |_| Value::Missing)),
    of(("dateceil", 2, 2, "dateceil(time, 5m)", "A time, rounded up to a period.", |_| Value::Missing)),
    of(("jsonParse", 1, 1, "jsonParse(text)", "A JSON text as a map or list, whose parts are then fields.", json::parse)),
    of(("jsonStringify", 1, 1, "jsonStringify(value)", "A map or list as JSON text.", json::stringify)),
    of(("isValidIp", 1, 1, "isValidIp(text)", "Whether the text is an IPv4 or IPv6 address.", address::valid)),
    of(("isValidIpV4", 1, 1, "isValidIpV4(text)", "Whether the text is an IPv4 address.", address::valid_v4)),
    of(("isValidIpV6", 1, 1, "isValidIpV6(text)", "Whether the text is an IPv6 address.", address::valid_v6)),
    of(("isIpInSubnet", 2, 2, "isIpInSubnet(text, subnet)", "Whether the text is an address within a subnet such as 192.0.2.0/24 or 2001:db8::/32.", address::inside)),
    of(("isIpv4InSubnet", 2, 2, "isIpv4InSubnet(text, subnet)", "Whether the text is an IPv4 address within a subnet.", address::inside_v4)),
    of(("isIpv6InSubnet", 2, 2, "isIpv6InSubnet(text, subnet)", "Whether the text is an IPv6 address within a subnet.", address::inside_v6)),
];

const fn sum_up(name: &'static str, signature: &'static str, doc: &'static str, local: bool) -> AggregateWord {
    AggregateWord { name, signature, doc, local }
}

#[rustfmt::skip]
pub(super) static AGGREGATES: &[AggregateWord] = &[
    sum_up("count", "count(*) | count(field)", "How many events there are, or how many have the field.", true),
    sum_up("count_distinct", "count_distinct(field)", "How many different values the field has.", true),
    sum_up("sum", "sum(number)", "The sum of the values.", true),
    sum_up("avg", "avg(number)", "The mean of the values.", true),
    sum_up("min", "min(field)", "The smallest value.", true),
    sum_up("max", "max(field)", "The largest value.", true),
    sum_up("pct", "pct(number, percent)", "The value that so many per cent of the values do not exceed.", true),
    sum_up("percentile", "percentile(number, percent)", "The same as pct.", true),
    sum_up("median", "median(number)", "The value in the middle.", true),
    sum_up("stddev", "stddev(number)", "The standard deviation of the values.", true),
    sum_up("earliest", "earliest(field)", "The value of the event with the earliest time.", true),
    sum_up("latest", "latest(field)", "The value of the event with the latest time.", true),
    sum_up("sortsFirst", "sortsFirst(field)", "The value that sorts first.", true),
    sum_up("sortsLast", "sortsLast(field)", "The value that sorts last.", true),
    sum_up("count_over_time", "count_over_time(field)", "How many events there are in each period of bin().", true),
    sum_up("sum_over_time", "sum_over_time(number)", "The sum of the values in each period of bin().", true),
    sum_up("rate", "rate(number, 1m)", "How fast a number changes.", false),
    sum_up("histogram", "histogram(number, buckets)", "How the values are spread over equal ranges.", false),
];

fn coalesce(arguments: &[Value<'_>]) -> Value<'static> {
    arguments.iter().find(|it| !it.is_missing()).map_or(Value::Missing, |it| it.clone().owned())
}

#[cfg(test)]
mod tests;
