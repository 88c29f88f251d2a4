//! What the SDK reports, as the program's own error: kind, operation, and AWS's words on one clean line.

use std::error::Error as StdError;

use aws_credential_types::provider::error::CredentialsError;
use aws_smithy_runtime_api::client::orchestrator::HttpResponse;
use aws_smithy_runtime_api::client::result::SdkError;
use aws_smithy_types::error::metadata::ProvideErrorMetadata;
use aws_smithy_types::event_stream::RawMessage;

use super::operation::Operation;
use super::read_only::NotAllowed;
use crate::clock::Time;
use crate::store::health::{ErrorKind, SourceError};
use crate::text;

/// The longest message that is kept, in characters.
const LONGEST: usize = 400;

/// What to do where nothing gives credentials; the SDK's own words list its providers, none of which is set up.
const NO_CREDENTIALS: &str = "no credentials: give --profile or AWS_PROFILE, or set AWS_ACCESS_KEY_ID and \
    AWS_SECRET_ACCESS_KEY; there are none in the environment, the profile, a container or the instance's metadata";

/// Error codes by what they mean. Sources: CommonErrors of the CloudWatch, Logs and X-Ray API references, and the
/// throttling codes that the SDKs agree on.
const CODES: &[(ErrorKind, &[&str])] = &[
    (
        ErrorKind::Throttled,
        &[
            "Throttling",
            "ThrottlingException",
            "ThrottledException",
            "RequestThrottled",
            "RequestThrottledException",
            "RequestLimitExceeded",
            "TooManyRequestsException",
            "LimitExceeded",
            "LimitExceededException",
            "LimitExceededFault",
            "BandwidthLimitExceeded",
            "ProvisionedThroughputExceededException",
            "PriorRequestNotComplete",
            "SlowDown",
        ],
    ),
    (
        ErrorKind::Denied,
        &[
            "AccessDenied",
            "AccessDeniedException",
            "UnauthorizedOperation",
            "NotAuthorized",
            "NotAuthorizedException",
            "Forbidden",
        ],
    ),
    (
        ErrorKind::Credentials,
        &[
            "ExpiredToken",
            "ExpiredTokenException",
            "RequestExpired",
            "InvalidClientTokenId",
            "InvalidAccessKeyId",
            "InvalidToken",
            "UnrecognizedClientException",
            "MissingAuthenticationToken",
            "MissingAuthenticationTokenException",
            "IncompleteSignature",
            "InvalidSignatureException",
            "SignatureDoesNotMatch",
            "AuthFailure",
        ],
    ),
    (
        ErrorKind::NotFound,
        &["ResourceNotFound", "ResourceNotFoundException", "ResourceNotFoundFault", "DashboardNotFoundError"],
    ),
    (
        ErrorKind::Server,
        &[
            "InternalFailure",
            "InternalServiceError",
            "InternalServiceFault",
            "InternalServerError",
            "InternalServerException",
            "ServiceUnavailable",
            "ServiceUnavailableException",
            "SessionStreamingException",
        ],
    ),
    (ErrorKind::TimedOut, &["RequestTimeout", "RequestTimeoutException", "SessionTimeoutException"]),
];

/// The HTTP status of an answer, where it came over HTTP.
pub(super) trait Status {
    /// The status code.
    fn http_status(&self) -> Option<u16>;
}

impl Status for HttpResponse {
    fn http_status(&self) -> Option<u16> {
        Some(self.status().as_u16())
    }
}

impl Status for RawMessage {
    fn http_status(&self) -> Option<u16> {
        None
    }
}

/// The error of a failed call, seen `at`.
pub(super) fn source_error<E, R>(operation: &Operation, error: &SdkError<E, R>, at: Time) -> SourceError
where
    E: ProvideErrorMetadata + StdError + 'static,
    R: Status + std::fmt::Debug + 'static,
{
    let (kind, words) = match error {
        SdkError::TimeoutError(_) => (ErrorKind::TimedOut, root(error)),
        SdkError::ServiceError(answer) => {
            let meta = answer.err().meta();
            let kind = by_answer(meta.code(), answer.raw().http_status());
            let words = match meta.message() {
                Some(message) if !message.is_empty() => message.to_owned(),
                Some(_) | None => meta.code().map_or_else(|| root(error), str::to_owned),
            };
            (kind, words)
        }
        SdkError::DispatchFailure(failure) if failure.is_timeout() => (ErrorKind::TimedOut, root(error)),
        SdkError::DispatchFailure(_) => by_cause(error, ErrorKind::Unreachable),
        SdkError::ResponseError(_) => by_cause(error, ErrorKind::Garbled),
        _ => by_cause(error, ErrorKind::Invalid),
    };
    told(kind, operation, &words, at)
}

