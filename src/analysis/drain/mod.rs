//! Patterns of log lines: lines that differ only in their variable parts are one.
//!
//! The method is Drain (P. He, J. Zhu, Z. Zheng, M. R. Lyu: *Drain: An Online Log Parsing Approach with Fixed Depth
//! Tree*, ICWS 2017) with the masks of Drain3: numbers, ids, addresses and times are variable from the start. A line
//! is cut into words; lines of as many words that begin alike share a leaf of a tree of fixed depth; within a leaf a
//! line joins the pattern that most of its words agree with, if enough do, and the words that differ become variable.

mod words;

use std::collections::HashMap;

use words::Words;

/// How lines are told apart.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Settings {
    /// How many words at the beginning lead to a leaf. The paper's depth is this plus two.
    pub prefix: usize,
    /// What share of a line's words must agree with a pattern, 0–1.
    pub similarity: f64,
    /// How many different words one place of the tree tells apart; further ones count as variable.
    pub children: usize,
    /// How many patterns there are at most; lines that fit none of them are then counted together.
    pub clusters: usize,
    /// How many words of a line are looked at; the rest of it is variable.
    pub words: usize,
}

impl Default for Settings {
    fn default() -> Self {
        Self { prefix: 2, similarity: 0.5, children: 100, clusters: 1000, words: 200 }
    }
}

/// Which pattern a line belongs to; patterns keep their ids as long as their [`Drain`] lives.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ClusterId(usize);

impl ClusterId {
    /// Its place in the order in which patterns were found, from 0.
    pub const fn index(self) -> usize {
        self.0
    }
}

/// A pattern and the lines that have it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cluster {
    parts: Vec<Part>,
    /// What stands before each word, and after the last.
    gaps: Vec<Box<str>>,
    count: u64,
    example: Box<str>,
}

/// One word of a pattern.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Part {
    Same(Box<str>),
    Variable(Variable),
}

/// What a variable part of a pattern looks like.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Variable {
    /// A number, perhaps with a unit.
    Number,
    /// An identifier: hexadecimal, a UUID, a long mixture of letters and digits.
    Id,
    /// An IP address.
    Address,
    /// A date or a time of day.
    Time,
    /// Words that differ.
    Any,
}

impl Variable {
    /// How a template has it.
    pub const fn sign(self) -> &'static str {
        match self {
            Self::Number => "<NUM>",
            Self::Id => "<ID>",
            Self::Address => "<IP>",
            Self::Time => "<TIME>",
            Self::Any => "<*>",
        }
    }
}

impl Cluster {
    /// The line with its variable parts as `<*>`, or `<NUM>`, `<ID>`, `<IP>`, `<TIME>` where all of them are such.
    pub fn template(&self) -> String {
        self.written(|variable, _| variable.sign().to_owned())
    }

    /// The line with its variable parts written by the caller, who is told what each is and the how manieth, from 1.
    pub fn written(&self, mut variable: impl FnMut(Variable, usize) -> String) -> String {
        let mut out = String::new();
        let mut gaps = self.gaps.iter();
        out.push_str(gaps.next().map_or("", |gap| gap));
        let mut place = 0;
        for part in &self.parts {
            match part {
                Part::Same(word) => out.push_str(word),
                Part::Variable(kind) => {
                    place += 1;
                    out.push_str(&variable(*kind, place));
                }
            }
            out.push_str(gaps.next().map_or("", |gap| gap));
        }
        out
    }

    /// How many lines have it.
    pub const fn count(&self) -> u64 {
        self.count
    }

    /// The first line that had it.
    pub fn example(&self) -> &str {
        &self.example
    }

    /// The share of words that agree, and how many of the pattern's words are variable.
    fn similarity(&self, words: &Words<'_>) -> (f64, usize) {
        let (mut same, mut variable) = (0, 0);
        for (part, (word, mask)) in self.parts.iter().zip(words.iter()) {
            match part {
                Part::Same(kept) => same += usize::from(mask.is_none() && **kept == *word),
                Part::Variable(Variable::Any) => variable += 1,
                Part::Variable(kept) => same += usize::from(mask == Some(*kept)),
            }
        }
        (if self.parts.is_empty() { 1.0 } else { same as f64 / self.parts.len() as f64 }, variable)
    }

    fn join(&mut self, words: &Words<'_>) {
        self.count += 1;
        for (part, (word, mask)) in self.parts.iter_mut().zip(words.iter()) {
            let agrees = match part {
                Part::Same(kept) => mask.is_none() && **kept == *word,
                Part::Variable(Variable::Any) => true,
                Part::Variable(kept) => mask == Some(*kept),
            };
            if !agrees {
                *part = Part::Variable(Variable::Any);
            }
        }
    }
}

