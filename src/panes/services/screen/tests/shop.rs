//! A shop of sixty services.

use super::statistics;
use crate::panes::testing::key;
use crate::store::graph::{Edge, Nature, Service, ServiceGraph, ServiceKey, Statistics};

/// Services of a shop, from those who call to those who only answer.
const TIERS: [&[&str]; 6] = [
    &["web", "app", "partners"],
    &["edge-gateway", "partner-gateway", "mobile-gateway"],
    &["orders", "checkout", "catalogue", "accounts", "search", "basket", "returns", "loyalty"],
    &[
        "payments",
        "pricing",
        "stock",
        "shipping",
        "identity",
        "recommendations",
        "tax",
        "fraud",
        "mailer",
        "coupons",
        "reviews",
        "invoices",
    ],
    &[
        "card-tokens",
        "ledger",
        "warehouse-eu",
        "warehouse-us",
        "carrier-rates",
        "sessions",
        "ranking",
        "risk-model",
        "templates",
        "exchange-rates",
        "documents",
        "address-check",
        "dunning",
        "settlement",
    ],
    &[
        "OrdersTable",
        "LedgerTable",
        "StockTable",
        "SessionsCache",
        "SearchIndex",
        "MailQueue",
        "RiskFeatures",
        "DocumentsBucket",
        "card-network",
        "bank-api",
        "carrier-a",
        "carrier-b",
        "mail-provider",
        "tax-office",
        "fx-provider",
        "PricesTable",
        "CouponsTable",
        "AuditStream",
        "ReviewsTable",
        "IdentityPool",
    ],
];

/// A shop of sixty services in tiers, with tables and queues that many share, and two circles.
pub(super) fn shop() -> ServiceGraph {
    let kind = |tier: usize, n: usize| match (tier, n % 3) {
        (0, _) => "client",
        (5, 0) => "remote",
        (5, _) => "AWS::DynamoDB::Table",
        (_, 0) => "AWS::ECS::Container",
        _ => "AWS::Lambda::Function",
    };
    let keys: Vec<Vec<ServiceKey>> = TIERS
        .iter()
        .enumerate()
        .map(|(tier, names)| names.iter().enumerate().map(|(n, name)| key(kind(tier, n), name)).collect())
        .collect();
    let figures = |n: usize| match n % 11 {
        3 => statistics(48_000, 9_000, 400, 0),
        7 => statistics(9_000, 0, 700, 60),
        9 => statistics(21_000, 0, 900, 880),
        _ => statistics(120_000 / (n as u64 + 1), 0, 0, 0),
    };
    let mut edges = Vec::new();
    let mut join = |from: &ServiceKey, to: &ServiceKey, n: usize| {
        if from != to && !edges.iter().any(|edge: &Edge| edge.from == *from && edge.to == *to) {
            edges.push(Edge { from: from.clone(), to: to.clone(), statistics: figures(n), ..Edge::default() });
        }
    };
    for tier in 0..5 {
        let (callers, called) = (&keys[tier], &keys[tier + 1]);
        for (n, to) in called.iter().enumerate() {
            join(&callers[n * callers.len() / called.len()], to, n);
            if n % 3 == 0 {
                join(&callers[(n * 5 + 1) % callers.len()], to, n + 4);
            }
        }
    }
    for n in 0..8 {
        join(&keys[2][n], &keys[5][n * 3 % 20], n);
    }
    join(&keys[4][1], &keys[3][0], 1);
    join(&keys[3][8], &keys[2][0], 2);
    let service = |tier: usize, n: usize, key: &ServiceKey| Service {
        key: key.clone(),
        nature: match tier {
            0 => Nature::Client,
            5 => Nature::Inferred,
            _ => Nature::Reporting,
        },
        statistics: if tier == 0 { Statistics::default() } else { figures(n + tier) },
        ..Service::default()
    };
    let services = keys.iter().enumerate();
    let services = services.flat_map(|(tier, keys)| keys.iter().enumerate().map(move |(n, key)| service(tier, n, key)));
    ServiceGraph { services: services.collect(), edges, ..ServiceGraph::default() }
}