/// An error in the program's own words.
pub(super) fn told(kind: ErrorKind, operation: &Operation, words: &str, at: Time) -> SourceError {
    let own = operation.to_string();
    let missing = if kind == ErrorKind::Denied { missing_action(words) } else { None };
    SourceError { kind, operation: missing.map_or(own, str::to_owned), message: line(words), at, retry_in: None }
}

/// The kind of an answer that is an error, by AWS's code, else by its HTTP status.
fn by_answer(code: Option<&str>, status: Option<u16>) -> ErrorKind {
    // A 2xx that ends here is an answer whose body could not be understood.
    if status.is_some_and(|status| (200..300).contains(&status)) {
        return ErrorKind::Garbled;
    }
    let known = code.and_then(|code| {
        let code = code.rsplit('#').next().unwrap_or(code);
        CODES.iter().find(|(_, codes)| codes.contains(&code)).map(|(kind, _)| *kind)
    });
    match (known, status) {
        (Some(kind), _) => kind,
        (None, Some(429)) => ErrorKind::Throttled,
        (None, Some(408)) => ErrorKind::TimedOut,
        (None, Some(500..)) => ErrorKind::Server,
        (None, Some(401 | 403)) => ErrorKind::Denied,
        (None, Some(404)) if code.is_none() => ErrorKind::NotFound,
        (None, _) if code.is_none() => ErrorKind::Garbled,
        (None, _) => ErrorKind::Invalid,
    }
}

