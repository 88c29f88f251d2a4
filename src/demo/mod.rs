//! The embedded AWS: a world that is a pure function of seed and time, behind AWS's wire protocols.

pub mod cloudwatch;
pub mod faults;
pub mod logs;
mod operations;
pub mod server;
mod sts;
pub mod wire;
pub mod world;
pub mod xray;

use crate::clock::{Clock, Time};
use world::World;

/// What every operation of the embedded AWS may look at.
#[derive(Debug, Clone)]
pub struct Estate {
    /// The simulated estate.
    pub world: World,
    /// Its clock: nothing later than its present is ever told.
    pub clock: Clock,
}

impl Estate {
    /// The account that the demo plays.
    pub const ACCOUNT: &'static str = "123456789012";
    /// The region that the demo plays.
    pub const REGION: &'static str = "us-east-1";

    /// The present.
    pub fn now(&self) -> Time {
        self.clock.now()
    }
}
