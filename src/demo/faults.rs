//! Faults on request: what `--faults` asks for, and the board on which they hang while the server runs.

use std::hash::Hasher as _;
use std::str::FromStr;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, PoisonError, RwLock};
use std::time::Duration;

use super::operations;
use super::wire::token::Fnv;

/// What goes wrong with a call.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    /// Refused: too many calls.
    Throttle,
    /// An internal error.
    Internal,
    /// Refused: no permission.
    Deny,
    /// Answered after this long.
    Slow(Duration),
    /// Never answered.
    Hang,
    /// The connection breaks off.
    Reset,
    /// The answer is unreadable.
    Garbage,
    /// Refused: the session's credentials are too old.
    Expired,
}

/// One clause of a fault specification.
#[derive(Debug, Clone, PartialEq)]
struct Clause {
    fault: Fault,
    /// The operation's name; `None` for every operation.
    operation: Option<String>,
    /// Share of the calls that are hit, 0–1.
    probability: f64,
}

/// A fault specification: a comma-separated list of `KIND[=ARG]:OPERATION[:PROBABILITY]`, OPERATION a name or `*`.
///
/// The kinds are `throttle`, `500`, `deny`, `slow=DURATION` (such as `800ms` or `2s`), `hang`, `reset`, `garbage` and
/// `expired`. Of several clauses that hit one call the first counts, except that `slow` adds to the others.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Faults(Vec<Clause>);

/// What is wrong with a fault specification.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("faults, position {position}: {message}")]
pub struct FaultError {
    /// Byte offset into the specification, zero-based.
    pub position: usize,
    /// What is wrong there.
    pub message: String,
}

impl FromStr for Faults {
    type Err = FaultError;

    fn from_str(text: &str) -> Result<Self, FaultError> {
        let mut clauses = Vec::new();
        let mut position = 0;
        for clause in text.split(',') {
            if !clause.trim().is_empty() {
                let blank = clause.len() - clause.trim_start().len();
                clauses.push(Clause::read(clause.trim(), position + blank)?);
            }
            position += clause.len() + 1;
        }
        Ok(Self(clauses))
    }
}

impl Clause {
    fn read(text: &str, position: usize) -> Result<Self, FaultError> {
        let mut parts = text.split(':');
        let kind = parts.next().unwrap_or_default();
        let fault = Fault::read(kind, position)?;
        let at_operation = position + kind.len() + 1;
        let Some(operation) = parts.next().filter(|operation| !operation.is_empty()) else {
            return Err(error(position, format!("{text:?} names no operation; write {kind}:* for all of them")));
        };
        if operation != "*" && !operations::is_known(operation) {
            let near = operations::nearest(operation);
            let hint = near.map(|name| format!("; did you mean {name}?")).unwrap_or_default();
            return Err(error(at_operation, format!("the demo knows no operation {operation:?}{hint}")));
        }
        let at_probability = at_operation + operation.len() + 1;
        let probability = match parts.next() {
            None => 1.0,
            Some(text) => match text.parse::<f64>() {
                Ok(value) if (0.0..=1.0).contains(&value) => value,
                _ => return Err(error(at_probability, format!("{text:?} is no probability between 0 and 1"))),
            },
        };
        if let Some(extra) = parts.next() {
            return Err(error(position, format!("{text:?} has one part too many: {extra:?}")));
        }
        Ok(Self { fault, operation: (operation != "*").then(|| operation.to_owned()), probability })
    }
}

impl Fault {
    fn read(text: &str, position: usize) -> Result<Self, FaultError> {
        const KINDS: [&str; 8] = ["throttle", "500", "deny", "slow", "hang", "reset", "garbage", "expired"];
        let (kind, argument) = match text.split_once('=') {
            Some((kind, argument)) => (kind, Some(argument)),
            None => (text, None),
        };
        let fault = match kind {
            "throttle" => Self::Throttle,
            "500" => Self::Internal,
            "deny" => Self::Deny,
            "slow" => return slow(argument, position),
            "hang" => Self::Hang,
            "reset" => Self::Reset,
            "garbage" => Self::Garbage,
            "expired" => Self::Expired,
            other => {
                let message = format!("there is no fault {other:?}; there are {}", KINDS.join(", "));
                return Err(error(position, message));
            }
        };
        match argument {
            None => Ok(fault),
            Some(_) => Err(error(position + kind.len(), format!("{kind} takes no argument"))),
        }
    }
}

fn slow(argument: Option<&str>, position: usize) -> Result<Fault, FaultError> {
    let at_argument = position + "slow=".len();
    let Some(argument) = argument else {
        return Err(error(position, "slow needs a duration, such as slow=800ms".to_owned()));
    };
    let (number, unit) = match argument.strip_suffix("ms") {
        Some(number) => (number, 0.001),
        None => (argument.strip_suffix('s').unwrap_or_default(), 1.0),
    };
    match number.parse::<f64>() {
        Ok(value) if (0.0..=86_400.0).contains(&(value * unit)) => {
            Ok(Fault::Slow(Duration::from_secs_f64(value * unit)))
        }
        _ => Err(error(at_argument, format!("{argument:?} is no duration; write 800ms or 2s"))),
    }
}

