//! AWS's comparison operators.

/// What breaches, as `ComparisonOperator` names it (CloudWatch API reference, PutMetricAlarm).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Comparison {
    /// `GreaterThanThreshold`.
    Above,
    /// `GreaterThanOrEqualToThreshold`.
    AtLeast,
    /// `LessThanThreshold`.
    Below,
    /// `LessThanOrEqualToThreshold`.
    AtMost,
    /// `GreaterThanUpperThreshold`, of a band.
    AboveBand,
    /// `LessThanLowerThreshold`, of a band.
    BelowBand,
    /// `LessThanLowerOrGreaterThanUpperThreshold`, of a band.
    OutsideBand,
}

impl Comparison {
    /// Every operator.
    pub const ALL: [Self; 7] =
        [Self::Above, Self::AtLeast, Self::Below, Self::AtMost, Self::AboveBand, Self::BelowBand, Self::OutsideBand];

    /// AWS's word.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Above => "GreaterThanThreshold",
            Self::AtLeast => "GreaterThanOrEqualToThreshold",
            Self::Below => "LessThanThreshold",
            Self::AtMost => "LessThanOrEqualToThreshold",
            Self::AboveBand => "GreaterThanUpperThreshold",
            Self::BelowBand => "LessThanLowerThreshold",
            Self::OutsideBand => "LessThanLowerOrGreaterThanUpperThreshold",
        }
    }

    /// The operator of AWS's word, `None` for a word that is none.
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|operator| operator.name() == word)
    }

    /// It as a sign: `>`, `≥`, `<`, `≤`, or `above`, `below`, `outside` for a band.
    pub const fn sign(self) -> &'static str {
        match self {
            Self::Above => ">",
            Self::AtLeast => "≥",
            Self::Below => "<",
            Self::AtMost => "≤",
            Self::AboveBand => "above",
            Self::BelowBand => "below",
            Self::OutsideBand => "outside",
        }
    }

    /// Whether a value breaches, given the lower and the upper limit (the same one for a fixed threshold).
    pub fn breaches(self, value: f64, lower: f64, upper: f64) -> bool {
        match self {
            Self::Above | Self::AboveBand => value > upper,
            Self::AtLeast => value >= upper,
            Self::Below | Self::BelowBand => value < lower,
            Self::AtMost => value <= lower,
            Self::OutsideBand => value < lower || value > upper,
        }
    }

    /// Whether small values are the bad ones.
    pub const fn is_about_too_little(self) -> bool {
        match self {
            Self::Below | Self::AtMost | Self::BelowBand => true,
            Self::Above | Self::AtLeast | Self::AboveBand | Self::OutsideBand => false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn operators_are_strict_where_aws_says_so() {
        let cases = [
            ("GreaterThanThreshold", [false, false, true]),
            ("GreaterThanOrEqualToThreshold", [false, true, true]),
            ("LessThanThreshold", [true, false, false]),
            ("LessThanOrEqualToThreshold", [true, true, false]),
        ];
        for (word, expected) in cases {
            let operator = Comparison::parse(word).expect(word);
            assert_eq!([4.0, 5.0, 6.0].map(|value| operator.breaches(value, 5.0, 5.0)), expected, "{word}");
        }
        let bands = [
            ("GreaterThanUpperThreshold", [false, false, true]),
            ("LessThanLowerThreshold", [true, false, false]),
            ("LessThanLowerOrGreaterThanUpperThreshold", [true, false, true]),
        ];
        for (word, expected) in bands {
            let operator = Comparison::parse(word).expect(word);
            assert_eq!([1.0, 5.0, 9.0].map(|value| operator.breaches(value, 2.0, 8.0)), expected, "{word}");
        }
        assert_eq!(Comparison::parse("EqualTo"), None);
    }
}
