//! The services that a request passes, as X-Ray names them.

use crate::store::graph::ServiceKey;

use super::request::Request;
use super::steps::{Call, Steps, Verdict};

/// A service. Each has one caller, so a service's figures are those of the one edge that leads to it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Node {
    /// The API in front.
    Gateway,
    /// The token service's function.
    Service,
    /// Its table.
    Store,
    /// The service that makes the token.
    Tokenization,
    /// The card issuer.
    Issuer,
    /// The token service provider.
    Provider,
}

/// Every node, those nearer to the client first, then by name.
pub(super) const NODES: [Node; 6] =
    [Node::Gateway, Node::Service, Node::Store, Node::Tokenization, Node::Issuer, Node::Provider];

impl Node {
    /// Its name.
    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::Gateway => "token-api",
            Self::Service => "TokenProvisioningService",
            Self::Store => "TokenStore",
            Self::Tokenization => "TokenizationService",
            Self::Issuer => "IssuerAuthorization",
            Self::Provider => "TSP",
        }
    }

    /// AWS's type.
    pub(super) const fn kind(self) -> &'static str {
        match self {
            Self::Gateway => "AWS::ApiGateway::Stage",
            Self::Service => "AWS::Lambda::Function",
            Self::Store => "AWS::DynamoDB::Table",
            Self::Tokenization => "AWS::ECS::Container",
            Self::Issuer | Self::Provider => "remote",
        }
    }

    /// Whether it sends segments of its own, so that X-Ray calls it active.
    pub(super) const fn reports(self) -> bool {
        match self {
            Self::Gateway | Self::Service | Self::Tokenization => true,
            Self::Store | Self::Issuer | Self::Provider => false,
        }
    }

    /// Who calls it; the client calls the one that has none.
    pub(super) const fn caller(self) -> Option<Self> {
        match self {
            Self::Gateway => None,
            Self::Service => Some(Self::Gateway),
            Self::Store | Self::Tokenization => Some(Self::Service),
            Self::Issuer | Self::Provider => Some(Self::Tokenization),
        }
    }

    /// Type and name.
    pub(super) fn key(self) -> ServiceKey {
        ServiceKey { kind: self.kind().to_owned(), name: self.name().to_owned() }
    }

    /// The node of a type and name.
    pub(super) fn of(key: &ServiceKey) -> Option<Self> {
        NODES.into_iter().find(|node| node.kind() == key.kind && node.name() == key.name)
    }
}

/// The key of what calls the gateway.
pub(super) fn client() -> ServiceKey {
    ServiceKey { kind: "client".to_owned(), name: "client".to_owned() }
}

/// Tells of every call of an attempt, the whole attempt first.
pub(super) fn calls(request: &Request<'_>, mut visit: impl FnMut(Node, Call)) {
    let whole = Call { from: 0, to: request.took(), verdict: Verdict::of(request.outcome) };
    let steps = Steps::of(request);
    // The gateway's own overhead and that of the invocation stay below a millisecond.
    visit(Node::Gateway, whole);
    visit(Node::Service, whole);
    steps.reads().iter().for_each(|call| visit(Node::Store, *call));
    if let Some(call) = steps.tokenization {
        visit(Node::Tokenization, call);
    }
    if let Some(call) = steps.issuer {
        visit(Node::Issuer, call);
    }
    steps.tries().iter().for_each(|call| visit(Node::Provider, *call));
}
