//! The one integration-test binary.

mod assets;
mod insights;
mod text;
mod themes;
