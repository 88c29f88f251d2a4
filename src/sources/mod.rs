//! The only room that knows AWS: clients, the poller, and one file an operation.
