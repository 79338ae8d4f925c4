//! A person, a partner's page, and the analyst: from one end to the other, in a real browser.

mod answering;
