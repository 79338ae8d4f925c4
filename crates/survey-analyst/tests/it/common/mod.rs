//! A site, a key, people who answer, and a program to run.

pub(crate) mod collector;
pub(crate) mod desk;
pub(crate) mod people;
pub(crate) mod rng;

use std::{
    path::Path,
    process::{Command, Stdio},
};

/// What a run of the program left behind.
#[derive(Debug)]
pub(crate) struct Ran {
    pub(crate) code: i32,
    pub(crate) out: String,
    pub(crate) err: String,
}

impl Ran {
    #[track_caller]
    pub(crate) fn code(self, expected: i32) -> Self {
        assert_eq!(self.code, expected, "{self:#?}");
        self
    }

    #[track_caller]
    pub(crate) fn out_has(self, parts: &[&str]) -> Self {
        for part in parts {
            assert!(self.out.contains(part), "no {part:?} in what was printed: {self:#?}");
        }
        self
    }

    #[track_caller]
    pub(crate) fn err_has(self, parts: &[&str]) -> Self {
        for part in parts {
            assert!(self.err.contains(part), "no {part:?} in the messages: {self:#?}");
        }
        self
    }
}

/// Runs the binary in `folder`; `line` is split at spaces.
pub(crate) fn run(folder: &Path, line: &str) -> Ran {
    let output = Command::new(env!("CARGO_BIN_EXE_survey-analyst"))
        .args(line.split_whitespace())
        .current_dir(folder)
        .stdin(Stdio::null())
        .output()
        .unwrap();
    Ran {
        code: output.status.code().unwrap(),
        out: String::from_utf8(output.stdout).unwrap(),
        err: String::from_utf8(output.stderr).unwrap(),
    }
}

/// The permission bits of a file or folder.
#[cfg(unix)]
pub(crate) fn mode(path: &Path) -> u32 {
    use std::os::unix::fs::PermissionsExt as _;
    std::fs::metadata(path).unwrap().permissions().mode() & 0o777
}

/// A table that was written, read back by the csv crate: names of columns, then rows.
pub(crate) fn read_csv(path: &Path) -> (Vec<String>, Vec<Vec<String>>) {
    let bytes = std::fs::read(path).unwrap();
    let bytes = bytes.strip_prefix("\u{feff}".as_bytes()).unwrap_or(&bytes);
    let mut reader = csv::Reader::from_reader(bytes);
    let cells = |row: &csv::StringRecord| row.iter().map(str::to_owned).collect();
    let head = cells(reader.headers().unwrap());
    let rows = reader.records().map(|row| cells(&row.unwrap())).collect();
    (head, rows)
}
