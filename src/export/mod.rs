//! What is on screen, as text, ANSI, SVG and JSON.
