//! The grammar of services, edges and the filters between their braces.

use super::parse::{Block, Parser};
use super::scanner::FilterError;
use super::{Expr, ServiceSelector};

impl Parser<'_> {
    pub(super) fn service(&mut self) -> Result<Expr, FilterError> {
        self.scanner.expect("(")?;
        let selector = self.selector()?;
        self.scanner.expect(")")?;
        Ok(Expr::Service(selector, self.block(Block::Service)?))
    }

    pub(super) fn edge(&mut self) -> Result<Expr, FilterError> {
        self.scanner.expect("(")?;
        let from = self.selector()?;
        self.scanner.expect(",")?;
        let to = self.selector()?;
        self.scanner.expect(")")?;
        Ok(Expr::Edge(from, to, self.block(Block::Service)?))
    }

    pub(super) fn block(&mut self, kind: Block) -> Result<Option<Box<Expr>>, FilterError> {
        if !self.scanner.symbol("{") || self.scanner.symbol("}") {
            return Ok(None);
        }
        let outside = std::mem::replace(&mut self.block, kind);
        let inner = self.either()?;
        self.block = outside;
        self.scanner.expect("}")?;
        Ok(Some(Box::new(inner)))
    }

    /// A service by its quoted name, by `id(name: "…", type: "…")`, or, left out, every service.
    fn selector(&mut self) -> Result<ServiceSelector, FilterError> {
        if let Some(name) = self.scanner.quoted()? {
            return Ok(ServiceSelector { name: Some(name), kind: None });
        }
        let mut selector = ServiceSelector::default();
        if !self.scanner.keyword("id") {
            return Ok(selector);
        }
        self.scanner.expect("(")?;
        while !self.scanner.symbol(")") {
            self.scanner.rest();
            let start = self.scanner.clone();
            let member = self.scanner.word();
            self.scanner.expect(":")?;
            let value = self.scanner.quoted()?.ok_or_else(|| self.scanner.error("expected a quoted text"))?;
            match member {
                "name" => selector.name = Some(value),
                "type" => selector.kind = Some(value),
                "account.id" => {}
                other => {
                    let message = format!("a service has no {other}; it has a name and a type");
                    return Err(start.error_over(other, message));
                }
            }
            if !self.scanner.symbol(",") {
                self.scanner.expect(")")?;
                break;
            }
        }
        Ok(selector)
    }
}
