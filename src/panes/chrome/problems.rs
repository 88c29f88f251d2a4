//! What is wrong with sources and configuration, and what to do about it.

use crossterm::event::{KeyCode, KeyEvent, KeyEventKind};
use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::Line;
use ratatui::widgets::Paragraph;

use super::OverlayOutcome;
use super::popup::popup;
use crate::clock::Time;
use crate::panes::note::age;
use crate::store::Store;
use crate::store::health::{ErrorKind, Health, SourceError};
use crate::text::{clean, width};
use crate::widgets::print::wrap;
use crate::widgets::theme::{Role, Theme};

/// The list of problems.
///
/// ```text
/// ┌ Problems ─────────────────────────────────────────────────────────┐
/// │ ✗ logs:StartLiveTail: denied for 8m                               │
/// │   User … is not authorized to perform logs:StartLiveTail          │
/// │   → allow logs:StartLiveTail for this role                        │
/// │ ! config.toml:3: unknown key `thme`; did you mean `theme`?        │
/// └───────────────────────────────────────────────────────── Esc close┘
/// ```
#[derive(Debug, Clone, Default)]
pub struct Problems {
    scroll: u16,
}

impl Problems {
    /// The list from its top.
    pub const fn new() -> Self {
        Self { scroll: 0 }
    }

    /// Takes a key.
    pub fn on_key(&mut self, key: KeyEvent) -> OverlayOutcome {
        if key.kind == KeyEventKind::Release {
            return OverlayOutcome::Stay;
        }
        match key.code {
            KeyCode::Esc | KeyCode::Enter | KeyCode::Char('q') => return OverlayOutcome::Close,
            KeyCode::Char('j') | KeyCode::Down => self.scroll = self.scroll.saturating_add(1),
            KeyCode::Char('k') | KeyCode::Up => self.scroll = self.scroll.saturating_sub(1),
            KeyCode::PageDown | KeyCode::Char(' ') => self.scroll = self.scroll.saturating_add(10),
            KeyCode::PageUp => self.scroll = self.scroll.saturating_sub(10),
            _ => {}
        }
        OverlayOutcome::Stay
    }

    /// Draws it over the area, as things stand now. `configuration` holds one line a fault.
    pub fn draw(
        &mut self,
        frame: &mut Frame<'_>,
        area: Rect,
        store: &Store,
        configuration: &[String],
        now: Time,
        theme: &Theme,
    ) {
        let wide = area.width.saturating_sub(4).min(100);
        let lines = lines(store, configuration, now, theme, usize::from(wide.saturating_sub(4)));
        let count = u16::try_from(lines.len()).unwrap_or(u16::MAX);
        let inner = popup(frame, area, (wide, count.saturating_add(2)), "Problems", "Esc close", theme);
        self.scroll = self.scroll.min(count.saturating_sub(inner.height));
        frame.render_widget(Paragraph::new(lines).scroll((self.scroll, 0)), inner);
    }
}

fn lines(store: &Store, configuration: &[String], now: Time, theme: &Theme, room: usize) -> Vec<Line<'static>> {
    let mut lines = Vec::new();
    let mut say = |mark: &'static str, text: &str, role: Role| {
        for (row, part) in wrap(&clean(text), room.saturating_sub(width(mark))).into_iter().enumerate() {
            let lead = if row == 0 { mark.to_owned() } else { " ".repeat(width(mark)) };
            lines.push(Line::styled(format!("{lead}{part}"), theme.style(role)));
        }
    };
    let sources = store.problems().filter_map(|(id, health)| Some((id, health, health.trouble()?)));
    // Sources that make the same call fail for the same reason: it is said once.
    let mut said: Vec<(&str, ErrorKind, &str)> = Vec::new();
    for (id, health, (error, since)) in sources {
        let reason = (id.name(), error.kind, error.message.as_str());
        if said.contains(&reason) {
            continue;
        }
        said.push(reason);
        let kept = match health {
            Health::Stale { at, .. } => format!(", what is shown is {} old", age(*at, now)),
            Health::Waiting | Health::Live { .. } | Health::Failed { .. } => String::new(),
        };
        say("✗ ", &format!("{id}: {} for {}{kept}", error.kind.word(), age(since, now)), Role::Failed);
        say("  ", &error.message, Role::Text);
        say("  → ", &next_step(error), Role::Strong);
    }
    for problem in configuration {
        say("! ", problem, Role::Warning);
    }
    if lines.is_empty() {
        let sound = "✓ Every source answers, and the configuration is sound.";
        lines.push(Line::styled(sound, theme.style(Role::Good)));
    }
    lines
}

/// What helps against an error.
fn next_step(error: &SourceError) -> String {
    let again = || match error.retry_in {
        Some(wait) => format!("asked again in {}s, by itself", wait.as_secs().max(1)),
        None => "asked again with the next refresh".to_owned(),
    };
    match error.kind {
        ErrorKind::Denied => format!("allow {} for this role or user", clean(&error.operation)),
        ErrorKind::Throttled => format!("too many calls in this account: {}", again()),
        ErrorKind::Credentials => {
            "renew the credentials (`aws sso login`, or check AWS_PROFILE); they are read again".to_owned()
        }
        ErrorKind::Unreachable => format!("check network, region and --endpoint-url; {}", again()),
        ErrorKind::TimedOut | ErrorKind::Server => again(),
        ErrorKind::Garbled => format!("check that --endpoint-url speaks AWS; {}", again()),
        ErrorKind::Invalid => "check the board's names and expressions for it".to_owned(),
        ErrorKind::NotFound => "check the name in the board, the region and the account".to_owned(),
    }
}
