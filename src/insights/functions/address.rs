//! Functions of IP addresses.

use core::net::IpAddr;

use crate::insights::value::Value;

fn address(value: &Value<'_>) -> Option<IpAddr> {
    value.as_text()?.trim().parse().ok()
}

fn is_address(arguments: &[Value<'_>], wanted: fn(&IpAddr) -> bool) -> Value<'static> {
    Value::Bool(address(&arguments[0]).is_some_and(|it| wanted(&it)))
}

pub(super) fn valid(it: &[Value<'_>]) -> Value<'static> {
    is_address(it, |_| true)
}

pub(super) fn valid_v4(it: &[Value<'_>]) -> Value<'static> {
    is_address(it, IpAddr::is_ipv4)
}

pub(super) fn valid_v6(it: &[Value<'_>]) -> Value<'static> {
    is_address(it, IpAddr::is_ipv6)
}

/// Whether an address is in a subnet such as `192.0.2.0/24`.
fn in_subnet(arguments: &[Value<'_>], wanted: fn(&IpAddr) -> bool) -> Value<'static> {
    let inside = || {
        let subnet = arguments[1].as_text()?;
        let (network, length) = subnet.split_once('/')?;
        let length: u32 = length.parse().ok()?;
        let one = address(&arguments[0]).filter(wanted)?;
        let (one, two, bits) = match (one, network.parse().ok()?) {
            (IpAddr::V4(one), IpAddr::V4(two)) => (u128::from(one.to_bits()), u128::from(two.to_bits()), 32),
            (IpAddr::V6(one), IpAddr::V6(two)) => (one.to_bits(), two.to_bits(), 128),
            _ => return None,
        };
        let free = u32::checked_sub(bits, length)?;
        Some(one.checked_shr(free).unwrap_or(0) == two.checked_shr(free).unwrap_or(0))
    };
    Value::Bool(inside() == Some(true))
}

pub(super) fn inside(it: &[Value<'_>]) -> Value<'static> {
    in_subnet(it, |_| true)
}

pub(super) fn inside_v4(it: &[Value<'_>]) -> Value<'static> {
    in_subnet(it, IpAddr::is_ipv4)
}

pub(super) fn inside_v6(it: &[Value<'_>]) -> Value<'static> {
    in_subnet(it, IpAddr::is_ipv6)
}
