use super::*;

/// `kind:text` of every part.
fn parts(text: &str) -> Vec<String> {
    highlight(text).into_iter().map(|(range, kind)| format!("{kind:?}:{}", &text[range])).collect()
}

#[test]
fn parts_of_a_query_are_told_apart() {
    let text = "fields @timestamp, strlen(`a b`) as n # all\n| filter n > 5 and m like /x\\/y/ | nonsense";
    assert_eq!(
        parts(text),
        [
            "Command:fields",
            "Field:@timestamp",
            "Punctuation:,",
            "Function:strlen",
            "Punctuation:(",
            "Field:`a b`",
            "Punctuation:)",
            "Keyword:as",
            "Field:n",
            "Comment:# all",
            "Pipe:|",
            "Command:filter",
            "Field:n",
            "Operator:>",
            "Number:5",
            "Keyword:and",
            "Field:m",
            "Keyword:like",
            "Regex:/x\\/y/",
            "Pipe:|",
            "Error:nonsense",
        ]
    );
    assert_eq!(
        parts("filter a / 2 = 1"),
        ["Command:filter", "Field:a", "Operator:/", "Number:2", "Operator:=", "Number:1"]
    );
}

#[test]
fn what_is_not_finished_has_colours_too() {
    assert_eq!(parts("filter a like \"b"), ["Command:filter", "Field:a", "Keyword:like", "Text:\"b"]);
    assert_eq!(parts("parse @message /b(?<c>"), ["Command:parse", "Field:@message", "Regex:/b(?<c>"]);
    assert_eq!(parts("filter `a b"), ["Command:filter", "Field:`a b"]);
    assert_eq!(
        parts("filter nothing(a)"),
        ["Command:filter", "Error:nothing", "Punctuation:(", "Field:a", "Punctuation:)"]
    );
    assert_eq!(
        parts("HEAD 5 | filter a in (source logGroups() | fields a)"),
        [
            "Command:HEAD",
            "Number:5",
            "Pipe:|",
            "Command:filter",
            "Field:a",
            "Keyword:in",
            "Punctuation:(",
            "Command:source",
            "Function:logGroups",
            "Punctuation:(",
            "Punctuation:)",
            "Pipe:|",
            "Command:fields",
            "Field:a",
            "Punctuation:)",
        ]
    );
    assert_eq!(parts("# only"), ["Comment:# only"]);
    assert_eq!(parts("limit 5x ; 3"), ["Command:limit", "Error:5x", "Error:;", "Number:3"]);
}

#[test]
fn completion_knows_what_comes() {
    let cases = [
        ("", Fits::Command, ""),
        ("fi", Fits::Command, "fi"),
        ("fields @timestamp | s", Fits::Command, "s"),
        ("fields @t", Fits::Value, "@t"),
        ("filter strl", Fits::Value, "strl"),
        ("stats av", Fits::Aggregate, "av"),
        ("stats avg(a) by b", Fits::Value, "b"),
        ("stats avg(a) by bin(5m) as ", Fits::Nothing, ""),
        ("limit ", Fits::Nothing, ""),
        ("filter a = \"fi", Fits::Nothing, ""),
    ];
    for (text, fits, prefix) in cases {
        let completion = completion_at(text, text.len());
        assert_eq!((completion.fits, completion.prefix.as_str()), (fits, prefix), "{text}");
        assert_eq!(completion.range.end, text.len(), "{text}");
    }
    let middle = completion_at("fields @timestamp | sor a", 22);
    assert_eq!((middle.range, middle.prefix.as_str()), (20..23, "so"));
    let names: Vec<_> = completion_at("FI", 2).words().iter().map(|word| word.name).collect();
    assert!(names.starts_with(&["fields", "filter"]), "{names:?}");
}

#[test]
fn every_word_is_explained_once() {
    let mut names: Vec<_> = vocabulary().iter().map(|word| word.name.to_ascii_lowercase()).collect();
    names.sort();
    let all = names.len();
    names.dedup();
    assert_eq!(names.len(), all);
    for word in vocabulary() {
        assert!(word.doc.ends_with('.') && !word.signature.is_empty(), "{}", word.name);
    }
}

#[test]
fn a_query_may_name_its_groups() {
    for (query, expected) in [
        ("SOURCE logGroups(namePrefix: ['/payments']) | stats count(*)", true),
        ("# why\nsource '/a' | limit 1", true),
        ("fields source | limit 1", false),
        ("filter id in (SOURCE '/a' | fields id)", false),
        ("", false),
    ] {
        assert_eq!(names_groups(query), expected, "{query}");
    }
}
