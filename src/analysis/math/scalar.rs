//! Evaluation over plain numbers.

use super::node::{Kind, Node};

/// The value of a tree where every id is one number.
pub(super) fn scalar(node: &Node, of: &dyn Fn(&str) -> Option<f64>) -> Option<f64> {
    match &node.kind {
        Kind::Number(value) => Some(*value),
        Kind::Id(id) => of(id),
        Kind::Negate(inner) => scalar(inner, of).map(|value| -value),
        Kind::Binary(op, left, right) => op.apply(scalar(left, of)?, scalar(right, of)?),
        Kind::Call(name, arguments) => call(name, arguments, of),
        Kind::Text(_) | Kind::Word(_) | Kind::List(_) => None,
    }
    .filter(|value| value.is_finite())
}

fn call(name: &str, arguments: &[Node], of: &dyn Fn(&str) -> Option<f64>) -> Option<f64> {
    let one = || match arguments {
        [only] => scalar(only, of),
        _ => None,
    };
    match name {
        "SUM" | "AVG" | "MIN" | "MAX" => fold(name, &numbers(arguments, of)?),
        "ABS" => one().map(f64::abs),
        "CEIL" => one().map(f64::ceil),
        "FLOOR" => one().map(f64::floor),
        "LOG" => one().map(libm::log),
        "LOG10" => one().map(libm::log10),
        "FILL" => match arguments {
            [value, filler] => scalar(value, of).or_else(|| scalar(filler, of)),
            _ => None,
        },
        "IF" => {
            let (condition, branches) = arguments.split_first()?;
            let branch = usize::from(scalar(condition, of)? == 0.0);
            scalar(branches.get(branch).filter(|_| branches.len() <= 2)?, of)
        }
        _ => None,
    }
}

/// The numbers of arguments, lists opened up; `None` where one has no value.
fn numbers(arguments: &[Node], of: &dyn Fn(&str) -> Option<f64>) -> Option<Vec<f64>> {
    let mut found = Vec::new();
    for argument in arguments {
        match &argument.kind {
            Kind::List(items) => found.extend(numbers(items, of)?),
            _ => found.push(scalar(argument, of)?),
        }
    }
    Some(found)
}

fn fold(name: &str, numbers: &[f64]) -> Option<f64> {
    let sum = numbers.iter().sum::<f64>();
    match name {
        _ if numbers.is_empty() => None,
        "SUM" => Some(sum),
        "AVG" => Some(sum / numbers.len() as f64),
        "MIN" => numbers.iter().copied().reduce(f64::min),
        _ => numbers.iter().copied().reduce(f64::max),
    }
}

#[cfg(test)]
mod tests {
    use super::super::Expr;

    #[test]
    fn functions_over_numbers() {
        let of = |id: &str| match id {
            "ok" => Some(90.0),
            "bad" => Some(10.0),
            "zero" => Some(0.0),
            _ => None,
        };
        let cases = [
            ("100 * ok / (ok + bad)", Some(90.0)),
            ("ok / zero", None),
            ("zero / zero", None),
            ("ok + absent", None),
            ("FILL(absent, 7)", Some(7.0)),
            ("FILL(ok, 7)", Some(90.0)),
            ("SUM(ok, bad, 1)", Some(101.0)),
            ("SUM([ok, bad])", Some(100.0)),
            ("AVG(ok, bad)", Some(50.0)),
            ("MIN(ok, bad)", Some(10.0)),
            ("MAX([ok, bad], 95)", Some(95.0)),
            ("SUM()", None),
            ("IF(ok > 50, 1, 2)", Some(1.0)),
            ("IF(zero, 1, 2)", Some(2.0)),
            ("IF(zero, 1)", None),
            ("IF(ok, 1)", Some(1.0)),
            ("ABS(-3)", Some(3.0)),
            ("CEIL(1.2) + FLOOR(1.8)", Some(3.0)),
            ("LOG10(1000)", Some(3.0)),
            ("LOG(0)", None),
            ("10 ^ 400", None),
            ("NOPE(1)", None),
            ("REPEAT", None),
            ("'text'", None),
        ];
        for (text, value) in cases {
            assert_eq!(Expr::parse(text).expect(text).scalar(&of), value, "{text}");
        }
    }
}
