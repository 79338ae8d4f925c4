//! The widget's program: everything is in the library, so that tests on the host reach it.

fn main() {
    victim_voice::start();
}
