//! The rows that a run keeps: those that can still be in its result.

use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::sync::Arc;

use super::ast::Expr;
use super::eval::{Column, Scope};
use super::record::{Fields, OwnedRecord};
use super::rows::{Item, Order, unique};

/// Rows that can be in the result.
#[derive(Debug, Default)]
pub(super) struct Rows {
    items: Vec<Item>,
    /// The last row that counts, once there are as many as can be in the result.
    last: Option<Item>,
    /// Rows so far, which settle ties.
    seen: u64,
    /// Of `dedup`: the place of the row that there is of each combination of values.
    unique: HashMap<Vec<String>, usize>,
}

impl Rows {
    /// Takes in a row, if it can be in the result: of those that are alike by some values the first.
    pub(super) fn take(
        &mut self,
        order: &Order<'_>,
        bound: Option<usize>,
        by: &[Expr],
        fields: &Fields<'_>,
        columns: Vec<Column>,
    ) {
        self.seen += 1;
        let scope = Scope::of(Some(fields), &columns);
        let keys = order.keys(scope);
        let mut item = Item { record: None, columns: Vec::new(), keys, number: self.seen };
        if self.last.as_ref().is_some_and(|last| order.compare(&item, last).is_gt()) {
            return;
        }
        let mut place = self.items.len();
        if !by.is_empty()
            && let Some(key) = unique(by, scope)
        {
            match self.unique.entry(key) {
                Entry::Occupied(known) => place = *known.get(),
                Entry::Vacant(free) => drop(free.insert(place)),
            }
            if self.items.get(place).is_some_and(|known| order.compare(&item, known).is_ge()) {
                return;
            }
        }
        item.record = Some(Arc::new(OwnedRecord::new(fields.record())));
        item.columns = columns;
        match self.items.get_mut(place) {
            Some(known) => *known = item,
            None => self.items.push(item),
        }
        let Some(bound) = bound else { return };
        if self.items.len() >= 2 * bound {
            self.items.sort_unstable_by(|one, two| order.compare(one, two));
            self.items.truncate(bound);
            self.last = self.items.last().cloned();
            if !by.is_empty() {
                let keys =
                    self.items.iter().enumerate().map(|(place, item)| (item.with(|scope| unique(by, scope)), place));
                self.unique = keys.filter_map(|(key, place)| Some((key?, place))).collect();
            }
        }
    }

    /// Those that count so far, in their order.
    pub(super) fn items(&self, order: &Order<'_>, bound: Option<usize>) -> Vec<Item> {
        let mut items = self.items.clone();
        items.sort_unstable_by(|one, two| order.compare(one, two));
        items.truncate(bound.unwrap_or(usize::MAX));
        items
    }

    /// How many there are.
    #[cfg(test)]
    pub(super) const fn len(&self) -> usize {
        self.items.len()
    }
}
