//! Reading and building wire values.

use chrono::DateTime;

use super::Wire;
use crate::clock::Time;

impl Wire {
    /// A structure of these members; members that are [`Wire::Null`] are left out, as AWS leaves them out.
    pub fn map<'a>(members: impl IntoIterator<Item = (&'a str, Wire)>) -> Self {
        let kept = members.into_iter().filter(|(_, value)| *value != Wire::Null);
        Self::Map(kept.map(|(key, value)| (key.to_owned(), value)).collect())
    }

    /// A list of what `items` convert to.
    pub fn list<T: Into<Wire>>(items: impl IntoIterator<Item = T>) -> Self {
        Self::List(items.into_iter().map(Into::into).collect())
    }

    /// A member of a structure; `None` where it is absent or null, or this is no structure.
    pub fn get(&self, key: &str) -> Option<&Wire> {
        let Self::Map(members) = self else { return None };
        members.iter().find(|(name, _)| name == key).map(|(_, value)| value).filter(|value| **value != Wire::Null)
    }

    /// A text member.
    pub fn text(&self, key: &str) -> Option<&str> {
        self.get(key).and_then(Self::as_text)
    }

    /// An integer member; a float without fraction counts, since some clients write all numbers alike.
    pub fn i64(&self, key: &str) -> Option<i64> {
        self.get(key).and_then(Self::as_i64)
    }

    /// A numeric member.
    pub fn f64(&self, key: &str) -> Option<f64> {
        self.get(key).and_then(Self::as_f64)
    }

    /// A boolean member.
    pub fn bool(&self, key: &str) -> Option<bool> {
        self.get(key).and_then(Self::as_bool)
    }

    /// A timestamp member: a timestamp, epoch seconds, or ISO 8601 text.
    pub fn time(&self, key: &str) -> Option<Time> {
        self.get(key).and_then(Self::as_time)
    }

    /// A list member, empty where it is absent.
    pub fn items(&self, key: &str) -> &[Wire] {
        self.get(key).and_then(Self::as_list).unwrap_or_default()
    }

    /// The texts of a list member; other kinds in it are left out.
    pub fn texts(&self, key: &str) -> Vec<&str> {
        self.items(key).iter().filter_map(Self::as_text).collect()
    }

    /// This value as text.
    pub fn as_text(&self) -> Option<&str> {
        if let Self::Text(text) = self { Some(text) } else { None }
    }

    /// This value as an integer.
    pub fn as_i64(&self) -> Option<i64> {
        match self {
            Self::Int(value) => Some(*value),
            Self::Float(value) if value.fract() == 0.0 && value.abs() < 9e15 => Some(*value as i64),
            Self::Null
            | Self::Bool(_)
            | Self::Float(_)
            | Self::Text(_)
            | Self::Time(_)
            | Self::List(_)
            | Self::Map(_) => None,
        }
    }

    /// This value as a double.
    pub fn as_f64(&self) -> Option<f64> {
        match self {
            Self::Int(value) => Some(*value as f64),
            Self::Float(value) => Some(*value),
            Self::Null | Self::Bool(_) | Self::Text(_) | Self::Time(_) | Self::List(_) | Self::Map(_) => None,
        }
    }

    /// This value as a boolean.
    pub fn as_bool(&self) -> Option<bool> {
        if let Self::Bool(value) = self { Some(*value) } else { None }
    }

    /// This value as a list.
    pub fn as_list(&self) -> Option<&[Wire]> {
        if let Self::List(items) = self { Some(items) } else { None }
    }

    /// This value as an instant.
    pub fn as_time(&self) -> Option<Time> {
        match self {
            Self::Time(time) => Some(*time),
            Self::Int(seconds) => DateTime::from_timestamp(*seconds, 0),
            Self::Float(seconds) => from_seconds(*seconds),
            Self::Text(text) => text.parse().ok(),
            Self::Null | Self::Bool(_) | Self::List(_) | Self::Map(_) => None,
        }
    }
}

/// The instant of epoch seconds with a fraction, to the microsecond; `None` where no calendar reaches.
pub fn from_seconds(seconds: f64) -> Option<Time> {
    if !seconds.is_finite() || seconds.abs() > 8e12 {
        return None;
    }
    DateTime::from_timestamp_micros((seconds * 1e6).round() as i64)
}

/// Epoch seconds with a fraction, to the microsecond.
pub fn to_seconds(time: Time) -> f64 {
    time.timestamp_micros() as f64 / 1e6
}

impl From<&str> for Wire {
    fn from(value: &str) -> Self {
        Self::Text(value.to_owned())
    }
}

impl From<String> for Wire {
    fn from(value: String) -> Self {
        Self::Text(value)
    }
}

impl From<bool> for Wire {
    fn from(value: bool) -> Self {
        Self::Bool(value)
    }
}

impl From<i64> for Wire {
    fn from(value: i64) -> Self {
        Self::Int(value)
    }
}

impl From<u64> for Wire {
    fn from(value: u64) -> Self {
        Self::Int(i64::try_from(value).unwrap_or(i64::MAX))
    }
}

impl From<f64> for Wire {
    fn from(value: f64) -> Self {
        Self::Float(value)
    }
}

impl From<Time> for Wire {
    fn from(value: Time) -> Self {
        Self::Time(value)
    }
}

impl<T: Into<Wire>> From<Option<T>> for Wire {
    fn from(value: Option<T>) -> Self {
        value.map_or(Self::Null, Into::into)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_come_in_every_form_that_clients_send() {
        let expected: Time = "2026-01-15T10:28:00.250Z".parse().expect("a time");
        for value in [
            Wire::Time(expected),
            Wire::Float(1_768_472_880.25),
            Wire::from("2026-01-15T10:28:00.250Z"),
            Wire::from("2026-01-15T11:28:00.250+01:00"),
        ] {
            assert_eq!(value.as_time(), Some(expected), "{value:?}");
        }
        assert_eq!(Wire::Int(1_768_472_880).as_time(), "2026-01-15T10:28:00Z".parse().ok());
        for value in [Wire::Float(f64::NAN), Wire::Float(1e300), Wire::from("yesterday"), Wire::Null] {
            assert_eq!(value.as_time(), None, "{value:?}");
        }
    }

    #[test]
    fn null_members_are_absent() {
        let map = Wire::map([("a", Wire::Null), ("b", 1_i64.into())]);
        assert_eq!(map, Wire::Map(vec![("b".to_owned(), Wire::Int(1))]));
        assert_eq!(Wire::Map(vec![("a".to_owned(), Wire::Null)]).get("a"), None);
    }

    #[test]
    fn whole_floats_are_integers() {
        assert_eq!(Wire::Float(500.0).as_i64(), Some(500));
        assert_eq!(Wire::Float(0.5).as_i64(), None);
        assert_eq!(Wire::Int(3).as_f64(), Some(3.0));
    }
}
