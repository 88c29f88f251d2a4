//! X-Ray traces: segments and subsegments as one tree.

use serde_json::Value;

/// One trace as BatchGetTraces returns it, its documents joined to a tree.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Trace {
    /// Trace id, `1-<8 hex>-<24 hex>`.
    pub id: String,
    /// X-Ray's duration in seconds.
    pub duration_s: f64,
    /// Root segments, ascending in start time.
    pub roots: Vec<Segment>,
    /// What was wrong with documents that could not be read, one line each.
    pub problems: Vec<String>,
}

/// A segment or subsegment.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Segment {
    /// Its id, 16 hex digits.
    pub id: String,
    /// Its name: the service, or the downstream call.
    pub name: String,
    /// AWS's `origin` of a segment or `namespace` of a subsegment, empty where there is none.
    pub origin: String,
    /// Start in epoch seconds.
    pub start_s: f64,
    /// End in epoch seconds; `None` while in progress.
    pub end_s: Option<f64>,
    /// 5xx.
    pub fault: bool,
    /// 4xx.
    pub error: bool,
    /// 429.
    pub throttle: bool,
    /// The whole document without its subsegments: http, sql, aws, annotations, metadata, cause.
    pub document: Value,
    /// Children, ascending in start time.
    pub children: Vec<Segment>,
}

impl Trace {
    /// Joins segment documents (JSON texts) to a tree: embedded subsegments, separate subsegment documents by
    /// `parent_id`, and segments of called services below the subsegment that called them.
    ///
    /// A document that is not JSON becomes a line in [`Trace::problems`]; the rest is still shown.
    /// Source of the fields: X-Ray segment documents, AWS X-Ray Developer Guide.
    pub fn from_documents<'a>(id: &str, duration_s: f64, documents: impl IntoIterator<Item = &'a str>) -> Self {
        let mut flat: Vec<(Option<String>, Segment)> = Vec::new();
        let mut problems = Vec::new();
        for text in documents {
            match serde_json::from_str::<Value>(text) {
                Ok(document) => flat.push(Segment::read(document)),
                Err(error) => problems.push(format!("a segment document is not JSON: {error}")),
            }
        }
        let mut roots: Vec<Segment> = Vec::new();
        // Children first: a document is hung below its parent wherever that stands, in whatever order they came.
        let mut waiting = flat;
        waiting.sort_by(|a, b| a.1.start_s.total_cmp(&b.1.start_s));
        loop {
            let before = waiting.len();
            let mut next = Vec::new();
            let ids: Vec<String> = waiting.iter().flat_map(|(_, s)| s.ids()).collect();
            for (parent, segment) in waiting {
                let Some(parent_id) = parent.clone() else {
                    roots.push(segment);
                    continue;
                };
                match Self::place(&mut roots, &parent_id, segment) {
                    None => {}
                    Some(segment) if ids.contains(&parent_id) => next.push((parent, segment)),
                    Some(segment) => roots.push(segment),
                }
            }
            waiting = next;
            if waiting.is_empty() {
                break;
            }
            if waiting.len() == before {
                roots.extend(waiting.into_iter().map(|(_, segment)| segment));
                break;
            }
        }
        for root in &mut roots {
            root.sort();
        }
        roots.sort_by(|a, b| a.start_s.total_cmp(&b.start_s));
        Self { id: id.to_owned(), duration_s, roots, problems }
    }

    fn place(roots: &mut [Segment], parent_id: &str, segment: Segment) -> Option<Segment> {
        let mut segment = Some(segment);
        for root in roots {
            if let Some(found) = segment.take() {
                segment = root.adopt(parent_id, found);
            }
        }
        segment
    }

    /// Earliest start and latest end in epoch seconds, `None` for a trace without segments.
    pub fn span(&self) -> Option<(f64, f64)> {
        let start = self.roots.iter().map(|s| s.start_s).reduce(f64::min)?;
        let end = self.roots.iter().map(Segment::last_end).reduce(f64::max)?;
        Some((start, end.max(start)))
    }
}

impl Segment {
    fn read(mut document: Value) -> (Option<String>, Self) {
        let children = document.as_object_mut().and_then(|o| o.remove("subsegments"));
        let text = |key: &str| document.get(key).and_then(Value::as_str).unwrap_or_default().to_owned();
        let flag = |key: &str| document.get(key).and_then(Value::as_bool).unwrap_or(false);
        let origin = [text("origin"), text("namespace")].into_iter().find(|t| !t.is_empty()).unwrap_or_default();
        let parent = document.get("parent_id").and_then(Value::as_str).map(str::to_owned);
        let segment = Self {
            id: text("id"),
            name: text("name"),
            origin,
            start_s: document.get("start_time").and_then(Value::as_f64).unwrap_or(0.0),
            end_s: document.get("end_time").and_then(Value::as_f64),
            fault: flag("fault"),
            error: flag("error"),
            throttle: flag("throttle"),
            children: match children {
                Some(Value::Array(items)) => items.into_iter().map(|item| Self::read(item).1).collect(),
                _ => Vec::new(),
            },
            document,
        };
        (parent, segment)
    }

    fn ids(&self) -> Vec<String> {
        let mut ids = vec![self.id.clone()];
        ids.extend(self.children.iter().flat_map(Self::ids));
        ids
    }

    /// Takes `segment` as a child of the segment `parent_id` in this tree, or gives it back.
    fn adopt(&mut self, parent_id: &str, segment: Self) -> Option<Self> {
        if self.id == parent_id {
            self.children.push(segment);
            return None;
        }
        let mut segment = segment;
        for child in &mut self.children {
            segment = child.adopt(parent_id, segment)?;
        }
        Some(segment)
    }

    fn sort(&mut self) {
        self.children.sort_by(|a, b| a.start_s.total_cmp(&b.start_s));
        self.children.iter_mut().for_each(Self::sort);
    }

    fn last_end(&self) -> f64 {
        let own = self.end_s.unwrap_or(self.start_s);
        self.children.iter().map(Self::last_end).fold(own, f64::max)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn documents_in_any_order_make_one_tree() {
        let api = r#"{"id":"a","name":"Api","start_time":1.0,"end_time":3.0,"subsegments":[{"id":"b","name":"call","start_time":1.2,"end_time":2.8}]}"#;
        let service = r#"{"id":"c","name":"Service","parent_id":"b","start_time":1.3,"end_time":2.7,"fault":true}"#;
        let forward = Trace::from_documents("1-x", 2.0, [api, service]);
        let backward = Trace::from_documents("1-x", 2.0, [service, api]);
        assert_eq!(forward, backward);
        assert_eq!(forward.roots.len(), 1);
        assert_eq!(forward.roots[0].children[0].children[0].name, "Service");
        assert!(forward.roots[0].children[0].children[0].fault);
        assert_eq!(forward.span(), Some((1.0, 3.0)));
    }

    #[test]
    fn orphans_and_garbage_are_kept_and_said() {
        let trace =
            Trace::from_documents("1-x", 0.1, [r#"{"id":"c","parent_id":"gone","name":"S","start_time":1}"#, "{"]);
        assert_eq!(trace.roots.len(), 1);
        assert_eq!(trace.problems.len(), 1);
    }

    #[test]
    fn a_cycle_of_parents_ends() {
        let one = r#"{"id":"a","parent_id":"b","name":"A","start_time":1}"#;
        let two = r#"{"id":"b","parent_id":"a","name":"B","start_time":2}"#;
        assert_eq!(Trace::from_documents("1-x", 0.0, [one, two]).roots.len(), 2);
    }
}
