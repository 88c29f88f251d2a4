//! The one integration-test binary.

mod assets;
