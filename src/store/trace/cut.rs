//! A document cut into its subsegments, without recursion: a document of 64 kB can nest a thousand of them, while a JSON
//! parser goes 128 levels deep.

/// The text of one segment or subsegment, its own `subsegments` emptied.
pub(super) struct Piece {
    /// The piece within which it stood.
    pub(super) within: Option<usize>,
    pub(super) text: String,
}

/// What is open at a place of a text.
#[derive(Clone, Copy, PartialEq)]
enum Open {
    /// A segment's object.
    Segment,
    /// The list of a segment's subsegments.
    List,
    /// Any other object or list.
    Other,
}

/// The pieces of a document, each after the one within which it stood. Whether they are JSON is the parser's to say.
pub(super) fn pieces(text: &str) -> Vec<Piece> {
    let mut pieces: Vec<Piece> = Vec::new();
    let mut open: Vec<Open> = Vec::new();
    // The segments that are open, from the outside in.
    let mut way: Vec<usize> = Vec::new();
    // The last string of an object, and whether a colon followed: what follows is its value.
    let (mut last, mut is_key) = (String::new(), false);
    let mut rest = text.char_indices().peekable();
    while let Some((at, c)) = rest.next() {
        let top = open.last().copied();
        if matches!(c, '}' | ']') && open.pop() == Some(Open::Segment) {
            if let Some(piece) = way.pop().and_then(|here| pieces.get_mut(here)) {
                piece.text.push('}');
            }
            continue;
        }
        let mut told = &text[at..at + c.len_utf8()];
        match c {
            '"' => {
                let mut end = text.len();
                while let Some((at, c)) = rest.next() {
                    match c {
                        '\\' => drop(rest.next()),
                        '"' => {
                            end = at + 1;
                            break;
                        }
                        _ => {}
                    }
                }
                told = text.get(at..end).unwrap_or_default();
                told.trim_matches('"').clone_into(&mut last);
                is_key = false;
            }
            ':' => is_key = true,
            '{' if top.is_none() || top == Some(Open::List) => {
                let here = pieces.len();
                pieces.push(Piece { within: way.last().copied(), text: String::new() });
                open.push(Open::Segment);
                way.push(here);
            }
            '[' if is_key && last == "subsegments" && top == Some(Open::Segment) => open.push(Open::List),
            '{' | '[' => open.push(Open::Other),
            _ => {}
        }
        if !matches!(c, ':' | '"') && !c.is_whitespace() {
            is_key = false;
        }
        // Between subsegments only what opens and closes their list is told.
        let is_between = top == Some(Open::List) && !matches!(c, '{' | ']');
        if let Some(piece) = way.last().and_then(|here| pieces.get_mut(*here)).filter(|_| !is_between) {
            piece.text.push_str(told);
        }
    }
    pieces
}
