//! Files that build on one another: `inherits = "name"`.

use super::document::{Document, Section};
use super::problem::{Place, Problem};
use super::shelf::{Asset, Shelf};

/// What a file builds on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Parent {
    /// Nothing.
    None,
    /// The file of this name, written at this place.
    Named(String, Place),
    /// The default, because the file itself says nothing that can be read.
    Default,
}

/// What one file says, and the file that it builds on.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Layer<T> {
    parent: Parent,
    content: T,
    problems: Vec<Problem>,
}

/// Reads one file: what `read` makes of its root table (which it finishes with `done`), and its parent.
pub(super) fn layer<T: Default>(asset: &Asset, read: impl FnOnce(Section<'_>) -> T) -> Layer<T> {
    let doc = Document::new(&asset.file, &asset.text);
    let (parent, content) = match doc.parse() {
        None => (Parent::Default, T::default()),
        Some(table) => {
            let mut root = doc.root(&table);
            (parent(&mut root), read(root))
        }
    };
    Layer { parent, content, problems: doc.finish() }
}

fn parent(root: &mut Section<'_>) -> Parent {
    let Some(value) = root.get("inherits") else { return Parent::None };
    value.name().map_or(Parent::Default, |name| Parent::Named(name, value.place()))
}

/// A file and those it builds on, the furthest ancestor last. A file of the user's may build on the built-in one of
/// its own name. A parent that cannot be had, and one that leads round in a circle, is a problem, and the default
/// stands in for it.
pub(super) fn layers<T>(shelf: &Shelf, asset: Asset, read: impl Fn(&Asset) -> Layer<T>) -> (Vec<T>, Vec<Problem>) {
    let (mut contents, mut problems, mut seen) = (Vec::new(), Vec::new(), Vec::<String>::new());
    let mut next = Some(asset);
    while let Some(asset) = next.take() {
        let layer = read(&asset);
        contents.push(layer.content);
        problems.extend(layer.problems);
        seen.push(asset.file.clone());
        let found = match &layer.parent {
            Parent::None => break,
            Parent::Named(name, place) => open(shelf, &asset, name, place, &seen).map_err(Some),
            Parent::Default => Err(None),
        };
        next = match found {
            Ok(parent) => Some(parent),
            Err(problem) => {
                problems.extend(problem);
                let default = shelf.built_in(shelf.kind().default_name(), &Place::whole(&asset.file)).ok();
                default.filter(|default| !seen.contains(&default.file))
            }
        };
    }
    (contents, problems)
}

fn open(shelf: &Shelf, child: &Asset, name: &str, place: &Place, seen: &[String]) -> Result<Asset, Problem> {
    let own_name = !child.built_in && child.name == name;
    let parent = if own_name { shelf.built_in(name, place)? } else { shelf.open(name, place)? };
    if seen.contains(&parent.file) {
        return Err(Problem::new(place.clone(), format!("`inherits = \"{name}\"` goes round in a circle")));
    }
    Ok(parent)
}