/// The kind of a failure without an answer, by what lies at its bottom.
fn by_cause(error: &(dyn StdError + 'static), otherwise: ErrorKind) -> (ErrorKind, String) {
    for cause in causes(error) {
        if let Some(refused) = cause.downcast_ref::<NotAllowed>() {
            return (ErrorKind::Invalid, refused.to_string());
        }
        if let Some(failed) = cause.downcast_ref::<CredentialsError>() {
            let words = match failed {
                CredentialsError::CredentialsNotLoaded(_) => NO_CREDENTIALS.to_owned(),
                _ => format!("no credentials: {}", root(cause)),
            };
            return (ErrorKind::Credentials, words);
        }
        if cause.downcast_ref::<std::io::Error>().is_some_and(|io| io.kind() == std::io::ErrorKind::TimedOut) {
            return (ErrorKind::TimedOut, root(error));
        }
        if cause.is::<std::io::Error>() || cause.is::<hyper::Error>() {
            return (ErrorKind::Unreachable, root(error));
        }
        if cause.to_string().contains("minimum throughput") {
            return (ErrorKind::TimedOut, "the answer stopped arriving".to_owned());
        }
    }
    (otherwise, root(error))
}

/// The error and everything it was caused by, outermost first.
pub(super) fn causes<'a>(error: &'a (dyn StdError + 'static)) -> impl Iterator<Item = &'a (dyn StdError + 'static)> {
    std::iter::successors(Some(error), |cause: &&'a (dyn StdError + 'static)| (*cause).source())
}

/// The words of the innermost cause.
pub(super) fn root(error: &(dyn StdError + 'static)) -> String {
    causes(error).map(ToString::to_string).filter(|words| !words.is_empty()).last().unwrap_or_default()
}

/// The IAM action in `… is not authorized to perform: logs:StartLiveTail on resource: …`.
fn missing_action(words: &str) -> Option<&str> {
    let (_, rest) = words.split_once("perform: ")?;
    let action = rest.split_whitespace().next()?.trim_end_matches(['.', ',', ';']);
    let (service, name) = action.split_once(':')?;
    let plain = |part: &str| !part.is_empty() && part.chars().all(|c| c.is_ascii_alphanumeric() || c == '-');
    (plain(service) && plain(name)).then_some(action)
}

/// One clean line of bounded length.
pub(super) fn line(words: &str) -> String {
    let spaced = words.split_whitespace().collect::<Vec<_>>().join(" ");
    let clean = text::clean(&spaced);
    match clean.char_indices().nth(LONGEST) {
        Some((end, _)) => format!("{}…", &clean[..end]),
        None => clean.into_owned(),
    }
}

#[cfg(test)]
mod tests {
    use aws_smithy_runtime_api::client::result::ConnectorError;
    use aws_smithy_types::body::SdkBody;
    use aws_smithy_types::error::ErrorMetadata;

    use super::*;
    use crate::sources::operation::START_LIVE_TAIL;

    type Failure = SdkError<Modeled, HttpResponse>;

    #[derive(Debug, thiserror::Error)]
    #[error("unhandled error")]
    struct Modeled(ErrorMetadata);

    impl ProvideErrorMetadata for Modeled {
        fn meta(&self) -> &ErrorMetadata {
            &self.0
        }
    }

    fn at() -> Time {
        "2026-01-15T10:28:00Z".parse().expect("a time")
    }

    fn http(status: u16) -> HttpResponse {
        HttpResponse::new(status.try_into().expect("a status"), SdkBody::empty())
    }

    fn answered(status: u16, code: &str, message: &str) -> Failure {
        let mut meta = ErrorMetadata::builder().message(message);
        if !code.is_empty() {
            meta = meta.code(code);
        }
        SdkError::service_error(Modeled(meta.build()), http(status))
    }

    #[test]
    fn answers_become_kinds() {
        let cases = [
            (400, "ThrottlingException", ErrorKind::Throttled),
            (400, "com.amazonaws.logs#ThrottlingException", ErrorKind::Throttled),
            (400, "LimitExceededException", ErrorKind::Throttled),
            (429, "", ErrorKind::Throttled),
            (403, "AccessDenied", ErrorKind::Denied),
            (400, "AccessDeniedException", ErrorKind::Denied),
            (403, "", ErrorKind::Denied),
            (400, "ExpiredTokenException", ErrorKind::Credentials),
            (403, "InvalidClientTokenId", ErrorKind::Credentials),
            (400, "UnrecognizedClientException", ErrorKind::Credentials),
            (400, "ResourceNotFoundException", ErrorKind::NotFound),
            (404, "", ErrorKind::NotFound),
            (400, "ValidationError", ErrorKind::Invalid),
            (400, "UnknownOperationException", ErrorKind::Invalid),
            (500, "InternalFailure", ErrorKind::Server),
            (503, "", ErrorKind::Server),
            (502, "Whatever", ErrorKind::Server),
            (200, "", ErrorKind::Garbled),
            (400, "", ErrorKind::Garbled),
        ];
        for (status, code, kind) in cases {
            let error = source_error(&START_LIVE_TAIL, &answered(status, code, "so it is"), at());
            assert_eq!(error.kind, kind, "{status} {code}");
            assert_eq!((error.operation.as_str(), error.message.as_str()), ("logs:StartLiveTail", "so it is"));
        }
    }

    #[test]
    fn a_denied_call_names_the_missing_action() {
        let words = "User: arn:aws:iam::1:user/a is not authorized to perform: kms:Decrypt on resource: *";
        let error = source_error(&START_LIVE_TAIL, &answered(400, "AccessDeniedException", words), at());
        assert_eq!(error.brief(), "denied: kms:Decrypt");
        let plain = source_error(&START_LIVE_TAIL, &answered(400, "AccessDeniedException", "perform: nothing"), at());
        assert_eq!(plain.brief(), "denied: logs:StartLiveTail");
    }

    #[test]
    fn failures_without_an_answer_become_kinds() {
        let reset = || std::io::Error::from(std::io::ErrorKind::ConnectionReset);
        let cases: [(Failure, ErrorKind); 6] = [
            (SdkError::timeout_error("too slow"), ErrorKind::TimedOut),
            (SdkError::dispatch_failure(ConnectorError::timeout("slow".into())), ErrorKind::TimedOut),
            (SdkError::dispatch_failure(ConnectorError::io(reset().into())), ErrorKind::Unreachable),
            (
                SdkError::dispatch_failure(ConnectorError::other(CredentialsError::not_loaded("none").into(), None)),
                ErrorKind::Credentials,
            ),
            (SdkError::response_error("expected `{`", http(200)), ErrorKind::Garbled),
            (SdkError::response_error(reset(), http(200)), ErrorKind::Unreachable),
        ];
        for (failure, kind) in cases {
            let error = source_error(&START_LIVE_TAIL, &failure, at());
            assert_eq!(error.kind, kind, "{failure:?}");
            assert!(!error.message.is_empty(), "{failure:?}");
        }
    }

    #[test]
    fn words_are_one_bounded_line() {
        assert_eq!(line("a\n  b\tc"), "a b c");
        assert_eq!(line(&"x".repeat(1_000)).chars().count(), LONGEST + 1);
    }
}
