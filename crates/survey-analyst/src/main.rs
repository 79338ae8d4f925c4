//! The analyst's command line. Everything is in the library, so that tests reach it.

use std::{env, io, process::ExitCode};

fn main() -> ExitCode {
    let code =
        survey_analyst::run(env::args_os(), &mut io::stdout().lock(), &mut io::stderr().lock());
    ExitCode::from(code)
}
