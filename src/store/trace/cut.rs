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

/// The pieces of a document, each after the one within which it stood; none where it is no object. The text is JSON.
pub(super) fn pieces(text: &str) -> Vec<Piece> {
    let bytes = text.as_bytes();
    let mut pieces: Vec<Piece> = Vec::new();
    let mut open: Vec<Open> = Vec::new();
    // The segments that are open, from the outside in, each with the place from which on its text is to be taken.
    let mut way: Vec<(usize, usize)> = Vec::new();
    let take = |way: &[(usize, usize)], pieces: &mut Vec<Piece>, to: usize| {
        let Some((here, from)) = way.last() else { return };
        if let (Some(piece), Some(told)) = (pieces.get_mut(*here), text.get(*from..to)) {
            piece.text.push_str(told);
        }
    };
    // The last string: before a value of an object its key.
    let mut last: &[u8] = &[];
    let mut at = 0;
    while let Some(byte) = bytes.get(at) {
        let top = open.last().copied();
        match byte {
            b'"' => {
                let from = at + 1;
                at = from + length(bytes.get(from..).unwrap_or_default());
                last = bytes.get(from..at).unwrap_or_default();
            }
            b'{' if top.is_none() || top == Some(Open::List) => {
                let within = way.last().map(|(here, _)| *here);
                way.push((pieces.len(), at));
                pieces.push(Piece { within, text: String::new() });
                open.push(Open::Segment);
            }
            b'[' if top == Some(Open::Segment) && last == b"subsegments" => {
                take(&way, &mut pieces, at + 1);
                open.push(Open::List);
            }
            b'{' | b'[' => open.push(Open::Other),
            b'}' | b']' => match open.pop() {
                Some(Open::Segment) => {
                    take(&way, &mut pieces, at + 1);
                    way.pop();
                }
                Some(Open::List) => {
                    if let Some((_, from)) = way.last_mut() {
                        *from = at;
                    }
                }
                Some(Open::Other) | None => {}
            },
            _ => {}
        }
        at += 1;
    }
    pieces
}

/// How long a string is, up to the quote that ends it.
fn length(bytes: &[u8]) -> usize {
    let mut at = 0;
    while let Some(byte) = bytes.get(at) {
        match byte {
            b'"' => break,
            b'\\' => at += 2,
            _ => at += 1,
        }
    }
    at.min(bytes.len())
}
