//! The shop's orders: a trickle, and a flood that rides on an incident.

use std::ops::Range;

use super::core::Core;
use super::dice::{About, Key};
use super::incident::FLOOD;
use super::logs::Draft;
use super::text::{digits, field, number};
use super::time::{self, MINUTE_MS};

/// Orders are planned by so many milliseconds.
const BUCKET_MS: i64 = 15_000;

/// Orders of a calm bucket: at least this, and up to three more.
const TRICKLE: u64 = 3;

/// Orders of a bucket in a flood: at least this, and up to fourteen more.
const FLOODING: u64 = 50;

/// Stock code, description and unit price in cents.
const STOCK: [(&str, &str, u64); 8] = [
    ("20725", "LUNCH BAG RED SPOTS", 165),
    ("22197", "POPCORN HOLDER", 85),
    ("22423", "THREE-TIER CAKE STAND", 1275),
    ("22960", "JAM MAKING SET", 425),
    ("47566", "PARTY BUNTING", 495),
    ("84879", "BIRD ORNAMENT", 169),
    ("85099B", "JUMBO BAG, DOTS", 208),
    ("85123A", "HANGING HEART T-LIGHT HOLDER", 295),
];

/// What a flood is after.
const WANTED: usize = 2;

/// Countries of customers.
const COUNTRIES: [&str; 5] = ["United Kingdom", "Germany", "France", "Ireland", "Netherlands"];

/// An order.
#[derive(Debug, Clone, Copy)]
pub(super) struct Order {
    key: Key,
    /// Its number, unique for some weeks.
    invoice: u64,
    flood: bool,
}

impl Core {
    /// Orders of a span of milliseconds.
    pub(super) fn order_drafts(&self, span: &Range<i64>) -> Vec<Draft<Order>> {
        let mut drafts = Vec::new();
        for bucket in span.start.div_euclid(BUCKET_MS)..=span.end.div_euclid(BUCKET_MS) {
            let of_bucket = self.key.of(About::Order).with(bucket as u64);
            let start = bucket * BUCKET_MS;
            let flood = self.incidents.age(start.div_euclid(MINUTE_MS)).is_some_and(|age| FLOOD.contains(&age));
            let count = if flood { FLOODING + of_bucket.below(15) } else { TRICKLE + of_bucket.below(4) };
            for number in 0..count {
                let key = of_bucket.with(number);
                let ms = start + key.below(BUCKET_MS as u64) as i64;
                let invoice = (bucket as u64 * 64 + number) % 9_000_000 + 1_000_000;
                if span.contains(&ms) {
                    drafts.push(Draft { ms, sequence: number, key, about: Order { key, invoice, flood } });
                }
            }
        }
        drafts
    }
}

/// Writes an order's line.
pub(super) fn write(ms: i64, order: &Order, line: &mut String) {
    let choice = order.key.with(1);
    let is_wanted = order.flood && choice.with(1).below(10) < 8;
    let place = if is_wanted { WANTED } else { choice.below(STOCK.len() as u64) as usize };
    let (code, description, cents) = STOCK[place];
    line.push_str("{\"InvoiceNo\":\"");
    number(line, order.invoice);
    line.push('"');
    field(line, "StockCode", code);
    field(line, "Description", description);
    line.push_str(",\"Quantity\":");
    number(line, choice.with(2).below(24) + 1);
    line.push_str(",\"InvoiceDate\":\"");
    time::write(line, ms);
    line.push_str("\",\"UnitPrice\":");
    number(line, cents / 100);
    line.push('.');
    digits(line, cents % 100, 2);
    line.push_str(",\"Customer\":\"");
    number(line, 12_000 + choice.with(3).below(6_000));
    line.push('"');
    field(line, "Country", choice.with(4).pick(&COUNTRIES).unwrap_or(COUNTRIES[0]));
    line.push('}');
}
