//! `SEARCH` expressions: schema, terms, and which metrics they find.
//!
//! Source: user guide, "CloudWatch search expression syntax". A schema with a namespace alone finds metrics of that
//! namespace with any dimensions; one with dimension names finds those with exactly these.

use super::math::MathError;

/// How many metrics a search finds at most.
pub const MOST: usize = 100;
/// How many characters a search has at most.
const LONGEST: usize = 1024;
/// How deep parentheses and `NOT` may nest.
const DEEPEST: usize = 32;

/// A parsed search.
#[derive(Debug, Clone, PartialEq)]
pub struct Search {
    /// Namespace and dimension names, sorted.
    schema: Option<(String, Vec<String>)>,
    terms: Option<Term>,
}

#[derive(Debug, Clone, PartialEq)]
enum Term {
    All(Vec<Term>),
    Any(Vec<Term>),
    Not(Box<Term>),
    Match { property: Option<String>, text: String, exact: bool },
}

#[derive(Debug, Clone, PartialEq)]
enum Token {
    Word(String),
    Quoted(String),
    Sign(char),
}

impl Search {
    /// Parses the text between the quotes of `SEARCH('…', …)`.
    ///
    /// # Errors
    /// What is wrong, and the byte offset in the text at which.
    pub fn parse(text: &str) -> Result<Self, MathError> {
        if let Some((at, _)) = text.char_indices().nth(LONGEST) {
            return Err(MathError::new(at, format!("The search expression is longer than {LONGEST} characters")));
        }
        let mut parser = Parser { tokens: tokens(text)?, next: 0, depth: 0, end: text.trim_end().len() };
        let schema = parser.schema()?;
        let terms = if parser.peek().is_some() { Some(parser.any()?) } else { None };
        if parser.peek().is_some() {
            return Err(parser.fault("Unexpected ')' in search expression"));
        }
        if schema.is_none() && terms.is_none() {
            return Err(MathError::new(0, "A search needs a metric schema, a search term, or both"));
        }
        Ok(Self { schema, terms })
    }

    /// Whether it finds the metric of this namespace, name and dimensions, which are sorted by name.
    pub fn finds(&self, namespace: &str, name: &str, dimensions: &[(String, String)]) -> bool {
        let in_schema = self.schema.as_ref().is_none_or(|(wanted, keys)| {
            let names = dimensions.iter().map(|(name, _)| name);
            wanted == namespace && (keys.is_empty() || keys.iter().eq(names))
        });
        in_schema && self.terms.as_ref().is_none_or(|term| term.holds(&Subject { namespace, name, dimensions }))
    }
}

/// A metric that terms are held against.
struct Subject<'a> {
    namespace: &'a str,
    name: &'a str,
    dimensions: &'a [(String, String)],
}

impl Term {
    fn holds(&self, metric: &Subject<'_>) -> bool {
        match self {
            Self::All(terms) => terms.iter().all(|term| term.holds(metric)),
            Self::Any(terms) => terms.iter().any(|term| term.holds(metric)),
            Self::Not(term) => !term.holds(metric),
            Self::Match { property, text, exact } => {
                let hit = |value: &str| if *exact { value == text } else { partly(value, text) };
                match property.as_deref() {
                    Some("MetricName") => hit(metric.name),
                    Some("Namespace") => hit(metric.namespace),
                    Some(other) => metric.dimensions.iter().any(|(name, value)| name == other && hit(value)),
                    None => {
                        hit(metric.name)
                            || hit(metric.namespace)
                            || metric.dimensions.iter().any(|(name, value)| hit(name) || hit(value))
                    }
                }
            }
        }
    }
}

/// Whether the tokens of the term stand side by side in those of the value, or both are the same but for delimiters.
fn partly(value: &str, term: &str) -> bool {
    let (value, term) = (pieces(value), pieces(term));
    let found = !term.is_empty() && value.windows(term.len()).any(|window| window == term);
    found || (!term.is_empty() && value.concat() == term.concat())
}

/// Tokens in lower case: camel-case words, digits, and whatever other characters delimit.
fn pieces(text: &str) -> Vec<String> {
    let chars: Vec<char> = text.chars().collect();
    let mut found: Vec<String> = Vec::new();
    let mut current = String::new();
    for (i, &c) in chars.iter().enumerate() {
        let before = i.checked_sub(1).map(|j| chars[j]);
        let next_lower = chars.get(i + 1).is_some_and(|n| n.is_lowercase());
        let starts = before.is_some_and(|b| {
            (b.is_numeric() != c.is_numeric())
                || (b.is_lowercase() && c.is_uppercase())
                || (b.is_uppercase() && c.is_uppercase() && next_lower)
        });
        if (starts || !c.is_alphanumeric()) && !current.is_empty() {
            found.push(std::mem::take(&mut current));
        }
        if c.is_alphanumeric() {
            current.extend(c.to_lowercase());
        }
    }
    if !current.is_empty() {
        found.push(current);
    }
    found
}

