//! What AWS says when it refuses a call, by service.

use crate::demo::faults::Fault;
use crate::demo::sts::CALLER;
use crate::demo::wire::ApiError;
use crate::demo::wire::route::{Call, Service};

/// The error that a fault answers with; `None` for faults that are no answer.
pub(super) fn of(fault: Fault, call: &Call) -> Option<ApiError> {
    match fault {
        Fault::Throttle => Some(match call.service {
            Service::XRay => ApiError::with_status(429, "ThrottledException", "Rate exceeded"),
            Service::CloudWatch | Service::Logs => ApiError::bad("ThrottlingException", "Rate exceeded"),
            Service::Sts => ApiError::bad("Throttling", "Rate exceeded"),
        }),
        Fault::Internal => {
            Some(ApiError::with_status(500, "InternalFailure", "The request processing has failed because of an error"))
        }
        Fault::Deny => Some(deny(call)),
        Fault::Expired => {
            let message = "The security token included in the request is expired";
            Some(match call.service {
                Service::XRay | Service::CloudWatch => ApiError::with_status(403, "ExpiredTokenException", message),
                Service::Logs => ApiError::bad("ExpiredTokenException", message),
                Service::Sts => ApiError::with_status(403, "ExpiredToken", message),
            })
        }
        Fault::Slow(_) | Fault::Hang | Fault::Reset | Fault::Garbage => None,
    }
}

fn deny(call: &Call) -> ApiError {
    let message = format!(
        "User: {CALLER} is not authorized to perform: {call} because no identity-based policy allows the {call} action"
    );
    match call.service {
        Service::Logs => ApiError::bad("AccessDeniedException", message),
        Service::CloudWatch | Service::XRay => ApiError::with_status(403, "AccessDeniedException", message),
        Service::Sts => ApiError::with_status(403, "AccessDenied", message),
    }
}

/// The answer to a request that nobody signed. (What the signature says is not looked at.)
pub(super) fn unsigned(service: Service) -> ApiError {
    match service {
        Service::CloudWatch | Service::Logs | Service::XRay => {
            ApiError::with_status(403, "MissingAuthenticationTokenException", "Missing Authentication Token")
        }
        Service::Sts => {
            ApiError::with_status(403, "MissingAuthenticationToken", "Request is missing Authentication Token")
        }
    }
}
