//! Takes out of a file what no browser reads: comments, and white space between words.
//!
//! Nothing is renamed and no line of script is joined to another one, so what is shipped can still
//! be read, and compression makes most of what a minifier does beyond this pointless.

use anyhow::{Result, bail};

/// A script without its comments (but those that start with `/*!`, which hold its licence), without
/// indentation and empty lines.
///
/// It knows strings, templates and regular expressions from comments. Whether a slash starts a
/// regular expression it tells by what stands before it; after `)` and `}` it takes it as a
/// division, so put such an expression into a variable.
///
/// # Errors
///
/// When something that was begun does not end.
pub(super) fn script(source: &str) -> Result<String> {
    let mut out = String::with_capacity(source.len());
    let mut rest = source;
    while !rest.is_empty() {
        let (kind, length) = token(rest, &out)?;
        let (text, after) = rest.split_at(length);
        rest = after;
        match kind {
            Token::Comment if text.starts_with("/*!") => out.push_str(text),
            // A comment over several lines ends a statement as a line's end does.
            Token::Comment => white(&mut out, if text.contains('\n') { '\n' } else { ' ' }),
            Token::White(space) => white(&mut out, space),
            Token::Other => out.push_str(text),
        }
    }
    Ok(out.trim_end().to_owned() + "\n")
}

/// Adds white space where none stands yet; the end of a line beats a space.
fn white(out: &mut String, space: char) {
    if space == '\n' {
        out.truncate(out.trim_end_matches(' ').len());
    }
    if !out.is_empty() && !out.ends_with([' ', '\n']) {
        out.push(space);
    }
}

enum Token {
    Comment,
    White(char),
    Other,
}

/// What `rest` starts with, and how long that is. `before` is the script up to there.
fn token(rest: &str, before: &str) -> Result<(Token, usize)> {
    let first = rest.chars().next().unwrap_or(' ');
    let whole = |end: Option<usize>, what: &str| match end {
        Some(end) => Ok(end),
        None => bail!("{what} does not end: {}", rest.lines().next().unwrap_or_default()),
    };
    Ok(match first {
        '\n' => (Token::White('\n'), 1),
        _ if first.is_whitespace() => (Token::White(' '), first.len_utf8()),
        '/' if rest.starts_with("//") => (Token::Comment, rest.find('\n').unwrap_or(rest.len())),
        '/' if rest.starts_with("/*") => {
            let end = rest.get(2..).and_then(|inside| inside.find("*/")).map(|end| end + 4);
            (Token::Comment, whole(end, "a comment")?)
        }
        '"' | '\'' => (Token::Other, whole(string_end(rest, first), "a string")?),
        '`' => (Token::Other, whole(template_end(rest)?, "a template")?),
        '/' if starts_expression(before) => {
            (Token::Other, whole(regex_end(rest), "a regular expression")?)
        }
        _ => (Token::Other, first.len_utf8()),
    })
}

/// Where a string ends that starts with this quote.
fn string_end(rest: &str, quote: char) -> Option<usize> {
    let mut escaped = false;
    for (at, c) in rest.char_indices().skip(1) {
        match c {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            '\n' => return None,
            _ if c == quote => return Some(at + c.len_utf8()),
            _ => {}
        }
    }
    None
}

/// Where a template ends; what it holds in `${…}` is script again.
fn template_end(rest: &str) -> Result<Option<usize>> {
    let mut at = 1;
    while let Some(part) = rest.get(at..) {
        if part.starts_with('`') {
            return Ok(Some(at + 1));
        } else if part.starts_with("${") {
            at += 2;
            let mut depth = 1;
            while depth > 0 {
                let Some(inside) = rest.get(at..).filter(|inside| !inside.is_empty()) else {
                    return Ok(None);
                };
                depth += i32::from(inside.starts_with('{'));
                depth -= i32::from(inside.starts_with('}'));
                at += token(inside, rest.get(..at).unwrap_or_default())?.1;
            }
        } else {
            let escape = part.strip_prefix('\\');
            at += usize::from(escape.is_some());
            match escape.unwrap_or(part).chars().next() {
                Some(c) => at += c.len_utf8(),
                None => return Ok(None),
            }
        }
    }
    Ok(None)
}

/// Where a regular expression ends. In a class, a slash is a slash.
fn regex_end(rest: &str) -> Option<usize> {
    let (mut escaped, mut class) = (false, false);
    for (at, c) in rest.char_indices().skip(1) {
        match c {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            '[' => class = true,
            ']' => class = false,
            '/' if !class => return Some(at + 1),
            '\n' => return None,
            _ => {}
        }
    }
    None
}

/// Does an expression start after this, and not an operator?
fn starts_expression(before: &str) -> bool {
    let before = before.trim_end();
    let word = before.rsplit(|c: char| !c.is_alphanumeric() && c != '_' && c != '$').next();
    let keyword =
        ["return", "typeof", "case", "of", "in", "delete", "void", "throw", "new", "else"];
    match before.chars().next_back() {
        None => true,
        Some(c) if "(,=:[!&|?{;+-*%<>~^".contains(c) => true,
        Some(_) => word.is_some_and(|word| keyword.contains(&word)),
    }
}