fn error(position: usize, message: String) -> FaultError {
    FaultError { position, message }
}

/// What is to happen to one call.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Verdict {
    /// How long it waits first.
    pub delay: Duration,
    /// What goes wrong with it then.
    pub fault: Option<Fault>,
}

/// The faults in force, changeable while the server runs; clones share one board.
///
/// Chance is a hash of a seed and a counter: the same calls in the same order meet the same faults.
#[derive(Debug, Clone)]
pub struct FaultBoard(Arc<Board>);

#[derive(Debug)]
struct Board {
    faults: RwLock<Faults>,
    seed: u64,
    drawn: AtomicU64,
}

impl FaultBoard {
    /// A board with these faults.
    pub fn new(faults: Faults, seed: u64) -> Self {
        Self(Arc::new(Board { faults: RwLock::new(faults), seed, drawn: AtomicU64::new(0) }))
    }

    /// Replaces the faults in force. Calls that already hang go on hanging, as they would.
    pub fn set(&self, faults: Faults) {
        *self.0.faults.write().unwrap_or_else(PoisonError::into_inner) = faults;
    }

    /// Decides what is to happen to a call of `operation`.
    pub fn judge(&self, operation: &str) -> Verdict {
        let faults = self.0.faults.read().unwrap_or_else(PoisonError::into_inner);
        let mut verdict = Verdict::default();
        for clause in &faults.0 {
            if clause.operation.as_deref().is_some_and(|name| name != operation) || !self.hits(clause.probability) {
                continue;
            }
            match clause.fault {
                Fault::Slow(delay) => verdict.delay += delay,
                fault => verdict.fault = verdict.fault.or(Some(fault)),
            }
        }
        verdict
    }

    fn hits(&self, probability: f64) -> bool {
        if probability >= 1.0 {
            return true;
        }
        let mut hasher = Fnv::new();
        hasher.write_u64(self.0.seed);
        hasher.write_u64(self.0.drawn.fetch_add(1, Ordering::Relaxed));
        // FNV's high bits are poorly mixed after so few bytes; a multiplication spreads them (Knuth's constant).
        let mixed = (hasher.finish() ^ (hasher.finish() >> 32)).wrapping_mul(0x9E37_79B9_7F4A_7C15);
        ((mixed >> 11) as f64) / ((1_u64 << 53) as f64) < probability
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn specifications_are_read() {
        let text = "throttle:*:0.2, deny:StartQuery,hang:GetMetricData,slow=800ms:*,500:*:0.1,reset:*,\
                    garbage:GetServiceGraph,expired:*";
        let faults: Faults = text.parse().expect("readable");
        assert_eq!(faults.0.len(), 8);
        let first = Clause { fault: Fault::Throttle, operation: None, probability: 0.2 };
        assert_eq!(faults.0.first(), Some(&first));
        assert_eq!(faults.0[3].fault, Fault::Slow(Duration::from_millis(800)));
        assert_eq!("".parse(), Ok(Faults::default()));
        assert_eq!(
            "slow=1.5s:*".parse::<Faults>().expect("readable").0[0].fault,
            Fault::Slow(Duration::from_millis(1500))
        );
    }

    #[test]
    fn errors_name_the_place() {
        for (text, position, part) in [
            ("throttel:*", 0, "no fault \"throttel\""),
            ("deny:*, hang", 8, "names no operation"),
            ("deny:StartQuerry", 5, "did you mean StartQuery?"),
            ("deny:*:1.5", 7, "no probability"),
            ("slow:*", 0, "needs a duration"),
            ("hang:*,slow=fast:*", 12, "no duration"),
            ("hang=3:*", 4, "takes no argument"),
            ("hang:*:1:2", 0, "one part too many"),
        ] {
            let error = text.parse::<Faults>().expect_err(text);
            assert_eq!(error.position, position, "{text}: {error}");
            assert!(error.message.contains(part), "{text}: {error}");
        }
    }

    #[test]
    fn chance_is_repeatable_and_fair() {
        let board = |seed| FaultBoard::new("reset:*:0.25".parse().expect("readable"), seed);
        let draw = |board: &FaultBoard| -> Vec<bool> {
            (0..4000).map(|_| board.judge("GetMetricData").fault == Some(Fault::Reset)).collect()
        };
        let drawn = draw(&board(7));
        assert_eq!(drawn, draw(&board(7)));
        assert_ne!(drawn, draw(&board(8)));
        let hit = drawn.iter().filter(|hit| **hit).count();
        assert!((900..1100).contains(&hit), "{hit} of 4000");
    }

    #[test]
    fn the_first_clause_counts_and_delays_add() {
        let board = FaultBoard::new("slow=1s:*,deny:StartQuery,throttle:*,slow=2s:*".parse().expect("readable"), 7);
        let verdict = board.judge("StartQuery");
        assert_eq!(verdict, Verdict { delay: Duration::from_secs(3), fault: Some(Fault::Deny) });
        assert_eq!(board.judge("ListMetrics").fault, Some(Fault::Throttle));
        board.set(Faults::default());
        assert_eq!(board.judge("StartQuery"), Verdict::default());
    }
}
