//! Theme files: a palette of named colours, and a style for each role.

use indexmap::IndexMap;
use ratatui::style::{Color, Modifier, Style};

use super::chain::{Layer, layer, layers};
use super::colour;
use super::depth::Depth;
use super::document::Section;
use super::problem::{self, Place, Problem};
use super::shelf::{Asset, Kind, Shelf};
use super::value::Value;
use crate::widgets::theme::{Role, Theme};

/// What one theme file says.
#[derive(Debug, Clone, Default, PartialEq)]
struct Sheet {
    palette: IndexMap<String, Color>,
    roles: Vec<(Role, Look)>,
}

/// A role's style before its colours are looked up in the palette, which a nearer file may have changed.
#[derive(Debug, Clone, Default, PartialEq)]
struct Look {
    fg: Option<(String, Place)>,
    bg: Option<(String, Place)>,
    modifiers: Modifier,
}

const MODIFIERS: [(&str, Modifier); 5] = [
    ("bold", Modifier::BOLD),
    ("dim", Modifier::DIM),
    ("italic", Modifier::ITALIC),
    ("underline", Modifier::UNDERLINED),
    ("reverse", Modifier::REVERSED),
];

/// Reads a theme and those that it builds on. Roles that no file of them names are a problem and look as in the default.
pub(super) fn read(shelf: &Shelf, asset: Asset) -> (Theme, Vec<Problem>) {
    let mut theme = Theme::plain(&asset.name);
    let whole = Place::whole(&asset.file);
    let (mut sheets, mut problems) = layers(shelf, asset, read_layer);
    let styled = |role: &Role| sheets.iter().any(|sheet| sheet.roles.iter().any(|(known, _)| known == role));
    let missing: Vec<&str> = Role::ALL.iter().filter(|role| !styled(role)).map(|role| role.name()).collect();
    if let Some(first) = missing.first() {
        let more = if missing.len() > 1 { format!(" and {} more", missing.len() - 1) } else { String::new() };
        problems
            .push(Problem::new(whole.clone(), format!("no style for `{first}`{more}; begin with inherits = \"dark\"")));
        let default = shelf.built_in(Kind::Theme.default_name(), &whole);
        sheets.extend(default.map(|default| layers(shelf, default, read_layer).0).unwrap_or_default());
    }
    let mut palette: IndexMap<&str, Color> = IndexMap::new();
    for (name, color) in sheets.iter().flat_map(|sheet| &sheet.palette) {
        palette.entry(name).or_insert(*color);
    }
    for role in Role::ALL {
        let nearest = sheets.iter().flat_map(|sheet| &sheet.roles).find(|(known, _)| known == role);
        if let Some((_, look)) = nearest {
            theme.set(*role, style(look, &palette, &mut problems));
        }
    }
    problem::sort(&mut problems);
    (theme, problems)
}

/// The theme as a terminal of this depth can show it. A ground that would be lost there, because it becomes black or the
/// colour of its own text, gives way to reversed text.
pub fn fit(theme: &Theme, depth: Depth) -> Theme {
    let mut fitted = theme.clone();
    for role in Role::ALL {
        let style = theme.style(*role);
        let (fg, bg) = (style.fg.map(|color| depth.nearest(color)), style.bg.map(|color| depth.nearest(color)));
        let became = |color| bg == color && style.bg != color;
        let lost = depth == Depth::Mono || became(Some(Color::Black)) || (bg == fg && style.bg != style.fg);
        let has_ground = style.bg.is_some_and(|ground| ground != Color::Reset);
        let near = Style { fg, bg, ..style };
        let near = if has_ground && lost { Style { bg: None, ..near }.add_modifier(Modifier::REVERSED) } else { near };
        fitted.set(*role, near);
    }
    fitted
}

fn read_layer(asset: &Asset) -> Layer<Sheet> {
    layer(asset, read_sheet)
}

fn read_sheet(mut root: Section<'_>) -> Sheet {
    let (palette, roles) = (root.section("palette"), root.section("roles"));
    root.done();
    let mut sheet = Sheet::default();
    for (key, value) in palette.map(Section::entries).unwrap_or_default() {
        if let Some(color) = color(&value) {
            sheet.palette.insert(key.key().to_owned(), color);
        }
    }
    for (key, value) in roles.map(Section::entries).unwrap_or_default() {
        read_role(&mut sheet, &key, &value);
    }
    sheet
}

fn read_role(sheet: &mut Sheet, key: &Value<'_>, value: &Value<'_>) {
    let Some(role) = Role::parse(key.key()) else {
        let (name, names) = (key.key(), Role::ALL.iter().map(|role| role.name()));
        if value.is_table() && names.clone().any(|known| known.starts_with(&format!("{name}."))) {
            key.fail(format!("a role with a dot is written in quotes: \"{name}.…\""));
        } else {
            key.unknown(format!("no role `{name}`"), name, names);
        }
        return;
    };
    if let Some(look) = read_look(value) {
        sheet.roles.push((role, look));
    }
}

fn read_look(value: &Value<'_>) -> Option<Look> {
    if !value.is_table() {
        return Some(Look { fg: named(Some(value.clone())), ..Look::default() });
    }
    let mut table = value.section()?;
    let mut look = Look { fg: named(table.get("fg")), bg: named(table.get("bg")), modifiers: Modifier::empty() };
    for (name, modifier) in MODIFIERS {
        if table.get(name).and_then(|value| value.flag()) == Some(true) {
            look.modifiers |= modifier;
        }
    }
    table.done();
    Some(look)
}

fn named(value: Option<Value<'_>>) -> Option<(String, Place)> {
    let value = value?;
    Some((color_name(&value)?, value.place()))
}

fn color_name(value: &Value<'_>) -> Option<String> {
    if value.is_integer() { value.integer(0, 255).map(|index| index.to_string()) } else { value.name() }
}

fn color(value: &Value<'_>) -> Option<Color> {
    let name = color_name(value)?;
    let color = colour::parse(&name);
    if color.is_none() {
        let message = format!("no colour `{name}`; write #rrggbb, an ANSI name, 0 to 255, or default");
        value.unknown(message, &name, colour::names());
    }
    color
}

fn style(look: &Look, palette: &IndexMap<&str, Color>, problems: &mut Vec<Problem>) -> Style {
    let mut find = |named: &Option<(String, Place)>| {
        let (name, place) = named.as_ref()?;
        let found = palette.get(name.as_str()).copied().or_else(|| colour::parse(name));
        if found.is_none() {
            let known = palette.keys().copied().chain(colour::names());
            let message = format!("no colour `{name}`, neither in the palette nor of ANSI");
            problems.push(Problem::unknown(place.clone(), message, name, known));
        }
        found
    };
    Style { fg: find(&look.fg), bg: find(&look.bg), add_modifier: look.modifiers, ..Style::new() }
}
