//! Which program counts as the right one.

use super::*;

#[test]
fn versions_are_read_from_what_the_tools_say() {
    for (said, expected) in [
        ("trunk 0.21.14\n", Some("0.21.14")),
        ("wasm-bindgen 0.2.130 (a1b2c3d4e 2026-01-01)", Some("0.2.130")),
        ("wasm-opt version 132 (version_132)\n", Some("132")),
        ("geckodriver 0.37.0 (a1b2c3d 2026-05-05 10:00 +0000)\n\nThe source code…", Some("0.37.0")),
        ("command not found", None),
    ] {
        assert_eq!(version_in(said), expected, "row `{said}`");
    }
}

#[test]
fn binaryen_is_the_version_that_trunk_asks_for() {
    let tool = Tool::binaryen();
    let path = workspace::root().join("Trunk.toml");
    let trunk = fs::read_to_string(path).expect("Trunk.toml is there");
    assert!(trunk.contains(&format!("wasm_opt = \"version_{}\"", tool.says)));
}

#[test]
fn the_lock_file_is_searched_for_the_whole_name() {
    let lock = "[[package]]\nname = \"wasm-bindgen-futures\"\nversion = \"0.4.9\"\n\n\
                [[package]]\nname = \"wasm-bindgen\"\nversion = \"0.2.130\"\n";
    assert_eq!(locked_version(lock, "wasm-bindgen"), Some("0.2.130"));
    assert_eq!(locked_version(lock, "wasm"), None);
}

#[test]
fn tools_are_installed_with_what_their_authors_locked() -> Result<()> {
    for tool in [Tool::trunk(), Tool::bindgen()?] {
        let arguments = |locked| -> Result<Vec<_>> {
            let command = tool.installer(Path::new("into"), Path::new("objects"), locked)?;
            Ok(command.get_args().map(ToOwned::to_owned).collect())
        };
        let (locked, newest) = (arguments(true)?, arguments(false)?);
        assert_eq!(locked, [&*newest, &["--locked".into()]].concat(), "{}", tool.package);
        let version = OsString::from(format!("={}", tool.version));
        assert!(newest.contains(&version), "{newest:?}");
    }
    Ok(())
}

#[cfg(unix)]
#[test]
fn a_half_installed_or_foreign_tool_is_not_taken_for_the_right_one() -> Result<()> {
    use std::os::unix::fs::PermissionsExt as _;
    let folder = tempfile::tempdir()?;
    let tool = Tool::trunk();
    let program = folder.path().join("trunk");
    assert!(!tool.is_in(folder.path()), "nothing there");
    for (version, mode, expected) in
        [("0.21.14", 0o644, false), ("0.21.13", 0o755, false), ("0.21.14", 0o755, true)]
    {
        fs::write(&program, format!("#!/bin/sh\necho trunk {version}\n"))?;
        fs::set_permissions(&program, fs::Permissions::from_mode(mode))?;
        assert_eq!(tool.is_in(folder.path()), expected, "{version} {mode:o}");
    }
    Ok(())
}
