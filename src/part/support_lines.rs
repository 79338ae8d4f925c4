//! Who helps.

use survey_core::SupportLine;

use crate::{
    node::{Node, el},
    state::Ui,
    text::Sentence,
};

/// The support lines of the survey; nothing where there is none.
pub(crate) fn support_lines(ui: Ui) -> Node {
    let definition = ui.definition();
    let lines: Vec<Node> = definition.support_lines().iter().map(|l| line(ui, l)).collect();
    if lines.is_empty() {
        return Node::Nothing;
    }
    el("section")
        .class("v-support")
        .with("aria-labelledby", "support")
        .child(
            el("h2")
                .class("v-subheading")
                .with("id", "support")
                .says(ui.sentence(Sentence::SupportHeading)),
        )
        .child(el("ul").class("v-support__list").child(lines))
        .into()
}

fn line(ui: Ui, line: &SupportLine) -> Node {
    let name = ui.say(line.name());
    // As text: a sandboxed frame may neither dial nor open a page, and a dead link is worse than
    // a number that can be read out and copied.
    let reach = |sentence, class, address: &str| {
        let mut what = ui.sentence(sentence);
        what.text.push(' '); // one text, as a document has it: two are set a hair apart
        el("p")
            .class("v-support__reach")
            .child(what)
            .child(el("bdi").class(class).with("dir", "ltr").with("translate", "no").text(address))
    };
    let phone = line.phone().map(|number| reach(Sentence::SupportPhone, "v-number", number));
    let web = line.url().map(|url| {
        let address = url.strip_prefix("https://").unwrap_or(url);
        reach(Sentence::SupportWeb, "v-address", address)
    });
    let more = [line.hours(), line.note()]
        .into_iter()
        .flatten()
        .map(|text| el("p").class("v-support__more").says(ui.say(text)).into());
    let more: Vec<Node> = more.collect();
    el("li")
        .class("v-support__line")
        .child(el("p").class("v-support__name").says(name))
        .child(phone)
        .child(web)
        .child(more)
        .into()
}
