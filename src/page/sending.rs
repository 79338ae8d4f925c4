//! Sending: a plain line that says how it stands.

use super::buttons;
use crate::{
    deliver::{Refusal, Sending},
    node::{Node, el, live},
    part::{bare_heading, button, support_lines},
    state::Ui,
    text::Sentence,
};

/// `sealed`: whether the response could be sealed.
pub(super) fn sending(ui: Ui, sealed: bool) -> Node {
    let failed = move || {
        let (sending, _) = ui.sending();
        !sealed || matches!(sending, Sending::GaveUp | Sending::Refused(_))
    };
    let title = move || {
        let heading = if failed() { Sentence::NotSentHeading } else { Sentence::SendingHeading };
        ui.sentence(heading).into()
    };
    let line = move || {
        let sentence = if sealed { how_it_stands(ui.sending().0) } else { Sentence::CannotLock };
        ui.sentence(sentence).into()
    };
    // From the first failure on, also while the next try is under way: a button that goes away
    // takes the focus of whoever pressed it with it.
    let cannot_try = move || {
        let (sending, failed_once) = ui.sending();
        let can_try = sealed && failed_once && !matches!(sending, Sending::Refused(_));
        (!can_try).then(String::new)
    };
    let try_now = ui.sentence(Sentence::TryNow);
    Node::Several(vec![
        bare_heading(ui).child(live(title)).into(),
        el("p").class("v-paragraph").with("role", "status").child(live(line)).into(),
        buttons(vec![
            button("v-button", try_now, move || ui.steering().hurry())
                .live("hidden", cannot_try)
                .into(),
        ]),
        live(move || if failed() { support_lines(ui) } else { Node::Nothing }),
    ])
}

fn how_it_stands(sending: Sending) -> Sentence {
    match sending {
        Sending::Trying | Sending::Sent => Sentence::Sending,
        Sending::Waiting => Sentence::NotSentYet,
        Sending::GaveUp => Sentence::NotSent,
        Sending::Refused(Refusal::Closed) => Sentence::Closed,
        Sending::Refused(_) => Sentence::Refused,
    }
}
