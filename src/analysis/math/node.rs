//! The tree of an expression.

/// A part of an expression and where it stands.
#[derive(Debug, Clone, PartialEq)]
pub struct Node {
    /// Byte offset of its first character (of the sign, for an operator).
    pub at: usize,
    /// What it is.
    pub kind: Kind,
}

/// What a node is.
#[derive(Debug, Clone, PartialEq)]
pub enum Kind {
    /// A number.
    Number(f64),
    /// A string literal.
    Text(String),
    /// The id of a metric or of another expression.
    Id(String),
    /// A bare word that some functions take as an argument, such as `REPEAT` or `DESC`.
    Word(String),
    /// `-x`.
    Negate(Box<Node>),
    /// Two operands.
    Binary(Op, Box<Node>, Box<Node>),
    /// A function call; the name in upper case.
    Call(String, Vec<Node>),
    /// `[a, b]`.
    List(Vec<Node>),
}

/// An operator between two operands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Op {
    /// `||`
    Or,
    /// `&&`
    And,
    /// `<`
    Less,
    /// `<=`
    LessOrEqual,
    /// `>`
    Greater,
    /// `>=`
    GreaterOrEqual,
    /// `==`
    Equal,
    /// `!=`
    NotEqual,
    /// `+`
    Add,
    /// `-`
    Subtract,
    /// `*`
    Multiply,
    /// `/`
    Divide,
    /// `^`
    Power,
}

impl Op {
    /// Its sign.
    pub const fn sign(self) -> &'static str {
        match self {
            Self::Or => "||",
            Self::And => "&&",
            Self::Less => "<",
            Self::LessOrEqual => "<=",
            Self::Greater => ">",
            Self::GreaterOrEqual => ">=",
            Self::Equal => "==",
            Self::NotEqual => "!=",
            Self::Add => "+",
            Self::Subtract => "-",
            Self::Multiply => "*",
            Self::Divide => "/",
            Self::Power => "^",
        }
    }

    /// How tightly it binds, higher is tighter.
    pub(super) const fn precedence(self) -> u8 {
        match self {
            Self::Or => 1,
            Self::And => 2,
            Self::Less | Self::LessOrEqual | Self::Greater | Self::GreaterOrEqual | Self::Equal | Self::NotEqual => 3,
            Self::Add | Self::Subtract => 4,
            Self::Multiply | Self::Divide => 5,
            Self::Power => 7,
        }
    }

    /// Its value; comparisons and logic give 1 or 0. `None` for division by zero and whatever has no finite value.
    #[expect(clippy::float_cmp, reason = "metric math compares exactly")]
    pub fn apply(self, a: f64, b: f64) -> Option<f64> {
        let truth = |holds: bool| if holds { 1.0 } else { 0.0 };
        let value = match self {
            Self::Or => truth(a != 0.0 || b != 0.0),
            Self::And => truth(a != 0.0 && b != 0.0),
            Self::Less => truth(a < b),
            Self::LessOrEqual => truth(a <= b),
            Self::Greater => truth(a > b),
            Self::GreaterOrEqual => truth(a >= b),
            Self::Equal => truth(a == b),
            Self::NotEqual => truth(a != b),
            Self::Add => a + b,
            Self::Subtract => a - b,
            Self::Multiply => a * b,
            Self::Divide => a / b,
            Self::Power => libm::pow(a, b),
        };
        value.is_finite().then_some(value)
    }
}

impl Node {
    /// Its value where every id is one number, as [`super::Expr::scalar`].
    pub fn scalar(&self, of: &dyn Fn(&str) -> Option<f64>) -> Option<f64> {
        super::scalar::scalar(self, of)
    }

    /// Adds the ids below this node, in order of appearance, each once.
    pub fn collect_ids(&self, into: &mut Vec<String>) {
        let mut places = Vec::new();
        self.collect_places(&mut places);
        for (_, id) in places {
            if !into.iter().any(|known| known == id) {
                into.push(id.to_owned());
            }
        }
    }

    /// Collects every id with the byte offset at which it stands, in order of appearance.
    pub fn collect_places<'n>(&'n self, into: &mut Vec<(usize, &'n str)>) {
        match &self.kind {
            Kind::Number(_) | Kind::Text(_) | Kind::Word(_) => {}
            Kind::Id(id) => into.push((self.at, id)),
            Kind::Negate(inner) => inner.collect_places(into),
            Kind::Binary(_, left, right) => {
                left.collect_places(into);
                right.collect_places(into);
            }
            Kind::Call(_, items) | Kind::List(items) => items.iter().for_each(|item| item.collect_places(into)),
        }
    }

    /// Whether a function of this name is called anywhere in it.
    pub fn calls(&self, function: &str) -> bool {
        match &self.kind {
            Kind::Number(_) | Kind::Text(_) | Kind::Word(_) | Kind::Id(_) => false,
            Kind::Negate(inner) => inner.calls(function),
            Kind::Binary(_, left, right) => left.calls(function) || right.calls(function),
            Kind::Call(name, items) => name == function || items.iter().any(|item| item.calls(function)),
            Kind::List(items) => items.iter().any(|item| item.calls(function)),
        }
    }
}
