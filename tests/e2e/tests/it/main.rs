//! A person, a partner's page, and the analyst: from one end to the other, in a real browser.

mod accessibility;
mod answering;
mod axe;
mod conformance;
mod engines;
mod examples;
mod falling_back;
mod hostile;
mod keyboard;
mod languages;
mod leaving;
mod links;
mod looks;
mod narrow;
mod own_page;
mod requests;
mod sending;
mod take_over;
mod themes;
mod traces;
mod way_out;
mod ways;
