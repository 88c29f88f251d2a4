//! What the tests share.

pub(crate) mod console;
pub(crate) mod pty;
pub(crate) mod requests;
