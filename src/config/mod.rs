//! What the user chose: settings, keymap, theme, and the problems found in their files.
