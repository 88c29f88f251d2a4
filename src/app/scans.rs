//! Which scan of the feed's lines is under way: that of the filter in front, and then of what has come since.

use std::sync::Arc;

use chrono::FixedOffset;

use super::App;
use super::effect::Effect;
use crate::analysis::filter::{Filter, Judge};
use crate::analysis::scan::Search;
use crate::store::found::FindKey;

/// What the pane in front looks for.
#[derive(Debug)]
pub struct Wish<'f> {
    /// What identifies it.
    pub key: FindKey,
    /// The filter.
    pub filter: &'f Filter,
}

/// A scan that is to be carried out.
#[derive(Debug, Clone)]
pub struct Scan {
    /// Grows from scan to scan.
    pub id: u64,
    /// What identifies what is looked for.
    pub key: Arc<FindKey>,
    /// What is looked for, in what.
    pub search: Search,
}

impl PartialEq for Scan {
    fn eq(&self, other: &Self) -> bool {
        self.id == other.id
    }
}

/// The scans of a console, one at a time.
#[derive(Debug, Default)]
pub(super) struct Scans {
    id: u64,
    key: Option<Arc<FindKey>>,
    judge: Option<Arc<Judge>>,
}

impl App {
    /// The scan that is to be begun, or that the one under way is to be stopped.
    pub(super) fn scan(&mut self) -> Option<Effect> {
        let Self { known, views, active, scans, .. } = self;
        let cx = known.cx(true);
        let panes = views[*active].visible();
        let wish = panes.iter().find_map(|pane| pane.wish(&cx));
        let store = known.shown();
        let Some(wish) = wish else {
            return scans.key.take().map(|_| Effect::StopScan);
        };
        let same = scans.key.as_deref() == Some(&wish.key);
        let since = if same {
            let found = &store.found;
            let is_idle = found.id == scans.id && found.done;
            if !is_idle || store.tail.arrived() <= found.upto {
                return None;
            }
            found.upto
        } else {
            let offset = FixedOffset::east_opt(wish.key.offset_s).or(FixedOffset::east_opt(0))?;
            scans.judge = Some(Arc::new(Judge::new(wish.filter, offset)));
            scans.key = Some(Arc::new(wish.key));
            0
        };
        scans.id += 1;
        let (key, judge) = (scans.key.clone()?, scans.judge.clone()?);
        let search = Search { snapshot: store.tail.snapshot(), since, scope: key.scope, judge };
        Some(Effect::Scan(Box::new(Scan { id: scans.id, key, search })))
    }
}
