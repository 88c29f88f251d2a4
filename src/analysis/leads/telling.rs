//! What of many log lines is new against the time before: the value of one field whose share has grown most.

use std::collections::{HashMap, HashSet};

use serde_json::Value;

/// The fields of a line that are one word or number, in its order.
pub type Fields = Vec<(String, String)>;

/// Values of a field beyond which it sorts lines no more.
const MOST_VALUES: usize = 30;
/// The growth of a share from which on a value counts as new, 0–1; and where the field's name says nothing about why.
const GROWTH: (f64, f64) = (0.05, 0.25);
/// What fields that say why are called, the surest first; in small letters, without `_`, `-` and `.`.
const REASONS: [&str; 15] = [
    "reason",
    "failurereason",
    "errorcode",
    "errortype",
    "error",
    "exception",
    "exceptiontype",
    "cause",
    "errormessage",
    "statuscode",
    "status",
    "code",
    "type",
    "message",
    "msg",
];

/// Lines by the value of one field.
#[derive(Debug, Clone, PartialEq)]
pub struct Telling {
    /// The field.
    pub field: String,
    /// Its values, the ones that have grown most first.
    pub groups: Vec<Group>,
    /// Whether the first of them has grown so much that its lines are worth being read first.
    pub has_risen: bool,
}

/// The lines that have one value.
#[derive(Debug, Clone, PartialEq)]
pub struct Group {
    /// The value; empty for lines that lack the field.
    pub value: String,
    /// Their share of all lines, 0–1.
    pub share: f64,
    /// Their share of the lines before; `None` where there were none.
    pub before: Option<f64>,
}

impl Group {
    fn growth(&self) -> f64 {
        self.share - self.before.unwrap_or(0.0)
    }
}

/// The fields of a line in JSON; `None` for another one.
pub fn fields(message: &str) -> Option<Fields> {
    let Ok(Value::Object(object)) = serde_json::from_str(message) else { return None };
    let text = |value: Value| match value {
        Value::String(text) => Some(text),
        Value::Number(number) => Some(number.to_string()),
        Value::Bool(flag) => Some(flag.to_string()),
        Value::Null | Value::Array(_) | Value::Object(_) => None,
    };
    Some(object.into_iter().filter_map(|(name, value)| Some((name, text(value)?))).collect())
}

/// The value of a field.
pub fn value<'f>(fields: &'f Fields, name: &str) -> Option<&'f str> {
    fields.iter().find(|(field, _)| field == name).map(|(_, value)| value.as_str())
}

/// What of the lines is new against those before: by the field that is known to say why, else by one that is called like
/// it, else by any whose values have shifted far. `None` where no field sorts the lines.
pub fn telling(lines: &[Fields], before: &[Fields], reason: Option<&str>) -> Option<Telling> {
    let rank = |field: &str| {
        let plain: String = field.chars().filter(|c| c.is_alphanumeric()).collect::<String>().to_lowercase();
        if Some(field) == reason { Some(0) } else { REASONS.iter().position(|name| *name == plain).map(|at| at + 1) }
    };
    let mut found: Vec<(Option<usize>, Telling)> = names(lines)
        .into_iter()
        .filter_map(|field| {
            let rank = rank(field);
            Some((rank, by(field, lines, before, if rank.is_some() { GROWTH.0 } else { GROWTH.1 })?))
        })
        .collect();
    let growth = |telling: &Telling| telling.groups.first().map_or(0.0, Group::growth);
    // What has risen goes first, then what says why; of others the one that has risen most.
    found.sort_by(|(a, x), (b, y)| {
        let key = |rank: &Option<usize>, telling: &Telling| (!telling.has_risen, rank.unwrap_or(usize::MAX));
        key(a, x).cmp(&key(b, y)).then_with(|| growth(y).total_cmp(&growth(x)))
    });
    let (rank, telling) = found.into_iter().next()?;
    (rank.is_some() || telling.has_risen).then_some(telling)
}

