//! Another language opens our envelopes and we open its: the script of `tests/interop`.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context as _, Result, bail};

use super::count::Tally;
use crate::process;
use crate::workspace;

/// Runs the script with a Python that has what it needs.
///
/// # Errors
///
/// When Python cannot be set up.
pub(super) fn run() -> Result<Tally> {
    let folder = workspace::root().join("tests").join("interop");
    let python = python(&folder)?;
    Ok(super::tests(Command::new(python).arg(folder.join("check.py"))))
}

/// The Python of a virtual environment that holds exactly the requirements. It is made anew when
/// they change, and nothing of the system's Python is touched.
fn python(folder: &Path) -> Result<PathBuf> {
    let requirements = folder.join("requirements.txt");
    let wanted = std::fs::read_to_string(&requirements)
        .with_context(|| format!("cannot read {}", requirements.display()))?;
    let home = workspace::target()?.join("python");
    let python = if cfg!(windows) {
        home.join("Scripts").join("python.exe")
    } else {
        home.join("bin").join("python")
    };
    let stamp = home.join("requirements.txt");
    if std::fs::read_to_string(&stamp).is_ok_and(|installed| installed == wanted) {
        return Ok(python);
    }
    let Some(system) = ["python3", "python"].into_iter().find_map(workspace::on_path) else {
        bail!("there is no Python: install Python 3.10 or newer (Debian: python3 python3-venv)");
    };
    workspace::remove_folder(&home)?;
    process::run(Command::new(system).args(["-m", "venv"]).arg(&home))
        .context("cannot make a virtual environment (Debian: apt-get install python3-venv)")?;
    let mut pip = Command::new(&python);
    pip.args(["-m", "pip", "install", "--quiet", "--disable-pip-version-check"]);
    process::run(pip.arg("--requirement").arg(&requirements))?;
    // Last, so that an interrupted installation is done again.
    std::fs::write(&stamp, wanted).with_context(|| format!("cannot write {}", stamp.display()))?;
    Ok(python)
}
