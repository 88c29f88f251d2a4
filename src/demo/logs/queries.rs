//! tmp
use crate::demo::Estate;
use crate::demo::wire::{ApiError, Wire};
/// d
#[derive(Debug)]
pub struct QueryDesk;
impl QueryDesk {
    /// n
    pub fn new(_: Estate) -> Self {
        Self
    }
    /// t
    pub fn takes(_: &str) -> bool {
        false
    }
    /// c
    pub fn call(&self, _: &str, _: &Wire) -> Result<Wire, ApiError> {
        Err(ApiError::bad("x", "y"))
    }
    /// c
    pub async fn close(&self) {}
}