fn tokens(text: &str) -> Result<Vec<(usize, Token)>, MathError> {
    let mut found = Vec::new();
    let mut rest = text.char_indices().peekable();
    while let Some(&(at, c)) = rest.peek() {
        match c {
            _ if c.is_whitespace() => {
                rest.next();
            }
            '{' | '}' | '(' | ')' | ',' | '=' => {
                rest.next();
                found.push((at, Token::Sign(c)));
            }
            '"' => {
                rest.next();
                let mut quoted = String::new();
                loop {
                    match rest.next() {
                        Some((_, '"')) => break,
                        Some((_, '\\')) => quoted.extend(rest.next().map(|(_, c)| c)),
                        Some((_, other)) => quoted.push(other),
                        None => return Err(MathError::new(at, "Unterminated double quote in search expression")),
                    }
                }
                found.push((at, Token::Quoted(quoted)));
            }
            _ => {
                let mut word = String::new();
                while let Some((_, c)) = rest.next_if(|(_, c)| !c.is_whitespace() && !"{}(),=\"".contains(*c)) {
                    word.push(c);
                }
                found.push((at, Token::Word(word)));
            }
        }
    }
    Ok(found)
}

struct Parser {
    tokens: Vec<(usize, Token)>,
    next: usize,
    depth: usize,
    end: usize,
}

impl Parser {
    fn peek(&self) -> Option<&Token> {
        self.tokens.get(self.next).map(|(_, token)| token)
    }

    /// An error at the next token.
    fn fault(&self, message: impl Into<String>) -> MathError {
        MathError::new(self.tokens.get(self.next).map_or(self.end, |(at, _)| *at), message)
    }

    fn take_if(&mut self, wanted: impl Fn(&Token) -> bool) -> bool {
        let found = self.peek().is_some_and(wanted);
        self.next += usize::from(found);
        found
    }

    fn word(&mut self, word: &str) -> bool {
        self.take_if(|token| matches!(token, Token::Word(found) if found == word))
    }

    fn sign(&mut self, sign: char) -> bool {
        self.take_if(|token| *token == Token::Sign(sign))
    }

    fn schema(&mut self) -> Result<Option<(String, Vec<String>)>, MathError> {
        if !self.sign('{') {
            return Ok(None);
        }
        let mut names = Vec::new();
        loop {
            let Some(Token::Word(name) | Token::Quoted(name)) = self.peek() else {
                return Err(self.fault("A metric schema is {Namespace, DimensionName, …}"));
            };
            names.push(name.clone());
            self.next += 1;
            if self.sign('}') {
                break;
            }
            if !self.sign(',') {
                return Err(self.fault("Expected ',' or '}' in the metric schema"));
            }
        }
        self.sign(',');
        let mut dimensions = names.split_off(1);
        dimensions.sort();
        Ok(names.pop().map(|namespace| (namespace, dimensions)))
    }

    fn any(&mut self) -> Result<Term, MathError> {
        let mut terms = vec![self.all()?];
        while self.word("OR") {
            terms.push(self.all()?);
        }
        Ok(Term::Any(terms))
    }

    fn all(&mut self) -> Result<Term, MathError> {
        let mut terms = vec![self.term()?];
        loop {
            let and = self.word("AND");
            let more = !matches!(self.peek(), None | Some(Token::Sign(')')));
            let or = matches!(self.peek(), Some(Token::Word(word)) if word == "OR");
            if !and && (!more || or) {
                return Ok(Term::All(terms));
            }
            terms.push(self.term()?);
        }
    }

    fn term(&mut self) -> Result<Term, MathError> {
        self.depth += 1;
        if self.depth > DEEPEST {
            return Err(self.fault("The search expression is nested too deeply"));
        }
        let term = self.term_inside();
        self.depth -= 1;
        term
    }

    fn term_inside(&mut self) -> Result<Term, MathError> {
        if self.word("NOT") {
            return Ok(Term::Not(Box::new(self.term()?)));
        }
        if self.sign('(') {
            let inner = self.any()?;
            return if self.sign(')') { Ok(inner) } else { Err(self.fault("Expected ')' in search expression")) };
        }
        let (text, exact) = self.text()?;
        if !self.sign('=') {
            return Ok(Term::Match { property: None, text, exact });
        }
        let property = Some(text);
        let (text, exact) = self.text()?;
        Ok(Term::Match { property, text, exact })
    }

