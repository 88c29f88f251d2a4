//! CloudWatch metric math: parsing and evaluation.
//!
//! The grammar and the functions are those of the CloudWatch user guide, "Using math expressions with CloudWatch
//! metrics". [`Expr::parse`] reads a text, [`Expr::scalar`] computes it over plain numbers (a card), and [`evaluate`]
//! over time series, with [`Env`] supplying whatever an expression can refer to.

mod eval;
mod functions;
mod lines;
mod node;
mod parse;
mod scalar;
#[cfg(test)]
mod tests;
mod token;
mod value;

use std::fmt;

pub use eval::{Env, evaluate};
pub use node::{Kind, Node, Op};
pub use value::Value;

/// A parsed expression.
#[derive(Debug, Clone, PartialEq)]
pub struct Expr {
    text: String,
    root: Node,
}

/// A parse or evaluation error with its position.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{message} at position {position}")]
pub struct MathError {
    /// Byte offset, zero-based.
    pub position: usize,
    /// What is wrong.
    pub message: String,
}

impl MathError {
    /// An error at a byte offset.
    pub fn new(position: usize, message: impl Into<String>) -> Self {
        Self { position, message: message.into() }
    }
}

impl Expr {
    /// Parses metric math.
    pub fn parse(text: &str) -> Result<Self, MathError> {
        Ok(Self { text: text.to_owned(), root: parse::parse(text)? })
    }

    /// Ids that it names, in order of appearance, each once.
    pub fn ids(&self) -> Vec<String> {
        let mut ids = Vec::new();
        self.root.collect_ids(&mut ids);
        ids
    }

    /// The same expression with other ids.
    pub fn renamed(&self, new: &dyn Fn(&str) -> String) -> Self {
        let mut places = Vec::new();
        self.root.collect_places(&mut places);
        places.sort_unstable_by_key(|(at, _)| std::cmp::Reverse(*at));
        let mut text = self.text.clone();
        for (at, id) in places {
            text.replace_range(at..at + id.len(), &new(id));
        }
        Self::parse(&text).unwrap_or_else(|_| self.clone())
    }

    /// Its value where every id is one number; `None` where an id has none, or on division by zero.
    pub fn scalar(&self, of: &dyn Fn(&str) -> Option<f64>) -> Option<f64> {
        scalar::scalar(&self.root, of)
    }

    /// The tree.
    pub const fn root(&self) -> &Node {
        &self.root
    }
}

impl fmt::Display for Expr {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}
