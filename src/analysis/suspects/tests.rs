//! Planted causes are found first, and where nothing is planted nothing is named.

use proptest::prelude::*;

use super::*;

/// A stream of numbers (splitmix64, Steele, Lea and Flood, 2014), so that every trial can be repeated.
#[derive(Debug, Clone)]
struct Dice(u64);

impl Dice {
    fn bits(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    fn share(&mut self) -> f64 {
        (self.bits() >> 11) as f64 / (1_u64 << 53) as f64
    }

    fn below(&mut self, n: usize) -> usize {
        (self.bits() % n as u64) as usize
    }
}

/// A service with independent fields of a few values each.
#[derive(Debug, Clone)]
struct Service {
    /// Cumulative shares of each field's values.
    fields: Vec<Vec<f64>>,
    /// The rate of failure when all is well.
    usual: f64,
    /// How much more often each value of the first field fails, always.
    uneven: f64,
    /// The share of lines that lack a field, each by itself.
    missing: f64,
}

/// Field and value by index.
type Cause = Vec<(usize, usize)>;

/// Counts by combination of values.
type Window = Vec<Tally>;

/// What goes wrong: whom, and the share of them that fails.
type Trouble = Vec<(Cause, f64)>;

impl Service {
    fn draw(dice: &mut Dice, fields: usize) -> Self {
        let field = |dice: &mut Dice| {
            let weights: Vec<f64> = (0..2 + dice.below(2)).map(|_| 0.5 + dice.share()).collect();
            let total: f64 = weights.iter().sum();
            weights
                .iter()
                .scan(0.0, |upto, weight| {
                    *upto += weight / total;
                    Some(*upto)
                })
                .collect()
        };
        Self { fields: (0..fields).map(|_| field(dice)).collect(), usual: 0.02, uneven: 0.0, missing: 0.0 }
    }

    /// A cause of so many values that concerns at least three requests in a hundred.
    fn cause(&self, dice: &mut Dice, values: usize) -> Cause {
        loop {
            let mut fields: Vec<usize> = (0..self.fields.len()).collect();
            while fields.len() > values {
                fields.remove(dice.below(fields.len()));
            }
            let cause: Cause = fields.into_iter().map(|field| (field, dice.below(self.fields[field].len()))).collect();
            let share = |(field, value): &(usize, usize)| {
                let upto = &self.fields[*field];
                upto[*value] - value.checked_sub(1).map_or(0.0, |before| upto[before])
            };
            if cause.iter().map(share).product::<f64>() >= 0.03 {
                return cause;
            }
        }
    }

    /// Requests of a window, some of which fail, by combination of values: 0 where a line lacks the field.
    fn window(&self, dice: &mut Dice, attempts: usize, trouble: &Trouble) -> Window {
        let size = self.fields.iter().map(|upto| upto.len() + 1).product();
        let mut window = vec![Tally::default(); size];
        let mut values = vec![0; self.fields.len()];
        for _ in 0..attempts {
            for (value, upto) in values.iter_mut().zip(&self.fields) {
                let at = dice.share();
                *value = upto.iter().position(|share| at < *share).unwrap_or(upto.len() - 1);
            }
            let mut fine = 1.0 - self.usual * (1.0 + self.uneven * values[0] as f64);
            for (cause, share) in trouble {
                if cause.iter().all(|(field, value)| values[*field] == *value) {
                    fine *= 1.0 - share;
                }
            }
            let failures = u64::from(dice.share() >= fine);
            let mut place = 0;
            for (value, upto) in values.iter().zip(&self.fields) {
                let is_logged = self.missing <= 0.0 || dice.share() >= self.missing;
                place = place * (upto.len() + 1) + if is_logged { value + 1 } else { 0 };
            }
            window[place] = window[place].plus(Tally { attempts: 1, failures });
        }
        window
    }

