//! What in an answer of X-Ray could not be taken as it was.

/// Counts of what was left out or set right.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Flaws {
    /// Edges to a node that the answer does not hold; they are left out.
    pub dangling: u64,
    /// Counts below 0; they are taken as 0.
    pub negative: u64,
    /// Response times that are negative or no numbers; they are left out.
    pub times: u64,
    /// Nodes with neither name nor type.
    pub nameless: u64,
}

impl Flaws {
    /// Adds those of another answer.
    pub const fn add(&mut self, other: &Self) {
        self.dangling += other.dangling;
        self.negative += other.negative;
        self.times += other.times;
        self.nameless += other.nameless;
    }

    /// It in one line; `None` where nothing was wrong.
    pub fn words(&self) -> Option<String> {
        let parts = [
            (self.dangling, "edge", "to a service that is not in it"),
            (self.negative, "count", "below 0"),
            (self.times, "response time", "below 0 or without a number"),
            (self.nameless, "service", "without a name"),
        ];
        let told = parts.iter().filter(|(n, _, _)| *n > 0);
        let told: Vec<String> =
            told.map(|(n, what, how)| format!("{n} {what}{} {how}", if *n == 1 { "" } else { "s" })).collect();
        (!told.is_empty()).then(|| format!("X-Ray's answer has {}", told.join(", ")))
    }
}
