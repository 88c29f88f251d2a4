//! The benchmark's files, as far as somebody has them.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use barograph::clock::Time;
use chrono::{DateTime, NaiveDateTime, TimeDelta};

pub(crate) struct Corpus {
    pub(crate) root: PathBuf,
    pub(crate) recordings: Vec<Recording>,
}

/// One file: its rows, and the first and last row of each labelled window.
pub(crate) struct Recording {
    pub(crate) name: String,
    pub(crate) points: Vec<(Time, f64)>,
    pub(crate) windows: Vec<(usize, usize)>,
}

impl Corpus {
    /// The files that `windows.json` names; `None` where there is none.
    pub(crate) fn find() -> Option<Self> {
        let data = std::env::var_os("BARO_REAL_DATA").map_or_else(|| PathBuf::from("../shared/data"), PathBuf::from);
        let root = data.join("nab");
        let windows = std::fs::read_to_string(root.join("windows.json")).ok()?;
        let windows: BTreeMap<String, Vec<(String, String)>> = serde_json::from_str(&windows).expect("windows by file");
        let recordings = windows.iter().map(|(path, windows)| Recording::read(&root, path, windows)).collect();
        Some(Self { root, recordings })
    }

    pub(crate) fn windows(&self) -> usize {
        self.recordings.iter().map(|recording| recording.windows.len()).sum()
    }

    pub(crate) fn reference(&self, file: &str) -> Option<String> {
        std::fs::read_to_string(self.root.join("reference").join(file)).ok()
    }

    /// A published detector's scores, row by row.
    pub(crate) fn reference_rows(&self, detector: &str, recording: &Recording) -> Vec<f64> {
        let rows = rows(&self.reference(&format!("{detector}_{}", recording.name)).expect("published rows"));
        assert_eq!(rows.len(), recording.points.len());
        rows.into_iter().map(|(_, score)| score).collect()
    }
}

impl Recording {
    /// The rows of a file that lies as the benchmark names it, or in a folder that is written otherwise.
    fn read(root: &Path, path: &str, windows: &[(String, String)]) -> Self {
        let name = path.rsplit('/').next().unwrap_or(path).to_owned();
        let places = [root.join(path), root.join("realAWSCloudWatch").join(&name), root.join(&name)];
        let place = places.iter().find(|place| place.exists()).unwrap_or(&places[0]);
        let text = std::fs::read_to_string(place).unwrap_or_else(|e| panic!("{}: {e}", place.display()));
        let points = rows(&text);
        let row = |at: &String| {
            let at = time(at);
            points.iter().position(|(known, _)| *known == at).unwrap_or_else(|| panic!("{name}: no row at {at}"))
        };
        let windows = windows.iter().map(|(from, to)| (row(from), row(to))).collect();
        Self { name, points, windows }
    }

    /// Rows of nothing, with windows.
    pub(crate) fn made(rows: i64, windows: &[(usize, usize)]) -> Self {
        let points = (0..rows).map(|row| (DateTime::UNIX_EPOCH + TimeDelta::minutes(5 * row), 0.0)).collect();
        Self { name: "made".to_owned(), points, windows: windows.to_vec() }
    }

    pub(crate) fn values(&self) -> Vec<f64> {
        self.points.iter().map(|(_, value)| *value).collect()
    }

    /// The usual time between two rows.
    pub(crate) fn period(&self) -> TimeDelta {
        let mut steps: Vec<TimeDelta> = self.points.windows(2).map(|two| two[1].0 - two[0].0).collect();
        steps.sort();
        steps.get(steps.len() / 2).copied().unwrap_or(TimeDelta::minutes(5))
    }
}

fn time(text: &str) -> Time {
    let time = NaiveDateTime::parse_from_str(text, "%Y-%m-%d %H:%M:%S%.f");
    time.unwrap_or_else(|e| panic!("{text}: {e}")).and_utc()
}

fn rows(text: &str) -> Vec<(Time, f64)> {
    let row = |line: &str| {
        let (at, value) = line.split_once(',').unwrap_or_else(|| panic!("a row without a comma: {line}"));
        (time(at), value.parse().unwrap_or_else(|e| panic!("{line}: {e}")))
    };
    text.lines().skip(1).filter(|line| !line.is_empty()).map(row).collect()
}
