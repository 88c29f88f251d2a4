//! The functions of the query language.

use std::net::IpAddr;

use super::value::Value;

/// A function: its name, how many arguments it takes, and what it does.
#[derive(Debug)]
pub(super) struct Function {
    pub(super) name: &'static str,
    pub(super) signature: &'static str,
    pub(super) doc: &'static str,
    pub(super) least: usize,
    pub(super) most: usize,
    pub(super) apply: fn(&[Value<'_>]) -> Value<'static>,
}

const MANY: usize = usize::MAX;

/// The function of this name, in any case.
pub(super) fn function(name: &str) -> Option<&'static Function> {
    FUNCTIONS.iter().find(|function| function.name.eq_ignore_ascii_case(name))
}

/// The known function whose name is most like this one.
pub(super) fn like(name: &str) -> Option<&'static str> {
    let name = name.to_ascii_lowercase();
    let scored = FUNCTIONS
        .iter()
        .map(|function| (strsim::jaro_winkler(&function.name.to_ascii_lowercase(), &name), function.name));
    scored.filter(|(score, _)| *score > 0.85).max_by(|one, two| one.0.total_cmp(&two.0)).map(|(_, name)| name)
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

const fn aggregate(name: &'static str, signature: &'static str, doc: &'static str, local: bool) -> AggregateWord {
    AggregateWord { name, signature, doc, local }
}

pub(super) static AGGREGATES: &[AggregateWord] = &[
    aggregate("count", "count(*) | count(field)", "How many events there are, or how many have the field.", true),
    aggregate("count_distinct", "count_distinct(field)", "How many different values the field has.", true),
    aggregate("sum", "sum(number)", "The sum of the values.", true),
    aggregate("avg", "avg(number)", "The mean of the values.", true),
    aggregate("min", "min(field)", "The smallest value.", true),
    aggregate("max", "max(field)", "The largest value.", true),
    aggregate("pct", "pct(number, percent)", "The value that so many per cent of the values do not exceed.", true),
    aggregate("percentile", "percentile(number, percent)", "The same as pct.", true),
    aggregate("median", "median(number)", "The value in the middle.", true),
    aggregate("stddev", "stddev(number)", "The standard deviation of the values.", true),
    aggregate("earliest", "earliest(field)", "The value of the event with the earliest time.", true),
    aggregate("latest", "latest(field)", "The value of the event with the latest time.", true),
    aggregate("sortsFirst", "sortsFirst(field)", "The value that sorts first.", true),
    aggregate("sortsLast", "sortsLast(field)", "The value that sorts last.", true),
];

pub(super) static FUNCTIONS: &[Function] = &[
    Function {
        name: "abs",
        signature: "abs(number)",
        doc: "The number without its sign.",
        least: 1,
        most: 1,
        apply: |it| number(it, f64::abs),
    },
    Function {
        name: "ceil",
        signature: "ceil(number)",
        doc: "The smallest whole number that is not less.",
        least: 1,
        most: 1,
        apply: |it| number(it, f64::ceil),
    },
    Function {
        name: "floor",
        signature: "floor(number)",
        doc: "The largest whole number that is not greater.",
        least: 1,
        most: 1,
        apply: |it| number(it, f64::floor),
    },
    Function {
        name: "round",
        signature: "round(number)",
        doc: "The nearest whole number.",
        least: 1,
        most: 1,
        apply: |it| number(it, f64::round),
    },
    Function {
        name: "log",
        signature: "log(number)",
        doc: "The natural logarithm.",
        least: 1,
        most: 1,
        apply: |it| number(it, libm::log),
    },
    Function {
        name: "sqrt",
        signature: "sqrt(number)",
        doc: "The square root.",
        least: 1,
        most: 1,
        apply: |it| number(it, f64::sqrt),
    },
    Function {
        name: "greatest",
        signature: "greatest(number, …)",
        doc: "The largest of the numbers.",
        least: 1,
        most: MANY,
        apply: |it| extreme(it, f64::max),
    },
    Function {
        name: "least",
        signature: "least(number, …)",
        doc: "The smallest of the numbers.",
        least: 1,
        most: MANY,
        apply: |it| extreme(it, f64::min),
    },
    Function {
        name: "strlen",
        signature: "strlen(text)",
        doc: "How many characters the text has.",
        least: 1,
        most: 1,
        apply: |it| text(it, |it| Value::Number(it.chars().count() as f64)),
    },
    Function {
        name: "toupper",
        signature: "toupper(text)",
        doc: "The text in capitals.",
        least: 1,
        most: 1,
        apply: |it| text(it, |it| Value::text(it.to_uppercase())),
    },
    Function {
        name: "tolower",
        signature: "tolower(text)",
        doc: "The text in small letters.",
        least: 1,
        most: 1,
        apply: |it| text(it, |it| Value::text(it.to_lowercase())),
    },
    Function {
        name: "trim",
        signature: "trim(text, characters)",
        doc: "The text without white space, or without the given characters, at both ends.",
        least: 1,
        most: 2,
        apply: |it| trim(it, true, true),
    },
    Function {
        name: "ltrim",
        signature: "ltrim(text, characters)",
        doc: "The text without white space, or without the given characters, at its start.",
        least: 1,
        most: 2,
        apply: |it| trim(it, true, false),
    },
    Function {
        name: "rtrim",
        signature: "rtrim(text, characters)",
        doc: "The text without white space, or without the given characters, at its end.",
        least: 1,
        most: 2,
        apply: |it| trim(it, false, true),
    },
    Function {
        name: "concat",
        signature: "concat(text, …)",
        doc: "The texts, one after the other.",
        least: 1,
        most: MANY,
        apply: concat,
    },
    Function {
        name: "substr",
        signature: "substr(text, start, length)",
        doc: "The text from a place on, counted from 0, all of it or so many characters.",
        least: 2,
        most: 3,
        apply: substr,
    },
    Function {
        name: "replace",
        signature: "replace(text, part, by)",
        doc: "The text with every occurrence of a part replaced.",
        least: 3,
        most: 3,
        apply: replace,
    },
    Function {
        name: "strcontains",
        signature: "strcontains(text, part)",
        doc: "1 where the text contains the part, else 0.",
        least: 2,
        most: 2,
        apply: strcontains,
    },
    Function {
        name: "ispresent",
        signature: "ispresent(field)",
        doc: "Whether the field is there.",
        least: 1,
        most: 1,
        apply: |it| Value::Bool(!it[0].is_missing()),
    },
    Function {
        name: "isempty",
        signature: "isempty(field)",
        doc: "Whether the field is missing or an empty text.",
        least: 1,
        most: 1,
        apply: |it| Value::Bool(is_blank(&it[0], str::is_empty)),
    },
    Function {
        name: "isblank",
        signature: "isblank(field)",
        doc: "Whether the field is missing, empty or nothing but white space.",
        least: 1,
        most: 1,
        apply: |it| Value::Bool(is_blank(&it[0], |it| it.trim().is_empty())),
    },
    Function {
        name: "coalesce",
        signature: "coalesce(field, …)",
        doc: "The first of the values that is there.",
        least: 1,
        most: MANY,
        apply: coalesce,
    },
    Function {
        name: "fromMillis",
        signature: "fromMillis(number)",
        doc: "Milliseconds since the epoch as a time.",
        least: 1,
        most: 1,
        apply: from_millis,
    },
    Function {
        name: "toMillis",
        signature: "toMillis(time)",
        doc: "A time as milliseconds since the epoch.",
        least: 1,
        most: 1,
        apply: |it| number(it, f64::trunc),
    },
    Function {
        name: "isValidIp",
        signature: "isValidIp(text)",
        doc: "Whether the text is an IPv4 or IPv6 address.",
        least: 1,
        most: 1,
        apply: |it| is_address(it, |_| true),
    },
    Function {
        name: "isValidIpv4",
        signature: "isValidIpv4(text)",
        doc: "Whether the text is an IPv4 address.",
        least: 1,
        most: 1,
        apply: |it| is_address(it, IpAddr::is_ipv4),
    },
    Function {
        name: "isValidIpv6",
        signature: "isValidIpv6(text)",
        doc: "Whether the text is an IPv6 address.",
        least: 1,
        most: 1,
        apply: |it| is_address(it, IpAddr::is_ipv6),
    },
    Function {
        name: "isIpInSubnet",
        signature: "isIpInSubnet(text, subnet)",
        doc: "Whether the text is an address within a subnet such as \"192.0.2.0/24\" or \"2001:db8::/32\".",
        least: 2,
        most: 2,
        apply: in_subnet,
    },
    Function {
        name: "isIpv4InSubnet",
        signature: "isIpv4InSubnet(text, subnet)",
        doc: "Whether the text is an IPv4 address within a subnet.",
        least: 2,
        most: 2,
        apply: in_subnet,
    },
    Function {
        name: "isIpv6InSubnet",
        signature: "isIpv6InSubnet(text, subnet)",
        doc: "Whether the text is an IPv6 address within a subnet.",
        least: 2,
        most: 2,
        apply: in_subnet,
    },
];

fn number(arguments: &[Value<'_>], by: fn(f64) -> f64) -> Value<'static> {
    arguments[0].as_number().map_or(Value::Missing, |it| Value::number(by(it)))
}

/// The largest or smallest of those that are numbers.
fn extreme(arguments: &[Value<'_>], by: fn(f64, f64) -> f64) -> Value<'static> {
    arguments.iter().filter_map(Value::as_number).reduce(by).map_or(Value::Missing, Value::Number)
}

fn text(arguments: &[Value<'_>], by: fn(&str) -> Value<'static>) -> Value<'static> {
    arguments[0].as_text().map_or(Value::Missing, |it| by(&it))
}

fn trim(arguments: &[Value<'_>], start: bool, end: bool) -> Value<'static> {
    let Some(text) = arguments[0].as_text() else { return Value::Missing };
    let set = arguments.get(1).and_then(Value::as_text);
    let unwanted = |it: char| set.as_ref().map_or_else(|| it.is_whitespace(), |set| set.contains(it));
    let text = if start { text.trim_start_matches(unwanted) } else { &text };
    Value::text(if end { text.trim_end_matches(unwanted) } else { text }.to_owned())
}

fn concat(arguments: &[Value<'_>]) -> Value<'static> {
    Value::text(arguments.iter().filter_map(Value::as_text).collect::<String>())
}

/// From the zero-based place on, so many characters or all.
fn substr(arguments: &[Value<'_>]) -> Value<'static> {
    let count = |index: usize| arguments.get(index).map(|it| it.as_number().map_or(0, |it| it as usize));
    let Some(text) = arguments[0].as_text() else { return Value::Missing };
    let characters = text.chars().skip(count(1).unwrap_or(0)).take(count(2).unwrap_or(MANY));
    Value::text(characters.collect::<String>())
}

fn replace(arguments: &[Value<'_>]) -> Value<'static> {
    let all: Option<Vec<_>> = arguments.iter().map(Value::as_text).collect();
    all.map_or(Value::Missing, |all| Value::text(all[0].replace(all[1].as_ref(), &all[2])))
}

fn strcontains(arguments: &[Value<'_>]) -> Value<'static> {
    let both = arguments[0].as_text().zip(arguments[1].as_text());
    Value::Bool(both.is_some_and(|(text, part)| text.contains(part.as_ref())))
}

fn is_blank(value: &Value<'_>, by: fn(&str) -> bool) -> bool {
    value.as_text().is_none_or(|it| by(&it))
}

fn coalesce(arguments: &[Value<'_>]) -> Value<'static> {
    arguments.iter().find(|it| !it.is_missing()).map_or(Value::Missing, |it| it.clone().owned())
}

fn from_millis(arguments: &[Value<'_>]) -> Value<'static> {
    arguments[0].as_number().map_or(Value::Missing, |it| Value::Time(it as i64))
}

fn address(value: &Value<'_>) -> Option<IpAddr> {
    value.as_text()?.trim().parse().ok()
}

fn is_address(arguments: &[Value<'_>], wanted: fn(&IpAddr) -> bool) -> Value<'static> {
    Value::Bool(address(&arguments[0]).is_some_and(|it| wanted(&it)))
}

/// Whether an address is in a subnet such as `192.0.2.0/24`.
fn in_subnet(arguments: &[Value<'_>]) -> Value<'static> {
    let inside = || {
        let subnet = arguments[1].as_text()?;
        let (network, length) = subnet.split_once('/')?;
        let length: u32 = length.parse().ok()?;
        let (one, two, bits) = match (address(&arguments[0])?, network.parse().ok()?) {
            (IpAddr::V4(one), IpAddr::V4(two)) => (u128::from(one.to_bits()), u128::from(two.to_bits()), 32),
            (IpAddr::V6(one), IpAddr::V6(two)) => (one.to_bits(), two.to_bits(), 128),
            _ => return None,
        };
        let free = u32::checked_sub(bits, length)?;
        Some(one.checked_shr(free).unwrap_or(0) == two.checked_shr(free).unwrap_or(0))
    };
    Value::Bool(inside() == Some(true))
}
