//! The one integration-test binary.

mod insights;
mod text;