    fn cells(&self, bad: &Window, good: &Window) -> Cells {
        let values = |mut place: usize| {
            let mut values: Vec<Option<Box<str>>> = Vec::new();
            for upto in self.fields.iter().rev() {
                let value = place % (upto.len() + 1);
                place /= upto.len() + 1;
                values.insert(0, value.checked_sub(1).map(|value| format!("v{value}").into()));
            }
            values
        };
        let cells = bad.iter().zip(good).enumerate().filter(|(_, (bad, good))| bad.attempts + good.attempts > 0);
        Cells {
            fields: (0..self.fields.len()).map(|field| format!("f{field}")).collect(),
            cells: cells.map(|(place, (bad, good))| Cell { values: values(place), bad: *bad, good: *good }).collect(),
        }
    }

    /// A window in which nothing was attempted.
    fn no_window(&self) -> Window {
        self.window(&mut Dice(0), 0, &Trouble::new())
    }

    fn trial(&self, dice: &mut Dice, attempts: (usize, usize), trouble: &Trouble) -> Cells {
        let bad = self.window(dice, attempts.0, trouble);
        let good = self.window(dice, attempts.1, &Trouble::new());
        self.cells(&bad, &good)
    }
}

fn named(cause: &Cause) -> Vec<(String, String)> {
    cause.iter().map(|(field, value)| (format!("f{field}"), format!("v{value}"))).collect()
}

/// Runs many trials; how many of them name what is planted first, and nothing besides it.
fn successes(trials: u64, fields: usize, trial: impl Fn(&mut Dice, &mut Service) -> (Cause, Cells)) -> usize {
    let one = |seed: u64| {
        let mut dice = Dice(seed);
        let mut service = Service::draw(&mut dice, fields);
        let (cause, cells) = trial(&mut dice, &mut service);
        let finding = find(&cells);
        finding.suspects.first().is_some_and(|first| first.fields == named(&cause))
    };
    (0..trials).filter(|seed| one(*seed)).count()
}

#[test]
fn planted_causes_of_one_to_three_values_are_named_first() {
    for size in 1..=3 {
        let found = successes(100, 4, |dice, service| {
            let cause = service.cause(dice, size);
            let cells = service.trial(dice, (12_000, 24_000), &vec![(cause.clone(), 0.9)]);
            (cause, cells)
        });
        assert!(found >= 99, "{size} values: {found} of 100");
    }
}

#[test]
fn half_an_effect_and_a_healthy_beginning_are_enough() {
    for size in 1..=3 {
        let found = successes(100, 4, |dice, service| {
            let cause = service.cause(dice, size);
            let calm = service.window(dice, 4_000, &Trouble::new());
            let bad = service.window(dice, 8_000, &vec![(cause.clone(), 0.5)]);
            let bad = bad.into_iter().zip(calm).map(|(one, other)| one.plus(other)).collect();
            let good = service.window(dice, 24_000, &Trouble::new());
            let cells = service.cells(&bad, &good);
            (cause, cells)
        });
        assert!(found >= 97, "{size} values: {found} of 100");
    }
}

#[test]
fn little_traffic_is_enough_for_a_total_failure() {
    // Two requests a second for a quarter of an hour, against an hour.
    let found = successes(100, 4, |dice, service| {
        let size = 1 + dice.below(2);
        let cause = service.cause(dice, size);
        let cells = service.trial(dice, (1_800, 7_200), &vec![(cause.clone(), 1.0)]);
        (cause, cells)
    });
    assert!(found >= 99, "{found} of 100");
}

#[test]
fn values_that_always_fail_more_do_not_distract() {
    let found = successes(100, 4, |dice, service| {
        service.uneven = 3.0;
        let cause = service.cause(dice, 2);
        let cells = service.trial(dice, (12_000, 24_000), &vec![(cause.clone(), 0.6)]);
        (cause, cells)
    });
    assert!(found >= 98, "{found} of 100");
}

#[test]
fn lines_that_lack_fields_do_not_widen_the_cause() {
    for missing in [0.05, 0.1] {
        let found = successes(100, 4, |dice, service| {
            service.missing = missing;
            let cause = service.cause(dice, 3);
            let cells = service.trial(dice, (12_000, 24_000), &vec![(cause.clone(), 0.9)]);
            (cause, cells)
        });
        assert!(found >= 97, "{missing} missing: {found} of 100");
    }
}

#[test]
fn two_causes_at_once_are_both_named() {
    let mut found = 0;
    for seed in 0..100 {
        let mut dice = Dice(seed);
        let service = Service::draw(&mut dice, 5);
        let one = vec![(0, 0), (1, 0)];
        let two = vec![(2, 0), (3, 1), (4, 0)];
        let cells = service.trial(&mut dice, (20_000, 40_000), &vec![(one.clone(), 0.8), (two.clone(), 0.8)]);
        let names: Vec<_> = find(&cells).suspects.into_iter().take(2).map(|suspect| suspect.fields).collect();
        found += usize::from(names.contains(&named(&one)) && names.contains(&named(&two)));
    }
    assert!(found >= 95, "{found} of 100");
}

#[test]
fn nothing_is_named_where_nothing_changed() {
    let mut wrong = 0;
    for seed in 0..1_000 {
        let mut dice = Dice(1_000_000 + seed);
        let fields = 2 + dice.below(4);
        let mut service = Service::draw(&mut dice, fields);
        service.usual = 0.002 + 0.05 * dice.share();
        service.uneven = 2.0 * dice.share();
        service.missing = 0.1 * dice.share();
        let attempts = [(600, 2_400), (3_000, 12_000), (6_000, 6_000)][dice.below(3)];
        wrong += usize::from(!find(&service.trial(&mut dice, attempts, &Trouble::new())).suspects.is_empty());
    }
    assert!(wrong <= 10, "{wrong} of 1000 trials named something");
}

#[test]
fn nothing_is_named_where_everything_fails_alike() {
    let mut wrong = 0;
    for seed in 0..200 {
        let mut dice = Dice(2_000_000 + seed);
        let mut service = Service::draw(&mut dice, 4);
        service.uneven = dice.share();
        let cells = service.trial(&mut dice, (6_000, 12_000), &vec![(Vec::new(), 0.3)]);
        let finding = find(&cells);
        assert!(finding.excess > 1_000.0);
        wrong += usize::from(finding.nothing != Some(Nothing::NoPattern));
    }
    assert!(wrong <= 2, "{wrong} of 200");
}

#[test]
fn a_field_that_follows_from_another_is_left_out() {
    let mut dice = Dice(5);
    let service = Service { fields: vec![vec![0.3, 0.6, 1.0], vec![0.5, 1.0]], usual: 0.02, uneven: 0.0, missing: 0.0 };
    let mut cells = service.trial(&mut dice, (8_000, 16_000), &vec![(vec![(0, 1), (1, 0)], 0.9)]);
    // The system decides the wallet, and is named twice.
    for name in ["wallet", "alias"] {
        cells.fields.push(name.to_owned());
    }
    for cell in &mut cells.cells {
        let system = cell.values[0].clone();
        let wallet = system.as_deref().map(|system| if system == "v2" { "w2" } else { "w01" }.into());
        cell.values.extend([wallet, system]);
    }
    let finding = find(&cells);
    let names: Vec<_> = finding.suspects[0].fields.iter().map(|(field, _)| field.as_str()).collect();
    assert_eq!(names, ["f1", "alias"], "of two names for one thing the first by the alphabet");
    assert_eq!(finding.suspects.len(), 1);
}

#[test]
fn a_severity_is_not_why_something_failed() {
    let mut dice = Dice(6);
    let service = Service::draw(&mut dice, 3);
    let cause = vec![(0, 0), (1, 1)];
    let mut cells = service.trial(&mut dice, (8_000, 16_000), &vec![(cause.clone(), 0.9)]);
    cells.fields.push("grade".to_owned());
    let graded = |cell: Cell| {
        let with = |grade: &str, part: fn(Tally) -> Tally| {
            let mut values = cell.values.clone();
            values.push(Some(grade.into()));
            Cell { values, bad: part(cell.bad), good: part(cell.good) }
        };
        let failed: fn(Tally) -> Tally = |tally| Tally { attempts: tally.failures, ..tally };
        let fine: fn(Tally) -> Tally = |tally| Tally { attempts: tally.attempts - tally.failures, failures: 0 };
        [with("E", failed), with("I", fine)]
    };
    cells.cells = cells.cells.into_iter().flat_map(graded).collect();
    assert_eq!(find(&cells).suspects[0].fields, named(&cause));
}

#[test]
fn a_value_that_is_new_may_be_the_cause() {
    let cell = |version: &str, bad: (u64, u64), good: (u64, u64)| Cell {
        values: vec![Some(version.into())],
        bad: Tally { attempts: bad.0, failures: bad.1 },
        good: Tally { attempts: good.0, failures: good.1 },
    };
    let cells = Cells {
        fields: vec!["version".into()],
        cells: vec![cell("1.0", (900, 3), (4_000, 10)), cell("1.1", (100, 90), (0, 0))],
    };
    let finding = find(&cells);
    assert_eq!(finding.suspects[0].fields, [("version".to_owned(), "1.1".to_owned())]);
    assert!(finding.suspects[0].share_of_excess > 0.95 && finding.suspects[0].lift > 100.0, "{finding:?}");
}

#[test]
fn empty_and_one_sided_windows_name_nothing_or_what_they_show() {
    let nothing = find(&Cells::default());
    assert_eq!(nothing.nothing, Some(Nothing::NoAttempts));
    let mut dice = Dice(9);
    let service = Service::draw(&mut dice, 3);
    let cause = vec![(0, 0), (1, 0)];
    let bad = service.window(&mut dice, 6_000, &vec![(cause.clone(), 0.9)]);
    let without_good = find(&service.cells(&bad, &service.no_window()));
    assert_eq!(without_good.suspects[0].fields, named(&cause));
    assert_eq!(find(&service.cells(&service.no_window(), &bad)).nothing, Some(Nothing::NoAttempts));
    assert_eq!(find(&service.cells(&bad, &bad)).nothing, Some(Nothing::NoExcess));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn the_order_of_fields_and_rows_decides_nothing(seed in any::<u64>(), turn in 1_usize..4) {
        let mut dice = Dice(seed);
        let service = Service::draw(&mut dice, 4);
        let size = 1 + dice.below(3);
        let cause = service.cause(&mut dice, size);
        let cells = service.trial(&mut dice, (4_000, 8_000), &vec![(cause, 0.7)]);
        let mut turned = cells.clone();
        turned.fields.rotate_left(turn);
        turned.cells.reverse();
        for cell in &mut turned.cells {
            cell.values.rotate_left(turn);
        }
        let sorted = |finding: Finding| {
            let mut suspects = finding.suspects;
            for suspect in &mut suspects {
                suspect.fields.sort();
            }
            suspects
        };
        prop_assert_eq!(sorted(find(&cells)), sorted(find(&turned)));
    }

    #[test]
    fn any_counts_are_survived(counts in proptest::collection::vec((0_u64..1 << 40, 0_u64..1 << 40, 0_u64..1 << 40, 0_u64..1 << 40, 0_usize..3, 0_usize..4), 0..12)) {
        let cell = |(a, b, c, d, x, y): (u64, u64, u64, u64, usize, usize)| Cell {
            values: vec![(x > 0).then(|| format!("{x}").into()), (y > 0).then(|| format!("{y}").into())],
            bad: Tally { attempts: a.max(b), failures: b },
            good: Tally { attempts: c.max(d), failures: d },
        };
        let cells = Cells { fields: vec!["x".into(), "y".into()], cells: counts.into_iter().map(cell).collect() };
        for suspect in find(&cells).suspects {
            prop_assert!((0.0..=1.0).contains(&suspect.share_of_excess) && suspect.lift.is_finite());
        }
    }
}
