//! Files that build on one another: `inherits = "name"`.

use super::document::{Document, Section};
use super::problem::{Place, Problem};
use super::shelf::{Asset, Shelf};

/// The name that a file inherits from, with its place.
pub(super) type Parent = Option<(String, Place)>;

/// What one file says, and the file that it builds on.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Layer<T> {
    /// The file that it builds on.
    pub parent: Parent,
    /// What it says.
    pub content: T,
    /// What is wrong with it.
    pub problems: Vec<Problem>,
}

/// Reads `inherits` of a file.
pub(super) fn parent(root: &mut Section<'_>) -> Parent {
    let value = root.get("inherits")?;
    Some((value.name()?, value.place()))
}

/// Reads one file: what `read` makes of its root table (which it finishes with `done`), and its parent.
pub(super) fn layer<T: Default>(asset: &Asset, read: impl FnOnce(&Document<'_>, Section<'_>) -> T) -> Layer<T> {
    let doc = Document::new(&asset.file, &asset.text);
    let mut result = Layer { parent: None, content: T::default(), problems: Vec::new() };
    if let Some(table) = doc.parse() {
        let mut root = doc.root(&table);
        result.parent = parent(&mut root);
        result.content = read(&doc, root);
    }
    result.problems = doc.finish();
    result
}

/// A file and those it builds on, the furthest ancestor last. A file of the user's may build on the built-in one of
/// its own name; a circle is a problem and ends the chain.
pub(super) fn layers<T>(shelf: &Shelf, asset: Asset, read: impl Fn(&Asset) -> Layer<T>) -> (Vec<T>, Vec<Problem>) {
    let (mut contents, mut problems, mut seen) = (Vec::new(), Vec::new(), Vec::<String>::new());
    let mut next = Some(asset);
    while let Some(asset) = next.take() {
        seen.push(asset.file.clone());
        let layer = read(&asset);
        contents.push(layer.content);
        problems.extend(layer.problems);
        let Some((name, place)) = layer.parent else { break };
        let own_name = !asset.built_in && asset.name == name;
        let found = if own_name { shelf.built_in(&name, &place) } else { shelf.open(&name, &place) };
        match found {
            Ok(parent) if seen.contains(&parent.file) => {
                problems.push(Problem::new(place, format!("`inherits = \"{name}\"` goes round in a circle")));
            }
            Ok(parent) => next = Some(parent),
            Err(problem) => problems.push(problem),
        }
    }
    (contents, problems)
}
