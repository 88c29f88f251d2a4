use super::*;
use crate::panes::incident;
use crate::panes::testing::SIZES;
use crate::widgets::screen::print;

#[test]
fn five_cards_stand_in_a_row_and_say_what_is_wrong() {
    let world = incident::live();
    let drawn = world.draw(&mut Cards::new(), 120, 4);
    print(&drawn);
    for word in ["Total requests", "Success rate", "Average time", "Failure rate", "Active tokens"] {
        assert!(drawn[0].contains(word), "{word}");
    }
    for word in ["85.4 %", "▼ 12.8 pt", "4.12 s", "14.6 %", "▲ 12.8 pt"] {
        assert!(drawn[1].contains(word), "{word}: {}", drawn[1]);
    }
    for word in ["crit < 95 %", "crit > 3 s", "crit > 5 %"] {
        assert!(drawn[3].contains(word), "{word}: {}", drawn[3]);
    }
}

#[test]
fn eighty_columns_keep_value_change_and_spark() {
    let world = incident::live();
    let drawn = world.draw(&mut Cards::new(), 80, 4);
    print(&drawn);
    for word in ["85.4 %", "▼12.8pt", "4.12 s", "14.6 %"] {
        assert!(drawn[1].contains(word), "{word}: {}", drawn[1]);
    }
    assert!(drawn[2].contains('█'));
}

#[test]
fn fewer_cards_follow_the_selection() {
    let world = incident::live();
    let mut cards = Cards::new();
    let drawn = world.draw(&mut cards, 40, 4);
    print(&drawn);
    assert!(drawn[0].contains("Total requests") && drawn[3].contains("3 more"));
    for _ in 0..9 {
        assert_eq!(cards.on(Action::Right, &world.cx()), Reaction::Handled);
    }
    assert!(world.draw(&mut cards, 40, 4)[0].contains("Active tokens"));
    assert_eq!(cards.on(Action::Open, &world.cx()), Reaction::Open(Target::Card("active_tokens".into())));
    assert_eq!(cards.on(Action::Left, &world.cx()), Reaction::Handled);
    assert!(cards.copied(&world.cx()).expect("a card").starts_with("Failure rate 14.6 % ▲ 12.8 pt (crit > 5 %)"));
    assert_eq!(cards.on(Action::Down, &world.cx()), Reaction::Ignored);
}

#[test]
fn every_metric_is_wanted_once_with_the_window_before() {
    let world = incident::waiting();
    let wanted = Cards::new().wants(&world.cx());
    assert_eq!(wanted.len(), 6);
    assert!(wanted.iter().all(|want| matches!(want, Subscription::Metric { compare: Some(Shift::Window), .. })));
}

#[test]
fn every_size_and_health_draws() {
    for world in incident::all() {
        for (width, height) in SIZES {
            let drawn = world.draw(&mut Cards::new(), width, height);
            assert_eq!(drawn.len(), usize::from(height));
        }
        print(&world.draw(&mut Cards::new(), 120, 5));
    }
    let stale = incident::stale().draw(&mut Cards::new(), 120, 4);
    assert!(stale[1].contains("85.4 %") && stale[3].contains("stale 40s"), "{stale:?}");
    let failed = incident::failed().draw(&mut Cards::new(), 120, 4);
    assert!(failed[1].contains("│ –") && failed[2].contains("denied"), "{failed:?}");
    assert!(incident::waiting().draw(&mut Cards::new(), 120, 4)[1].contains("waiting…"));
    let mut none = incident::waiting();
    none.board.cards.clear();
    assert_eq!(Cards::new().on(Action::Right, &none.cx()), Reaction::Ignored);
    none.draw(&mut Cards::new(), 40, 4);
}
