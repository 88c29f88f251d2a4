//! Keys that say by their beginning what they are, wherever they stand.

use regex::Captures;

use super::secrets::{HIDDEN, Pattern, pattern, replace};

/// How they begin; this stays.
pub(super) const PREFIXES: &str =
    r"gh[pousr]_|github_pat_|glpat-|xox[abeoprs]-|xapp-|[sr]k_(?:live|test)_|whsec_|npm_|AIza";

static KEY: Pattern = Pattern::new(|| {
    pattern(
        r"(^|[^A-Za-z0-9_]|\\[nrtbf])(?:(gh[pousr]_|github_pat_|glpat-|whsec_)[A-Za-z0-9_+/-]{16,}=*|(xox[abeoprs]-|xapp-)[A-Za-z0-9-]{10,}|([sr]k_(?:live|test)_)[A-Za-z0-9]{10,}|(npm_|AIza)[A-Za-z0-9_-]{30,})",
    )
});

/// GitHub, GitLab, Slack, Stripe, npm and Google keys: their beginning stays.
pub(super) fn mask(text: &str) -> Option<String> {
    let hide = |found: &Captures<'_>| {
        let prefix = (2..=5).find_map(|group| found.get(group))?;
        Some(format!("{}{}{HIDDEN}", &found[1], prefix.as_str()))
    };
    replace(&KEY, text, hide)
}

#[cfg(test)]
mod tests {
    use crate::text::mask::Masks;

    #[test]
    fn keys_are_known_by_their_beginning() {
        let thirty = "Ab3dEf6hIj9lMn2pQr5tUv8xYz1bCd4fGh7j";
        let cases = [
            (format!("token ghp_{thirty} and on"), "token ghp_**** and on"),
            (format!("x=gho_{thirty};y"), "x=gho_****;y"),
            (format!("github_pat_11ABCDEFG0_{thirty}"), "github_pat_****"),
            ("\"xoxb-123456789012-abcdef\"".to_owned(), "\"xoxb-****\""),
            ("xoxp-1-2-3-abcdefgh".to_owned(), "xoxp-****"),
            (format!("sk_live_{thirty}, rk_live_{thirty}"), "sk_live_****, rk_live_****"),
            (format!("?k=AIza{thirty}&x"), "?k=AIza****&x"),
            (format!("line\\nghp_{thirty}"), "line\\nghp_****"),
            (format!("npm_{thirty} glpat-{thirty}"), "npm_**** glpat-****"),
        ];
        for (text, masked) in cases {
            assert_eq!(Masks::default().mask(&text), masked);
            assert_eq!(Masks::default().mask(masked), masked);
        }
        for text in ["npm_install_done", "AIzawa", "xoxo-hugs", "sk_live_", "ghp_short", "task_live_abcdefghijklmn"] {
            assert_eq!(Masks::default().mask(text), text);
        }
    }
}
