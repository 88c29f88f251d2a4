//! What the program is doing: the loop, its messages, its actions and their effects.

pub mod action;
pub mod effect;
pub mod msg;