/// The fields that at least half of the lines have, in the order in which they come.
fn names(lines: &[Fields]) -> Vec<&str> {
    let mut counts: HashMap<&str, usize> = HashMap::new();
    let mut order: Vec<&str> = Vec::new();
    for (name, _) in lines.iter().flatten() {
        let count = counts.entry(name).or_default();
        if *count == 0 {
            order.push(name);
        }
        *count += 1;
    }
    order.retain(|name| counts.get(name).is_some_and(|count| count * 2 >= lines.len()));
    order
}

fn by(field: &str, lines: &[Fields], before: &[Fields], least: f64) -> Option<Telling> {
    let counted = |lines: &[Fields]| {
        let mut counts: HashMap<String, usize> = HashMap::new();
        for line in lines {
            *counts.entry(value(line, field).unwrap_or_default().to_owned()).or_default() += 1;
        }
        counts
    };
    let (now, then) = (counted(lines), counted(before));
    // Identifiers and measurements sort nothing.
    if now.len() > MOST_VALUES || lines.len() >= 8 && now.len() * 2 > lines.len() {
        return None;
    }
    let share = |count: Option<&usize>, of: usize| count.map_or(0.0, |count| *count as f64 / of.max(1) as f64);
    let mut groups: Vec<Group> = now
        .iter()
        .map(|(value, count)| Group {
            value: value.clone(),
            share: share(Some(count), lines.len()),
            before: (!before.is_empty()).then(|| share(then.get(value), before.len())),
        })
        .collect();
    groups.sort_by(|a, b| b.growth().total_cmp(&a.growth()).then_with(|| a.value.cmp(&b.value)));
    let first = groups.first()?;
    let has_risen = !first.value.is_empty() && first.growth() >= least;
    // Without lines before, a field that is the same in all of them tells nothing apart.
    (groups.len() > 1 || first.before.is_some_and(|before| before < 1.0)).then(|| Telling {
        field: field.to_owned(),
        groups: groups.clone(),
        has_risen,
    })
}

/// The fields that differ among lines, for columns: `first` in their order as far as lines have them, then others with
/// few values, then those with many; what tells each line apart, such as an identifier, is left out.
pub fn columns(lines: &[Fields], first: &[&str], left_out: &[&str]) -> Vec<String> {
    let mut few = Vec::new();
    let mut many = Vec::new();
    for name in names(lines).into_iter().filter(|name| !first.contains(name) && !left_out.contains(name)) {
        let values: HashSet<Option<&str>> = lines.iter().map(|line| value(line, name)).collect();
        let longest = values.iter().flatten().map(|value| value.chars().count()).max().unwrap_or(0);
        let unique = lines.len() >= 8 && values.len() * 10 > lines.len() * 9;
        let is_measured = values.iter().flatten().all(|value| value.parse::<f64>().is_ok());
        match values.len() {
            0 | 1 => {}
            _ if unique && !is_measured => {}
            2..=MOST_VALUES => few.push((longest, name)),
            _ => many.push((longest, name)),
        }
    }
    // What is longer than a word is prose, and goes last.
    few.sort_by_key(|(longest, _)| *longest > PROSE);
    many.sort_by_key(|(longest, _)| *longest > PROSE);
    let wanted = first.iter().copied().filter(|name| {
        let mut values = lines.iter().map(|line| value(line, name));
        let one = values.next();
        values.any(|value| Some(value) != one)
    });
    let others = few.into_iter().chain(many).map(|(_, name)| name);
    wanted.chain(others).map(str::to_owned).collect()
}

