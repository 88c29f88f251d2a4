//! The words of the language, with what each means.

/// A yes-or-no keyword.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Flag {
    /// 2xx.
    Ok,
    /// 4xx.
    Error,
    /// 429.
    Throttle,
    /// 5xx.
    Fault,
    /// Segments are incomplete.
    Partial,
    /// Segments are inferred.
    Inferred,
    /// First of its list.
    First,
    /// Last of its list.
    Last,
    /// The entity is remote.
    Remote,
    /// Entry point of the trace.
    Root,
}

/// A keyword that is a number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NumberKey {
    /// Seconds until the response.
    ResponseTime,
    /// Seconds with all that was called.
    Duration,
    /// Status code.
    HttpStatus,
    /// Place in a list.
    Index,
    /// Share of the root's response time.
    Coverage,
}

/// A keyword that is a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TextKey {
    /// The request's URL.
    HttpUrl,
    /// The request's method.
    HttpMethod,
    /// The request's user agent.
    HttpUserAgent,
    /// The requestor's address.
    HttpClientIp,
    /// The user of a segment.
    User,
    /// A service's or an exception's name.
    Name,
    /// A service's type.
    Type,
    /// An exception's message.
    Message,
    /// A segment's availability zone.
    AvailabilityZone,
    /// A segment's instance.
    InstanceId,
    /// A segment's resource.
    ResourceArn,
}

/// What a root cause is the cause of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cause {
    /// A fault.
    Fault,
    /// An error.
    Error,
    /// A response time.
    ResponseTime,
}

/// Which part of a root cause is looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CausePart {
    /// Its services.
    Service,
    /// The segments and subsegments of its services.
    Entity,
    /// Their exceptions.
    Exception,
}

/// What a word stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sort {
    /// Yes or no.
    Flag(Flag),
    /// A number.
    Number(NumberKey),
    /// A text.
    Text(TextKey),
    /// `service(…) { … }`.
    Service,
    /// `edge(…, …) { … }`.
    Edge,
    /// `annotation[KEY]` or `annotation.KEY`.
    Annotation,
    /// `group.name` or `group.arn`.
    Group(super::GroupKey),
    /// `rootcause.CAUSE.PART { … }`.
    RootCause(Cause, CausePart),
    /// `rootcause.json`.
    RootCauseJson,
}

/// A keyword.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Word {
    /// As the documentation writes it; case does not matter.
    pub name: &'static str,
    /// What it stands for.
    pub sort: Sort,
    /// What it means, in a few words.
    pub doc: &'static str,
}

const fn word(name: &'static str, sort: Sort, doc: &'static str) -> Word {
    Word { name, sort, doc }
}

/// Every keyword, in the order of the documentation.
pub const WORDS: &[Word] = &[
    word("ok", Sort::Flag(Flag::Ok), "status 2xx"),
    word("error", Sort::Flag(Flag::Error), "status 4xx"),
    word("throttle", Sort::Flag(Flag::Throttle), "status 429"),
    word("fault", Sort::Flag(Flag::Fault), "status 5xx"),
    word("partial", Sort::Flag(Flag::Partial), "has incomplete segments"),
    word("inferred", Sort::Flag(Flag::Inferred), "has inferred segments"),
    word("first", Sort::Flag(Flag::First), "first of its list"),
    word("last", Sort::Flag(Flag::Last), "last of its list"),
    word("remote", Sort::Flag(Flag::Remote), "root cause is remote"),
    word("root", Sort::Flag(Flag::Root), "entry point of the trace"),
    word("responsetime", Sort::Number(NumberKey::ResponseTime), "seconds until the response"),
    word("duration", Sort::Number(NumberKey::Duration), "seconds with all that was called"),
    word("http.status", Sort::Number(NumberKey::HttpStatus), "status of the response"),
    word("index", Sort::Number(NumberKey::Index), "place in a list"),
    word("coverage", Sort::Number(NumberKey::Coverage), "share of the root's response time"),
    word("http.url", Sort::Text(TextKey::HttpUrl), "URL of the request"),
    word("http.method", Sort::Text(TextKey::HttpMethod), "method of the request"),
    word("http.useragent", Sort::Text(TextKey::HttpUserAgent), "user agent of the request"),
    word("http.clientip", Sort::Text(TextKey::HttpClientIp), "address of who asked"),
    word("user", Sort::Text(TextKey::User), "user of a segment"),
    word("name", Sort::Text(TextKey::Name), "name of a service or exception"),
    word("type", Sort::Text(TextKey::Type), "type of a service"),
    word("message", Sort::Text(TextKey::Message), "message of an exception"),
    word("availabilityzone", Sort::Text(TextKey::AvailabilityZone), "availability zone of a segment"),
    word("instance.id", Sort::Text(TextKey::InstanceId), "instance of a segment"),
    word("resource.arn", Sort::Text(TextKey::ResourceArn), "resource of a segment"),
    word("service", Sort::Service, "service(\"NAME\") { filter }"),
    word("edge", Sort::Edge, "edge(\"FROM\", \"TO\") { filter }"),
    word("annotation", Sort::Annotation, "annotation[KEY] = \"VALUE\""),
    word("group.name", Sort::Group(super::GroupKey::Name), "traces of an X-Ray group"),
    word("group.arn", Sort::Group(super::GroupKey::Arn), "the same by its ARN"),
    word("rootcause.fault.service", Sort::RootCause(Cause::Fault, CausePart::Service), "{ filter }"),
    word("rootcause.fault.entity", Sort::RootCause(Cause::Fault, CausePart::Entity), "{ filter }"),
    word("rootcause.fault.exception", Sort::RootCause(Cause::Fault, CausePart::Exception), "{ filter }"),
    word("rootcause.error.service", Sort::RootCause(Cause::Error, CausePart::Service), "{ filter }"),
    word("rootcause.error.entity", Sort::RootCause(Cause::Error, CausePart::Entity), "{ filter }"),
    word("rootcause.error.exception", Sort::RootCause(Cause::Error, CausePart::Exception), "{ filter }"),
    word("rootcause.responsetime.service", Sort::RootCause(Cause::ResponseTime, CausePart::Service), "{ filter }"),
    word("rootcause.responsetime.entity", Sort::RootCause(Cause::ResponseTime, CausePart::Entity), "{ filter }"),
    word("rootcause.json", Sort::RootCauseJson, "= #[{ \"Services\": … }]"),
    word("json", Sort::RootCauseJson, "= #[{ \"Services\": … }]"),
];

/// The keyword of a name, in any case.
pub fn find(name: &str) -> Option<&'static Word> {
    WORDS.iter().find(|word| word.name.eq_ignore_ascii_case(name))
}

/// The key of `annotation.KEY`.
pub fn annotation_key(word: &str) -> Option<&str> {
    let (head, key) = (word.get(..11)?, word.get(11..)?);
    (head.eq_ignore_ascii_case("annotation.") && !key.is_empty()).then_some(key)
}
