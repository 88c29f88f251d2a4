//! The documents of traces as pages bring them.

use indexmap::IndexMap;

use crate::store::trace::Trace;

/// What is known of traces by their ids, in the order in which they came.
#[derive(Debug, Default)]
pub(super) struct Known(IndexMap<String, Documents>);

/// What is known of one.
#[derive(Debug, Default)]
pub(super) struct Documents {
    pub(super) duration_s: f64,
    pub(super) limit_exceeded: bool,
    pub(super) unprocessed: bool,
    pub(super) texts: Vec<String>,
}

impl Known {
    /// What is known of a trace, to add to.
    pub(super) fn of(&mut self, id: &str) -> &mut Documents {
        self.0.entry(id.to_owned()).or_default()
    }

    /// Says of what is known of a trace that it is not all.
    pub(super) fn is_part(&mut self, id: &str) {
        if let Some(documents) = self.0.get_mut(id) {
            documents.unprocessed = true;
        }
    }

    /// Whether there is a document of a trace.
    pub(super) fn has(&self, id: &str) -> bool {
        self.0.get(id).is_some_and(|documents| !documents.texts.is_empty())
    }

    /// Adds of another answer the traces of which this one has nothing.
    pub(super) fn complete(&mut self, other: Self) {
        for (id, documents) in other.0 {
            if !self.has(&id) {
                self.0.insert(id, documents);
            }
        }
    }

    /// The traces of these ids in their order, as far as they are known, and then all others that came.
    pub(super) fn read_all(&self, ids: &[String]) -> Vec<Trace> {
        let others: Vec<String> = self.0.keys().filter(|id| !ids.contains(id)).cloned().collect();
        self.read(&[ids, &others].concat())
    }

    /// The traces of these ids, in their order, as far as they are known.
    pub(super) fn read(&self, ids: &[String]) -> Vec<Trace> {
        let read = |id: &String| {
            let known = self.0.get(id)?;
            let texts = known.texts.iter().map(String::as_str);
            let mut trace = Trace::from_documents(id, known.duration_s, texts);
            (trace.limit_exceeded, trace.unprocessed) = (known.limit_exceeded, known.unprocessed);
            Some(trace)
        };
        ids.iter().filter_map(read).collect()
    }
}
