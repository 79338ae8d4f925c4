//! Steering, without a browser.

use std::task::Context;

use super::*;

#[test]
fn a_hurry_or_a_stop_ends_the_wait_for_it() {
    for (name, act, expected) in [
        ("hurry", Steering::hurry as fn(&Steering), true),
        ("stop", Steering::stop, false),
        ("both", |steering| (steering.hurry(), steering.stop()).0, false),
    ] {
        let steering = Steering::default();
        // Wanted before anybody waited: it was another wait that was meant.
        steering.hurry();
        let mut context = Context::from_waker(Waker::noop());
        let mut hurried = pin!(steering.hurried());
        assert_eq!(hurried.as_mut().poll(&mut context), Poll::Pending, "row `{name}`");
        act(&steering);
        assert_eq!(hurried.as_mut().poll(&mut context), Poll::Ready(expected), "row `{name}`");
    }
}

#[test]
fn who_stopped_waits_no_more() {
    let steering = Steering::default();
    steering.stop();
    let mut context = Context::from_waker(Waker::noop());
    assert_eq!(pin!(steering.hurried()).poll(&mut context), Poll::Ready(false));
}