    fn text(&mut self) -> Result<(String, bool), MathError> {
        let found = match self.peek() {
            Some(Token::Word(word)) if !["AND", "OR", "NOT"].contains(&word.as_str()) => (word.clone(), false),
            Some(Token::Quoted(quoted)) => (quoted.clone(), true),
            Some(Token::Word(word)) => return Err(self.fault(format!("Unexpected {word} in search expression"))),
            Some(Token::Sign(sign)) => return Err(self.fault(format!("Unexpected '{sign}' in search expression"))),
            None => return Err(self.fault("The search expression ends where a term is expected")),
        };
        self.next += 1;
        Ok(found)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    type Metric = (&'static str, &'static str, Vec<(String, String)>);

    fn metric(namespace: &'static str, name: &'static str, dimensions: &[(&str, &str)]) -> Metric {
        (namespace, name, dimensions.iter().map(|(k, v)| ((*k).to_owned(), (*v).to_owned())).collect())
    }

    #[test]
    fn tokens_as_in_the_user_guide() {
        assert_eq!(pieces("CustomCount1"), ["custom", "count", "1"]);
        assert_eq!(pieces("SDBFailure"), ["sdb", "failure"]);
        assert_eq!(pieces("Project2-trial333"), ["project", "2", "trial", "333"]);
        let cases = [
            ("CustomCount1", "count", true),
            ("CustomCount1", "COUNT", true),
            ("CustomCount1", "couNT", false),
            ("CustomCount1", "CustomCount", true),
            ("CustomCount1", "Count1", true),
            ("CustomCount1", "customcount", false),
            ("NetworkErrors2", "network/errors", true),
            ("Network-Errors-2", "Network_Errors", true),
        ];
        for (value, term, found) in cases {
            assert_eq!(partly(value, term), found, "{term} in {value}");
        }
    }

    #[test]
    fn schemas_and_terms_select() {
        let metrics = [
            metric("TokenServices", "TokenProvisioningFailure", &[]),
            metric(
                "TokenServices",
                "TokenProvisioningFailure",
                &[("Issuer", "DEMO_Bank"), ("WalletProvider", "ApplePay")],
            ),
            metric(
                "TokenServices",
                "TokenProvisioningSuccess",
                &[("Issuer", "DEMO_Bank"), ("WalletProvider", "GooglePay")],
            ),
            metric("AWS/Lambda", "Errors", &[("FunctionName", "token-provisioning-service")]),
        ];
        let cases: [(&str, &[usize]); 13] = [
            ("{TokenServices,WalletProvider,Issuer} MetricName=\"TokenProvisioningFailure\"", &[1]),
            ("{TokenServices, Issuer, \"WalletProvider\"}", &[1, 2]),
            ("{TokenServices} failure", &[0, 1]),
            ("{TokenServices}, \"TokenProvisioningFailure\"", &[0, 1]),
            ("{TokenServices} \"Failure\"", &[]),
            ("Issuer=demo NOT ApplePay", &[2]),
            ("NOT Namespace=AWS", &[0, 1, 2]),
            ("MetricName=\"Errors\" OR (MetricName=\"TokenProvisioningSuccess\" AND (Google OR Samsung))", &[2, 3]),
            ("(Errors OR Failure) WalletProvider=\"ApplePay\"", &[1]),
            ("\"DEMO_Bank\" NOT \"ApplePay\" NOT \"GooglePay\"", &[]),
            ("Namespace=\"AWS/Lambda\"", &[3]),
            ("{AWS/Lambda,FunctionName} provisioning AND service", &[3]),
            ("{Nowhere} x", &[]),
        ];
        for (text, expected) in cases {
            let search = Search::parse(text).expect(text);
            let found: Vec<usize> =
                metrics.iter().enumerate().filter(|(_, m)| search.finds(m.0, m.1, &m.2)).map(|(i, _)| i).collect();
            assert_eq!(found, expected, "{text}");
        }
    }

    #[test]
    fn faults_are_named() {
        let deep = "(".repeat(500);
        let cases = [
            ("", 0),
            (" ", 0),
            ("{", 1),
            ("{}", 1),
            ("{A", 2),
            ("{A,}", 3),
            ("(a", 2),
            ("a)", 1),
            ("é \"a", 3),
            ("a AND", 5),
            ("OR a", 0),
            ("a = ", 3),
            ("NOT", 3),
            (&deep, DEEPEST),
        ];
        for (text, position) in cases {
            assert_eq!(Search::parse(text).map_err(|error| error.position), Err(position), "{text}");
        }
    }
}
