//! CloudWatch's operations.

use super::Estate;
use super::wire::{ApiError, Wire};

/// Answers one operation.
pub fn call(_estate: &Estate, operation: &str, _input: &Wire) -> Result<Wire, ApiError> {
    Err(ApiError::bad("UnknownOperationException", format!("The operation {operation} is not known")))
}