/// A style sheet without comments and without white space that separates nothing.
///
/// # Errors
///
/// When a comment or a string does not end.
pub(super) fn style(source: &str) -> Result<String> {
    let mut out = String::with_capacity(source.len());
    let mut space = false;
    let mut rest = source;
    while let Some(first) = rest.chars().next() {
        let length = if rest.starts_with("/*") {
            match rest.get(2..).and_then(|inside| inside.find("*/")) {
                Some(end) => end + 4,
                None => bail!("a comment of the style sheet does not end"),
            }
        } else if matches!(first, '"' | '\'') {
            match string_end(rest, first) {
                Some(end) => end,
                None => bail!("a string of the style sheet does not end"),
            }
        } else {
            first.len_utf8()
        };
        let (text, after) = rest.split_at(length);
        rest = after;
        if first.is_whitespace() || text.starts_with("/*") {
            space = true;
            continue;
        }
        // A colon may start a selector, where the space before it means "anywhere inside".
        let separates = !out.is_empty() && !out.ends_with(['{', '}', ';', ',', ':']);
        if space && separates && !matches!(first, '{' | '}' | ';' | ',') {
            out.push(' ');
        }
        space = false;
        if first == '}' && out.ends_with(';') {
            out.pop();
        }
        out.push_str(text);
    }
    Ok(out)
}

/// A page without comments and indentation. A comment of one word, such as `<!--page-->`, is the
/// place of something and stays.
pub(super) fn page(source: &str) -> String {
    let mut parts = source.split("<!--");
    let mut without = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        match part.split_once("-->") {
            Some((comment, rest)) => {
                if !comment.is_empty() && comment.bytes().all(|b| b.is_ascii_lowercase()) {
                    without += &format!("<!--{comment}-->");
                }
                without += rest;
            }
            None => without = without + "<!--" + part,
        }
    }
    let lines = without.lines().map(str::trim).filter(|line| !line.is_empty());
    lines.collect::<Vec<_>>().join("\n") + "\n"
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(stripped: Result<String>, expected: &str) -> Result<()> {
        assert_eq!(stripped?, expected);
        Ok(())
    }

    #[test]
    fn scripts_lose_comments_and_nothing_else() -> Result<()> {
        for (source, expected) in [
            ("/*! licence */\n/* x */\nf();  // y\n\n  g();", "/*! licence */\nf();\ng();\n"),
            ("/** doc */ const a = 1;\n", "const a = 1;\n"),
            ("a /* x */ + b", "a + b\n"),
            ("return /* two\nlines */ x", "return\nx\n"),
            ("u = 'https://a.example'; // no", "u = 'https://a.example';\n"),
            (r#"s = "\"// no" + '\'/* no */';"#, "s = \"\\\"// no\" + '\\'/* no */';\n"),
            ("t = `  // stays\n  /* ${a + `//${b}` /* goes? no */} */`;", {
                "t = `  // stays\n  /* ${a + `//${b}` /* goes? no */} */`;\n"
            }),
            ("t = `${{ a: '}' }.a}` // goes", "t = `${{ a: '}' }.a}`\n"),
            ("t = `\\` // in`", "t = `\\` // in`\n"),
            ("r = /[/'\"]\\/\\/*/; // no", "r = /[/'\"]\\/\\/*/;\n"),
            ("if (/^\\/\\//.test(x)) y", "if (/^\\/\\//.test(x)) y\n"),
            ("return /'/.test(x) // no", "return /'/.test(x)\n"),
            ("x = a / b; // '\ny = (a) / b // \"", "x = a / b;\ny = (a) / b\n"),
            ("f('a'\n\t , 'b')", "f('a'\n, 'b')\n"),
        ] {
            check(script(source), expected)?;
            check(script(expected), expected)?;
        }
        for unfinished in ["/* x", "'x", "'x\n'", "`x", "`${x", "`${`}`", "x = /y"] {
            assert!(script(unfinished).is_err(), "{unfinished}");
        }
        Ok(())
    }

    #[test]
    fn style_sheets_lose_what_separates_nothing() -> Result<()> {
        for (source, expected) in [
            ("/* x */ p , a > b { color : red ; margin: 0 auto ; }\n", {
                "p,a > b{color :red;margin:0 auto}"
            }),
            ("a :hover, a:not( .b ) { }", "a :hover,a:not( .b ){}"),
            ("@media (min-width: 40rem) and (hover) {\n  p { x: y }\n}", {
                "@media (min-width:40rem) and (hover){p{x:y}}"
            }),
            ("p { inline-size: calc(1px + 2 * 3px); --x: ; }", {
                "p{inline-size:calc(1px + 2 * 3px);--x:}"
            }),
            (r#"p::before { content: "/* { } */" "\" ;  "; }"#, {
                r#"p::before{content:"/* { } */" "\" ;  "}"#
            }),
        ] {
            check(style(source), expected)?;
        }
        assert!(style("/* x").is_err() && style("p { content: 'x").is_err());
        Ok(())
    }

    #[test]
    fn pages_lose_comments_but_not_places() {
        let source = "<!doctype html>\n<!-- Words\n  of ours. -->\n\n  <p>\n    a <b>b</b>\n  \
                      </p><div><!--page--></div>\n";
        let expected = "<!doctype html>\n<p>\na <b>b</b>\n</p><div><!--page--></div>\n";
        assert_eq!(page(source), expected);
        assert_eq!(page(expected), expected);
    }
}