/// Characters from which on a value is prose.
const PROSE: usize = 32;

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(count: usize, pairs: &[(&str, &str)]) -> Vec<Fields> {
        let line = |n: usize| {
            let own = [("id".to_owned(), format!("r-{n}-{}", pairs[0].1))];
            own.into_iter().chain(pairs.iter().map(|(n, v)| ((*n).to_owned(), (*v).to_owned()))).collect()
        };
        (0..count).map(line).collect()
    }

    fn of(parts: &[(usize, &str, &str)]) -> Vec<Fields> {
        parts
            .iter()
            .flat_map(|(count, reason, issuer)| lines(*count, &[("reason", reason), ("issuer", issuer)]))
            .collect()
    }

    #[test]
    fn the_value_that_has_grown_most_comes_first() {
        let now = of(&[(12, "ISSUER_DECLINED", "a"), (81, "TSP_TIMEOUT", "b"), (7, "CVV", "a")]);
        let before = of(&[(60, "ISSUER_DECLINED", "a"), (2, "TSP_TIMEOUT", "b"), (38, "CVV", "a")]);
        let told = telling(&now, &before, None).expect("told");
        assert_eq!(
            (told.field.as_str(), told.has_risen),
            ("reason", true),
            "not the issuer, though it has grown as much"
        );
        let first = &told.groups[0];
        assert_eq!((first.value.as_str(), first.share, first.before), ("TSP_TIMEOUT", 0.81, Some(0.02)));
        assert_eq!(told.groups.len(), 3);
    }

    #[test]
    fn a_field_that_is_not_called_like_a_reason_has_to_shift_far() {
        let with = |parts: &[(usize, &str)]| -> Vec<Fields> {
            parts.iter().flat_map(|(count, zone)| lines(*count, &[("zone", zone), ("kind", "x")])).collect()
        };
        let before = with(&[(50, "a"), (50, "b")]);
        assert_eq!(telling(&with(&[(60, "a"), (40, "b")]), &before, None), None);
        let told = telling(&with(&[(90, "a"), (10, "b")]), &before, None).expect("told");
        assert_eq!((told.field.as_str(), told.has_risen), ("zone", true));
        // What the board names counts as a reason.
        let told = telling(&with(&[(56, "a"), (44, "b")]), &before, Some("zone")).expect("told");
        assert!(told.has_risen);
        assert!(!telling(&before, &before, Some("zone")).expect("told").has_risen);
    }

    #[test]
    fn without_lines_before_the_most_frequent_value_is_the_news() {
        let now = of(&[(3, "A", "a"), (7, "B", "a")]);
        let told = telling(&now, &[], None).expect("told");
        assert_eq!((told.groups[0].value.as_str(), told.groups[0].before, told.has_risen), ("B", None, true));
        assert_eq!(telling(&of(&[(9, "A", "a")]), &[], None), None, "all are alike");
        assert_eq!(telling(&[], &[], None), None);
        let told = telling(&of(&[(9, "A", "a")]), &of(&[(9, "B", "a")]), None).expect("told");
        assert_eq!((told.groups[0].value.as_str(), told.groups[0].before), ("A", Some(0.0)));
    }

    #[test]
    fn columns_are_the_fields_that_differ() {
        let mut all = of(&[(5, "A", "a"), (5, "B", "a")]);
        for (n, line) in all.iter_mut().enumerate() {
            line.push(("took".to_owned(), format!("0.{n}")));
            line.push(("level".to_owned(), "ERROR".to_owned()));
        }
        assert_eq!(columns(&all, &[], &[]), ["reason", "took"], "no identifier, and nothing that is the same");
        assert_eq!(columns(&all, &["took", "gone", "issuer"], &["reason"]), ["took"]);
    }

    #[test]
    fn lines_that_are_not_json_have_no_fields() {
        assert_eq!(fields("plain"), None);
        assert_eq!(fields("[1]"), None);
        let found = fields(r#"{"a":"x","n":2.5,"b":true,"o":{"c":1},"z":null}"#).expect("fields");
        let pairs: Vec<(&str, &str)> = found.iter().map(|(n, v)| (n.as_str(), v.as_str())).collect();
        assert_eq!(pairs, [("a", "x"), ("n", "2.5"), ("b", "true")]);
    }
}
