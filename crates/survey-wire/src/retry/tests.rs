use proptest::prelude::*;

use super::*;

#[test]
fn ceilings_double_up_to_the_cap() {
    let mut backoff = Backoff::new();
    let waits = std::iter::from_fn(|| backoff.after_failure(Duration::ZERO, u32::MAX, None));
    let seconds: Vec<_> = waits.map(|wait| wait.as_secs_f64().ceil()).collect();
    assert_eq!(seconds, [1.0, 2.0, 4.0, 8.0, 16.0, 32.0, 60.0]);
}

#[test]
fn after_the_last_try_there_is_none() {
    let mut backoff = Backoff::new();
    let waits = (0..100).filter_map(|_| backoff.after_failure(Duration::ZERO, 0, None)).count();
    assert_eq!(waits + 1, Backoff::TRIES as usize);
}

#[test]
fn a_wait_past_the_limit_is_not_begun() {
    let ask = |elapsed, retry_after| {
        Backoff::new().after_failure(elapsed, 0, Some(retry_after)).is_some()
    };
    assert!(ask(Duration::ZERO, Duration::from_secs(300)));
    assert!(!ask(Duration::ZERO, Duration::from_secs(301)));
    assert!(!ask(Duration::from_secs(1), Duration::from_secs(300)));
    assert!(!ask(Duration::MAX, Duration::MAX));
}

#[test]
fn retry_after_is_read_in_seconds() {
    assert_eq!(retry_after("0"), Some(Duration::ZERO));
    assert_eq!(retry_after(" 120 "), Some(Duration::from_secs(120)));
    assert_eq!(retry_after("99999999999999999999999"), Some(Duration::from_secs(u64::MAX)));
    for other in ["", "-1", "+1", "1.5", "soon", "Fri, 31 Dec 1999 23:59:59 GMT"] {
        assert_eq!(retry_after(other), None, "`{other}`");
    }
}

proptest! {
    #[test]
    fn waits_keep_to_the_rules(
        steps in prop::collection::vec((any::<u32>(), prop::option::of(0_u64..400), 0_u64..40), 0..20)
    ) {
        let mut backoff = Backoff::new();
        let mut elapsed = Duration::ZERO;
        let mut tries = 1;
        for (random, asked, request) in steps {
            elapsed += Duration::from_secs(request);
            let asked = asked.map(Duration::from_secs);
            let Some(wait) = backoff.after_failure(elapsed, random, asked) else { break };
            prop_assert!(wait >= asked.unwrap_or_default());
            prop_assert!(wait < asked.unwrap_or_default() + Backoff::CAP);
            elapsed += wait;
            tries += 1;
            prop_assert!(elapsed <= Backoff::LIMIT);
        }
        prop_assert!(tries <= Backoff::TRIES);
    }

    #[test]
    fn jitter_spreads_over_the_whole_ceiling(random in any::<u32>()) {
        let wait = Backoff::new().after_failure(Duration::ZERO, random, None).unwrap();
        let share = wait.as_secs_f64() / Backoff::BASE.as_secs_f64();
        prop_assert!((share - f64::from(random) / 4_294_967_296.0).abs() < 1e-6);
    }
}
