//! The requests that a filter lets through, kept up with the store change by change.

use std::collections::{BTreeSet, HashMap};

use super::filter::passes;
use crate::analysis::filter::Filter;
use crate::panes::Zone;
use crate::store::request::{Place, Requests};

/// The rows that match.
#[derive(Debug, Default)]
pub(super) struct Matches {
    order: BTreeSet<Place>,
    places: HashMap<u64, Place>,
    /// Up to which change of the store, and in which zone, they have been found.
    upto: Option<(u64, Zone)>,
}

impl Matches {
    /// Their places, oldest first.
    pub(super) const fn order(&self) -> &BTreeSet<Place> {
        &self.order
    }

    /// Forgets all, as the filter has changed.
    pub(super) fn forget(&mut self) {
        *self = Self::default();
    }

    /// Judges the rows that changed; so many of the newest where it is unknown which.
    pub(super) fn keep_up(&mut self, requests: &Requests, filter: &Filter, zone: Zone, most: usize) {
        let known = self.upto.filter(|(_, then)| *then == zone);
        if let Some(changed) = known.and_then(|(revision, _)| requests.changed_since(revision)) {
            for serial in changed {
                self.judge(serial, requests, filter, zone);
            }
        } else {
            let all = requests.order().iter().rev().take(most).map(|(place, serial)| (*serial, *place));
            let matching = all.filter(|(serial, _)| requests.get(*serial).is_some_and(|row| passes(filter, row, zone)));
            self.places = matching.collect();
            self.order = self.places.values().copied().collect();
        }
        self.drop_gone(requests);
        self.upto = Some((requests.revision(), zone));
    }

    fn judge(&mut self, serial: u64, requests: &Requests, filter: &Filter, zone: Zone) {
        if let Some(place) = self.places.remove(&serial) {
            self.order.remove(&place);
        }
        let Some(place) = requests.place(serial) else { return };
        if requests.get(serial).is_some_and(|request| passes(filter, request, zone)) {
            self.places.insert(serial, place);
            self.order.insert(place);
        }
    }

    /// The store drops its oldest rows, so those that are gone are older than all it has.
    fn drop_gone(&mut self, requests: &Requests) {
        let oldest = requests.order().first_key_value().map(|(place, _)| *place);
        let is_gone = |place: &Place| oldest.is_none_or(|oldest| *place < oldest);
        while self.order.first().is_some_and(is_gone) {
            self.order.pop_first();
        }
        if self.places.len() > self.order.len() + 1_024 {
            self.places.retain(|_, place| !is_gone(place));
        }
    }
}
