//! The benchmark's simplest detector, to have its scores in full precision.

/// How much of the normal distribution of all values so far lies on the near side of each value.
pub(crate) fn scores(values: &[f64]) -> Vec<f64> {
    let (mut mean, mut deviation) = (0.0, 1.0);
    let mut scores = Vec::with_capacity(values.len());
    for (row, value) in values.iter().enumerate() {
        let z = f64::abs(value - mean) / deviation;
        scores.push(if row == 0 { 0.0 } else { 1.0 - 0.5 * libm::erfc(z / std::f64::consts::SQRT_2) });
        let known = &values[..=row];
        mean = known.iter().sum::<f64>() / known.len() as f64;
        deviation = (known.iter().map(|value| (value - mean).powi(2)).sum::<f64>() / known.len() as f64).sqrt();
        if deviation == 0.0 {
            deviation = 1e-6;
        }
    }
    scores
}
