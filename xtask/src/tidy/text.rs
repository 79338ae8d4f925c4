//! What a file of ours may hold.

use crate::publish::telling_word;

/// Longer files say in their header why.
const MAX_LINES: usize = 400;

/// Is this a file whose content the rules look at?
pub(super) fn is_source(file: &str) -> bool {
    [".rs", ".css", ".js", ".mjs", ".html"].iter().any(|extension| file.ends_with(extension))
}

/// Every rule about the content of a file. `file` is relative to the workspace.
pub(super) fn check(file: &str, content: &str) -> Vec<String> {
    [length, physical_properties, unwraps, storage]
        .iter()
        .flat_map(|rule| rule(file, content))
        .collect()
}

/// What ships to a respondent's device bears a name that tells a bystander nothing.
pub(super) fn check_name(file: &str) -> Option<String> {
    let ships = file == "src/start.js"
        || ["style/", "embed/", "locales/"].iter().any(|folder| file.starts_with(folder));
    let word = telling_word(file).filter(|_| ships)?;
    Some(format!("{file}: ships to respondents' devices; find a name without `{word}`"))
}

/// A file that is too long to keep in mind, without a reason.
fn length(file: &str, content: &str) -> Vec<String> {
    let lines = content.lines().count();
    let in_header = |line: &str| {
        let comment =
            ["//!", "//", "/*", "*"].iter().any(|mark| line.trim_start().starts_with(mark));
        comment && line.contains("long because")
    };
    if file.ends_with(".html") || lines <= MAX_LINES || content.lines().take(40).any(in_header) {
        return Vec::new();
    }
    vec![format!(
        "{file}: {lines} lines; split it (at most {MAX_LINES}), or say in its header why it is \
         \"long because\" of something"
    )]
}

/// Languages are written in more than one direction, so style sheets name sides by the flow of
/// the text.
fn physical_properties(file: &str, content: &str) -> Vec<String> {
    if !file.ends_with(".css") || file.starts_with("examples/") {
        return Vec::new();
    }
    let mut findings = Vec::new();
    for (line, property, value) in declarations(content) {
        let is_side = |part: &str| ["left", "right", "top", "bottom"].contains(&part);
        let is_size = |part: &str| ["width", "height"].contains(&part);
        let size = property
            .strip_prefix("min-")
            .or_else(|| property.strip_prefix("max-"))
            .unwrap_or(&property);
        let by_value = ["text-align", "float", "clear"].contains(&property.as_str())
            && ["left", "right"].contains(&value.as_str());
        if property.split('-').any(is_side) || is_size(size) || by_value {
            findings.push(format!(
                "{file}:{line}: `{property}: {value}` names a side of the screen; use the logical \
                 form (margin-inline-start, inset-block-end, inline-size, text-align: start, …)"
            ));
        }
    }
    findings
}

/// Every declaration of a style sheet: its line, its property and its value, in lower case.
fn declarations(css: &str) -> Vec<(usize, String, String)> {
    let css = without_comments(css);
    let mut found = Vec::new();
    let mut line = 1;
    let mut rest = css.as_str();
    while let Some(end) = rest.find(['{', '}', ';']) {
        let (part, after) = rest.split_at(end);
        let text = part.trim_start();
        let start = line + lines_in(part) - lines_in(text);
        // Before a brace stands a selector or a condition.
        if !after.starts_with('{')
            && let Some((property, value)) = text.split_once(':')
        {
            let property = property.trim().to_ascii_lowercase();
            if !property.starts_with("--") && !property.starts_with('@') {
                found.push((start, property, value.trim().to_ascii_lowercase()));
            }
        }
        line += lines_in(part);
        rest = after.get(1..).unwrap_or_default();
    }
    found
}

fn lines_in(text: &str) -> usize {
    text.matches('\n').count()
}

/// The style sheet with its comments blanked out; every line keeps its number.
fn without_comments(css: &str) -> String {
    let mut parts = css.split("/*");
    let mut plain = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let (comment, rest) = part.split_once("*/").unwrap_or((part, ""));
        plain.push_str(&"\n".repeat(lines_in(comment)));
        plain.push_str(rest);
    }
    plain
}

/// A panic in the widget leaves a person with a dead page.
fn unwraps(file: &str, content: &str) -> Vec<String> {
    if !file.starts_with("src/") || !file.ends_with(".rs") || is_test(file) {
        return Vec::new();
    }
    code_lines(content)
        .take_while(|(_, line)| !line.contains("#[cfg(test)]"))
        .filter(|(_, line)| line.contains(".unwrap()"))
        .map(|(number, _)| {
            format!("{file}:{number}: no `unwrap` in the widget; say what happens instead")
        })
        .collect()
}