/// The patterns of the lines seen so far. The same lines in the same order give the same patterns.
#[derive(Debug, Clone)]
pub struct Drain {
    settings: Settings,
    nodes: Vec<Node>,
    /// The root for each number of words.
    roots: HashMap<usize, usize>,
    clusters: Vec<Cluster>,
    /// Where lines go that no further pattern may be made for.
    rest: Option<ClusterId>,
}

/// A place in the tree.
#[derive(Debug, Clone, Default)]
struct Node {
    children: HashMap<Box<str>, usize>,
    clusters: Vec<ClusterId>,
}

/// How the tree knows a variable word.
const VARIABLE: &str = "<*>";

impl Drain {
    /// Begins without any pattern.
    pub fn new(settings: Settings) -> Self {
        Self { settings, nodes: Vec::new(), roots: HashMap::new(), clusters: Vec::new(), rest: None }
    }

    /// Takes in one line; says which pattern it has.
    pub fn add(&mut self, line: &str) -> ClusterId {
        let words = Words::new(line, self.settings.words);
        let leaf = self.leaf(&words);
        let mut best: Option<(f64, usize, ClusterId)> = None;
        for id in self.nodes.get(leaf).map_or(&[][..], |node| &node.clusters) {
            let Some(cluster) = self.clusters.get(id.0) else { continue };
            let (share, variable) = cluster.similarity(&words);
            if best.is_none_or(|(most, least, _)| share.total_cmp(&most).then(least.cmp(&variable)).is_gt()) {
                best = Some((share, variable, *id));
            }
        }
        let enough = |share: f64, variable: usize| {
            // What a pattern leaves open can't speak against a line.
            share + variable as f64 / words.len().max(1) as f64 * (1.0 - self.settings.similarity)
                >= self.settings.similarity
        };
        match best {
            Some((share, variable, id)) if enough(share, variable) => {
                if let Some(cluster) = self.clusters.get_mut(id.0) {
                    cluster.join(&words);
                }
                id
            }
            _ => self.found(line, &words, leaf),
        }
    }

    /// A new pattern, or the one of all that is left over.
    fn found(&mut self, line: &str, words: &Words<'_>, leaf: usize) -> ClusterId {
        if let Some(rest) = self.rest {
            if let Some(cluster) = self.clusters.get_mut(rest.0) {
                cluster.count += 1;
            }
            return rest;
        }
        let id = ClusterId(self.clusters.len());
        let mut cluster = Cluster {
            parts: Vec::with_capacity(words.len()),
            gaps: words.gaps().map(Into::into).collect(),
            count: 1,
            example: line.into(),
        };
        if id.0 + 1 >= self.settings.clusters {
            cluster.parts.push(Part::Variable(Variable::Any));
            cluster.gaps = vec!["".into(), "".into()];
            self.rest = Some(id);
        } else {
            cluster.parts.extend(words.iter().map(|(word, mask)| match mask {
                Some(mask) => Part::Variable(mask),
                None => Part::Same(word.into()),
            }));
            if let Some(node) = self.nodes.get_mut(leaf) {
                node.clusters.push(id);
            }
        }
        self.clusters.push(cluster);
        id
    }

    /// The leaf for a line, made where it is not there yet.
    fn leaf(&mut self, words: &Words<'_>) -> usize {
        let next = self.nodes.len();
        let mut at = *self.roots.entry(words.len()).or_insert(next);
        if at == next {
            self.nodes.push(Node::default());
        }
        for (word, mask) in words.iter().take(self.settings.prefix) {
            let variable = mask.is_some() || word.bytes().any(|byte| byte.is_ascii_digit());
            let mut key = if variable { VARIABLE } else { word };
            let next = self.nodes.len();
            let Some(node) = self.nodes.get_mut(at) else { return at };
            if !node.children.contains_key(key) && node.children.len() >= self.settings.children {
                key = VARIABLE;
            }
            at = if let Some(child) = node.children.get(key) {
                *child
            } else {
                node.children.insert(key.into(), next);
                self.nodes.push(Node::default());
                next
            };
        }
        at
    }

    /// The pattern of this id.
    pub fn cluster(&self, id: ClusterId) -> Option<&Cluster> {
        self.clusters.get(id.0)
    }

    /// All patterns in the order in which they were found.
    pub fn clusters(&self) -> impl Iterator<Item = (ClusterId, &Cluster)> {
        self.clusters.iter().enumerate().map(|(index, cluster)| (ClusterId(index), cluster))
    }
}

#[cfg(test)]
mod tests;
