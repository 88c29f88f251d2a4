//! What the colours of the themes must hold: they can be read, told apart, and shown by the terminals they are for.

use barograph::config::{Chosen, Depth, Environment, Place, load_theme};
use barograph::widgets::theme::{Role, Theme};
use ratatui::style::{Color, Modifier};

fn theme(name: &str) -> Theme {
    let chosen = Chosen { name: name.to_owned(), place: Place::whole("test") };
    let (theme, problems) = load_theme(&chosen, &Environment::default().without_terminal());
    assert_eq!(problems, [], "{name}");
    theme
}

#[test]
fn themes_keep_to_their_colours() {
    let (mono, ansi) = (theme("mono"), theme("ansi16"));
    for role in Role::ALL {
        let style = mono.style(*role);
        assert_eq!((style.fg, style.bg), (None, None), "mono {}", role.name());
        let style = ansi.style(*role);
        for color in [style.fg, style.bg].into_iter().flatten() {
            assert!(!matches!(color, Color::Rgb(..) | Color::Indexed(_)), "ansi16 {}", role.name());
            assert_eq!(Depth::Ansi16.nearest(color), color, "ansi16 {}", role.name());
        }
    }
    for name in ["dark", "light", "colour-blind", "ansi16", "mono"] {
        let theme = theme(name);
        assert!(matches!(theme.style(Role::Text).bg, None | Some(Color::Reset)), "{name} paints the ground");
        let firing = theme.style(Role::AlarmFiring);
        assert!(firing.add_modifier.contains(Modifier::BOLD), "{name}");
    }
}

type Linear = [f64; 3];

/// Linear light of an sRGB colour.
fn linear(color: Color) -> Linear {
    let Color::Rgb(r, g, b) = color else { panic!("{color:?} is not RGB") };
    [r, g, b].map(|part| {
        let part = f64::from(part) / 255.0;
        if part <= 0.040_45 { part / 12.92 } else { ((part + 0.055) / 1.055).powf(2.4) }
    })
}

fn times(matrix: &[Linear; 3], color: Linear) -> Linear {
    matrix.map(|row| row.iter().zip(color).map(|(factor, part)| factor * part).sum())
}

/// The contrast of WCAG 2.1.
fn contrast(a: Color, b: Color) -> f64 {
    let luminance = |color| {
        let [r, g, b] = linear(color);
        0.2126 * r + 0.7152 * g + 0.0722 * b + 0.05
    };
    let (a, b) = (luminance(a), luminance(b));
    a.max(b) / a.min(b)
}

#[test]
fn text_can_be_read_on_its_ground() {
    // Frames and axes are meant to stay behind.
    let quiet = [Role::Border, Role::Axis];
    let grounds = [
        ("dark", Color::Rgb(16, 18, 24)),
        ("light", Color::Rgb(255, 255, 255)),
        ("colour-blind", Color::Rgb(16, 18, 24)),
    ];
    for (name, ground) in grounds {
        let theme = theme(name);
        for role in Role::ALL.iter().filter(|role| !quiet.contains(role)) {
            let style = theme.style(*role);
            let (fg, bg) = (style.fg.unwrap_or(Color::Reset), style.bg.unwrap_or(ground));
            assert!(contrast(fg, bg) >= 4.5, "{name} {}: {:.2}", role.name(), contrast(fg, bg));
        }
    }
}

/// How dichromats see linear light, by G. M. Machado, M. M. Oliveira, L. A. F. Fernandes, "A Physiologically-based Model
/// for Simulation of Color Vision Deficiency" (2009), severity 1.
const SIGHTS: [(&str, [Linear; 3]); 3] = [
    (
        "protanopia",
        [[0.152_286, 1.052_583, -0.204_868], [0.114_503, 0.786_281, 0.099_216], [-0.003_882, -0.048_116, 1.051_998]],
    ),
    (
        "deuteranopia",
        [[0.367_322, 0.860_646, -0.227_968], [0.280_085, 0.672_501, 0.047_413], [-0.011_820, 0.042_940, 0.968_881]],
    ),
    (
        "tritanopia",
        [[1.255_528, -0.076_749, -0.178_779], [-0.078_411, 0.930_809, 0.147_602], [0.004_733, 0.691_367, 0.303_900]],
    ),
];

/// CIE L*a*b* of linear sRGB light under D65.
fn lab(color: Linear) -> Linear {
    let xyz = times(
        &[[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]],
        color.map(|part| part.clamp(0.0, 1.0)),
    );
    let f = |t: f64| if t > 0.008_856 { t.cbrt() } else { 7.787 * t + 16.0 / 116.0 };
    let [x, y, z] = [f(xyz[0] / 0.9505), f(xyz[1]), f(xyz[2] / 1.089)];
    [116.0 * y - 16.0, 500.0 * (x - y), 200.0 * (y - z)]
}

#[test]
fn the_colour_blind_tell_things_apart() {
    let theme = theme("colour-blind");
    let groups: [&[Role]; 2] = [
        &[Role::Good, Role::Warning, Role::Critical, Role::Pending],
        &[Role::Series1, Role::Series2, Role::Series3, Role::Series4, Role::Series5, Role::Series6],
    ];
    for (sight, matrix) in &SIGHTS {
        let seen = |role: Role| lab(times(matrix, linear(theme.style(role).fg.unwrap_or(Color::Reset))));
        for group in groups {
            for (i, a) in group.iter().enumerate() {
                for b in &group[i + 1..] {
                    let far = seen(*a).iter().zip(seen(*b)).map(|(x, y)| (x - y).powi(2)).sum::<f64>().sqrt();
                    assert!(far >= 15.0, "{sight}: {} and {} are {far:.1} apart", a.name(), b.name());
                }
            }
        }
    }
}