/// Nothing stays on the device, so nothing of the widget names what could.
fn storage(file: &str, content: &str) -> Vec<String> {
    const NAMES: [&str; 8] = [
        "localStorage",
        "sessionStorage",
        "indexedDB",
        "document.cookie",
        "cookieStore",
        "local_storage()",
        "session_storage()",
        "indexed_db()",
    ];
    let in_widget =
        file == "index.html" || ["src/", "embed/"].iter().any(|folder| file.starts_with(folder));
    if !in_widget || is_test(file) {
        return Vec::new();
    }
    code_lines(content)
        .flat_map(|(number, line)| {
            NAMES.iter().filter(move |name| line.contains(**name)).map(move |name| {
                format!("{file}:{number}: `{name}` leaves a trace on the device; keep it in memory")
            })
        })
        .collect()
}

/// Tests stand in files of their own.
fn is_test(file: &str) -> bool {
    file.ends_with("/tests.rs")
        || file.ends_with(".test.js")
        || file.ends_with(".test.mjs")
        || file.contains("/tests/")
        || file.contains("/test/")
}

/// Lines with their numbers, without those that only comment.
fn code_lines(content: &str) -> impl Iterator<Item = (usize, &str)> {
    (1..).zip(content.lines()).filter(|(_, line)| {
        let line = line.trim_start();
        !["//", "/*", "* ", "<!--"].iter().any(|mark| line.starts_with(mark))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn found(file: &str, content: &str, count: usize) {
        let findings = check(file, content);
        assert_eq!(findings.len(), count, "{file}: {content}\n{findings:#?}");
    }

    #[test]
    fn a_long_file_gives_a_reason() {
        let lines = "x\n".repeat(401);
        found("crates/a/src/lib.rs", &lines, 1);
        found("crates/a/src/lib.rs", &"x\n".repeat(400), 0);
        found("a.rs", &format!("//! A table, long because the standard is.\n{lines}"), 0);
        found("a.css", &format!("/* long because it resets everything */\n{lines}"), 0);
        found("a.rs", &format!("let s = \"long because\";\n{lines}"), 1);
        for file in ["embed/embed.test.mjs", "src/start.js", "style/views.css", "a.rs"] {
            assert!(is_source(file), "{file}");
            found(file, &lines, 1);
        }
        assert!(!is_source("docs/collector.md"));
    }

    #[test]
    fn sides_of_the_screen_are_found() {
        for declaration in [
            "margin-left: 1rem",
            "PADDING-RIGHT : 0",
            "left: 0",
            "border-top: 0",
            "border-top-left-radius: 1px",
            "scroll-margin-bottom: 1px",
            "width: 100%",
            "max-height: 3rem",
            "text-align: right",
            "float: left",
        ] {
            found("style/a.css", &format!("p {{ {declaration}; }}"), 1);
            found("style/a.css", &format!("p{{{declaration}}}"), 1);
        }
    }

    #[test]
    fn logical_sheets_are_left_alone() {
        let css = "/* margin-left: 0; */
            @layer reset, base;
            @media (min-width: 40rem) { a:hover, .left { margin-inline-start: 1px } }
            p { --left: 0; inline-size: 3rem; border-block-start: 1px; text-align: start;
                border-width: 1px; line-height: 2; stroke-width: 1px; inset: 0 }";
        found("style/a.css", css, 0);
        found("examples/partner.css", "p { width: 1px }", 0);
    }

    #[test]
    fn a_finding_names_its_line() {
        let css = "/* two\nlines */\np {\n  color: red;\n\n  left: 0;\n}\n";
        assert!(check("style/a.css", css).iter().all(|it| it.starts_with("style/a.css:6:")));
        found("style/a.css", css, 1);
    }

    #[test]
    fn unwrap_is_found_in_the_widget_only_and_not_in_tests() {
        let code = "fn f() { g().unwrap(); }\n";
        found("src/lib.rs", code, 1);
        found("src/page/tests.rs", code, 0);
        found("crates/survey-core/src/lib.rs", code, 0);
        found("src/lib.rs", &format!("#[cfg(test)]\nmod tests {{\n{code}}}\n"), 0);
        found("src/lib.rs", "/// Never `.unwrap()`.\nfn f() {}\n", 0);
    }

    #[test]
    fn names_of_what_stores_are_found() {
        for name in ["localStorage", "sessionStorage", "indexedDB", "document.cookie"] {
            found("embed/embed.js", &format!("window.{name}\n"), 1);
            found("src/browser.rs", &format!("get(\"{name}\")\n"), 1);
            found("src/start.js", &format!("window.{name}\n"), 1);
            found("embed/embed.js", &format!("// No {name} here.\n"), 0);
            found("embed/embed.test.js", &format!("assert(!source.includes(\"{name}\"))\n"), 0);
            found("xtask/src/main.rs", &format!("\"{name}\"\n"), 0);
        }
    }

    #[test]
    fn what_ships_bears_a_neutral_name() {
        assert!(check_name("embed/victim.js").is_some());
        assert!(check_name("style/Crime.css").is_some());
        assert!(check_name("src/start.js").is_none() && check_name("src/crime.js").is_none());
        assert!(check_name("style/views.css").is_none());
        assert!(check_name("surveys/victim-voice.json").is_none());
    }
}
