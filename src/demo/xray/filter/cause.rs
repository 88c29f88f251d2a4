//! What `rootcause.… { … }` is asked about: a service, a segment or an exception of a path that leads to a cause.

use super::subject::Subject;
use crate::analysis::trace_filter::{Expr, Flag, NumberKey, ServiceSelector, TextKey};
use crate::demo::xray::causes::Part;

impl Subject for Part {
    fn flag(&self, flag: Flag) -> bool {
        match flag {
            Flag::First => self.index == 0,
            Flag::Last => self.index + 1 == self.count,
            Flag::Inferred => self.inferred,
            Flag::Remote => self.remote,
            Flag::Ok | Flag::Error | Flag::Throttle | Flag::Fault | Flag::Partial | Flag::Root => false,
        }
    }

    fn number(&self, key: NumberKey) -> Option<f64> {
        match key {
            NumberKey::Index => Some(self.index as f64),
            NumberKey::Coverage => self.coverage,
            NumberKey::ResponseTime | NumberKey::Duration | NumberKey::HttpStatus => None,
        }
    }

    fn text(&self, key: TextKey) -> Option<String> {
        let text = match key {
            TextKey::Name => &self.name,
            TextKey::Type => &self.kind,
            TextKey::Message => &self.message,
            _ => return None,
        };
        Some(text.clone()).filter(|text| !text.is_empty())
    }

    fn annotations(&self, _: &str) -> Vec<String> {
        Vec::new()
    }

    // The parser allows no service, edge or root cause within a root cause.
    fn has_service(&self, _: &ServiceSelector, _: Option<&Expr>) -> bool {
        false
    }

    fn has_edge(&self, _: &ServiceSelector, _: &ServiceSelector, _: Option<&Expr>) -> bool {
        false
    }
}
