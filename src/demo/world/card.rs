//! Test card numbers: valid by the Luhn rule, issued to nobody.

use super::dice::About;
use super::request::Request;
use super::text;

/// Ranges that card schemes reserve for tests begin so.
const BINS: [&str; 6] = ["411111", "400000", "555555", "510510", "222300", "601111"];

/// The first six digits of the card of an attempt.
pub(super) fn bin(request: &Request<'_>) -> &'static str {
    request.client_key.of(About::Card).pick(&BINS).unwrap_or(BINS[0])
}

/// Appends the 16 digits of the card of an attempt.
pub(super) fn number(line: &mut String, request: &Request<'_>) {
    let from = line.len();
    line.push_str(bin(request));
    text::digits(line, request.client_key.of(About::Card).with(1).bits(), 9);
    let check = check_digit(line[from..].bytes());
    text::digits(line, check, 1);
}

/// The digit that makes a row of digits valid by the Luhn rule (ISO/IEC 7812-1).
fn check_digit(digits: impl DoubleEndedIterator<Item = u8>) -> u64 {
    let sum: u64 = digits
        .rev()
        .enumerate()
        .map(|(place, digit)| {
            let value = u64::from(digit.saturating_sub(b'0'));
            let doubled = if place % 2 == 0 { value * 2 } else { value };
            doubled / 10 + doubled % 10
        })
        .sum();
    (10 - sum % 10) % 10
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn check_digits_are_those_of_known_numbers() {
        for number in ["4111111111111111", "5555555555554444", "6011111111111117", "79927398713"] {
            let (body, check) = number.split_at(number.len() - 1);
            assert_eq!(check_digit(body.bytes()).to_string(), check, "{number}");
        }
    }
}
