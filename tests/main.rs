//! The one integration-test binary.

mod text;
