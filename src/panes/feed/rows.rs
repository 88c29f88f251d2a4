//! The rows one goes through: those kept as requests, lines that are kept longer, and what a filter has found of either.

use std::collections::BTreeSet;
use std::ops::Bound::{Excluded, Unbounded};

use crate::board::Status;
use crate::store::found::Found;
use crate::store::lines::{Kind, Lines, Place};
use crate::store::request::Requests;

/// A sequence of rows by place, and how one goes through it.
#[derive(Debug, Clone, Copy)]
pub(super) enum Rows<'a> {
    /// The requests that are kept.
    Kept(&'a Requests),
    /// Those of them that a filter lets through.
    Matched(&'a Requests, &'a BTreeSet<Place>),
    /// The requests that are kept, and the ends of older ones among the lines.
    All(&'a Requests, &'a Lines),
    /// The lines.
    Lines(&'a Lines),
    /// What a scan has found.
    Found(&'a Requests, &'a Found),
}

/// Which rows are gone to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Stop {
    /// Every one.
    Every,
    /// Failures.
    Errors,
}

impl Rows<'_> {
    /// The nearest row before a place, in time.
    pub(super) fn older(self, place: Place, stop: Stop) -> Option<Place> {
        match self {
            Self::Kept(requests) => requests
                .order()
                .range(..place)
                .rev()
                .find(|(_, serial)| stops(requests, **serial, stop))
                .map(|row| *row.0),
            Self::Matched(requests, order) => {
                order.range(..place).rev().find(|place| stops_at(requests, **place, stop)).copied()
            }
            Self::All(requests, lines) => Self::Kept(requests).older(place, stop).or_else(|| {
                let edge = requests.order().first_key_value().map_or(place, |(edge, _)| place.min(*edge));
                lines.older(edge, |kind| is_row(kind, stop))
            }),
            Self::Lines(lines) => lines.older(place, |kind| stop == Stop::Every || kind.is_error()),
            Self::Found(requests, found) => found.near(place, false, stop == Stop::Errors, requests),
        }
    }

    /// The nearest row after a place, in time.
    pub(super) fn newer(self, place: Place, stop: Stop) -> Option<Place> {
        match self {
            Self::Kept(requests) => {
                let mut above = requests.order().range((Excluded(place), Unbounded));
                above.find(|(_, serial)| stops(requests, **serial, stop)).map(|row| *row.0)
            }
            Self::Matched(requests, order) => {
                order.range((Excluded(place), Unbounded)).find(|place| stops_at(requests, **place, stop)).copied()
            }
            Self::All(requests, lines) => {
                let edge = requests.order().first_key_value().map(|(edge, _)| *edge);
                let older =
                    || lines.newer(place, |kind| is_row(kind, stop)).filter(|at| edge.is_none_or(|edge| *at < edge));
                let older = if edge.is_none_or(|edge| place < edge) { older() } else { None };
                older.or_else(|| Self::Kept(requests).newer(place, stop))
            }
            Self::Lines(lines) => lines.newer(place, |kind| stop == Stop::Every || kind.is_error()),
            Self::Found(requests, found) => found.near(place, true, stop == Stop::Errors, requests),
        }
    }

    /// The newest row.
    pub(super) fn newest(self) -> Option<Place> {
        self.older(Place::before(i64::MAX), Stop::Every)
    }

    /// The oldest row.
    pub(super) fn oldest(self) -> Option<Place> {
        self.newer(Place::before(i64::MIN), Stop::Every)
    }

    /// Whether there is a row at a place.
    pub(super) fn contains(self, place: Place) -> bool {
        match self {
            Self::Kept(requests) => requests.order().contains_key(&place),
            Self::Matched(_, order) => order.contains(&place),
            Self::All(requests, lines) => {
                requests.order().contains_key(&place)
                    || (requests.order().first_key_value().is_none_or(|(edge, _)| place < *edge)
                        && lines.contains(place))
            }
            Self::Lines(lines) => lines.contains(place),
            Self::Found(requests, found) => found.contains(place, requests),
        }
    }

    /// Rows from a place on, towards the older ones.
    pub(super) fn downwards(self, place: Place) -> impl Iterator<Item = Place> {
        std::iter::successors(self.older(place, Stop::Every), move |place| self.older(*place, Stop::Every))
    }

    /// Rows from a place on, towards the newer ones.
    pub(super) fn upwards(self, place: Place) -> impl Iterator<Item = Place> {
        std::iter::successors(self.newer(place, Stop::Every), move |place| self.newer(*place, Stop::Every))
    }
}

fn stops(requests: &Requests, serial: u64, stop: Stop) -> bool {
    stop == Stop::Every || requests.get(serial).is_some_and(|request| request.status == Status::Failed)
}

fn stops_at(requests: &Requests, place: Place, stop: Stop) -> bool {
    stop == Stop::Every || requests.at(place).is_some_and(|request| request.status == Status::Failed)
}

/// Whether a line stands for an older request: its end does, its start does not.
const fn is_row(kind: Kind, stop: Stop) -> bool {
    match stop {
        Stop::Every => kind.is_end(),
        Stop::Errors => matches!(kind, Kind::Failed),
    }
}
