//! The rows that a filter lets through, kept up with the store change by change.

use std::collections::{BTreeSet, HashMap};

use super::filter::Filter;
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

    /// Judges the rows that changed; all of them where it is unknown which.
    pub(super) fn keep_up(&mut self, requests: &Requests, filter: &Filter, zone: Zone) {
        let known = self.upto.filter(|(_, then)| *then == zone);
        if let Some(changed) = known.and_then(|(revision, _)| requests.changed_since(revision)) {
            for serial in changed {
                self.judge(serial, requests, filter, zone);
            }
        } else {
            let matching = requests.newest_first().filter(|request| filter.matches(request, zone));
            self.places = matching.map(|request| (request.serial, request.place())).collect();
            self.order = self.places.values().copied().collect();
        }
        self.drop_gone(requests);
        self.upto = Some((requests.revision(), zone));
    }

    fn judge(&mut self, serial: u64, requests: &Requests, filter: &Filter, zone: Zone) {
        if let Some(place) = self.places.remove(&serial) {
            self.order.remove(&place);
        }
        let Some(request) = requests.get(serial).filter(|request| filter.matches(request, zone)) else { return };
        self.places.insert(serial, request.place());
        self.order.insert(request.place());
    }

    /// The store drops its oldest rows, so those that are gone are older than all it has.
    fn drop_gone(&mut self, requests: &Requests) {
        let oldest = requests.order().first();
        while let Some(place) = self.order.first().copied() {
            if oldest.is_some_and(|oldest| place >= *oldest) {
                return;
            }
            self.order.remove(&place);
            self.places.remove(&place.serial);
        }
    }
}
