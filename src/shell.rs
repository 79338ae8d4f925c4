//! What `start.js` does for the widget: it runs before the program is there, so it talks to the
//! page around, keeps what was pressed and leaves; the program asks it for the rest of that.

use wasm_bindgen::prelude::*;

#[wasm_bindgen(js_namespace = views)]
extern "C" {
    /// The text of the document's data block.
    pub(crate) fn definition() -> String;
    /// Names and values that the page around said of itself, one after the other, each ended by
    /// U+0000; not yet checked against the definition.
    pub(crate) fn context() -> String;
    /// The program runs: hands over what was entered and pressed before.
    pub(crate) fn live();
    /// Nothing of the program runs any more, or it never did: says so and whom to call.
    pub(crate) fn failed();
    /// Tells the page around that the response was sent.
    pub(crate) fn finished();
    /// Moves the focus to the element with this id, leaving no trace in the address.
    pub(crate) fn focus(id: &str);
    /// The address of the survey's document, which always shows the newest definition.
    pub(crate) fn entry() -> String;
}
