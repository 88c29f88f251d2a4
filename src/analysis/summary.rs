//! A line of datapoints in a few numbers.

/// The smallest, the mean, the largest, the last and the sum of some values.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Summary {
    /// The smallest.
    pub min: f64,
    /// The arithmetic mean, each datapoint counting the same.
    pub mean: f64,
    /// The largest.
    pub max: f64,
    /// The last.
    pub last: f64,
    /// All together.
    pub sum: f64,
    /// How many there are.
    pub count: usize,
}

impl Summary {
    /// The summary of finite values; `None` where there are none.
    pub fn of(values: impl Iterator<Item = f64>) -> Option<Self> {
        let mut summary: Option<Self> = None;
        let mut total = 0.0;
        for value in values.filter(|value| value.is_finite()) {
            total += value;
            let so_far =
                summary.unwrap_or(Self { min: value, mean: value, max: value, last: value, sum: 0.0, count: 0 });
            summary = Some(Self {
                min: so_far.min.min(value),
                max: so_far.max.max(value),
                last: value,
                sum: total,
                count: so_far.count + 1,
                mean: total / (so_far.count + 1) as f64,
            });
        }
        summary
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_few_numbers() {
        let summary = Summary::of([3.0, f64::NAN, 1.0, 2.0].into_iter());
        assert_eq!(summary, Some(Summary { min: 1.0, mean: 2.0, max: 3.0, last: 2.0, sum: 6.0, count: 3 }));
        assert_eq!(Summary::of(std::iter::empty()), None);
    }
}
