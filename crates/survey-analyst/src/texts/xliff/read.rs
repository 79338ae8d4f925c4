//! Reads a document, from any tool that writes XLIFF 2.

use super::{
    Document, File, State, Unit,
    tree::{Element, Node, parse},
};

/// Reads a document. Everything that is not core is passed over, and so are skeletons and notes;
/// groups are opened, and the segments of a unit are put together again.
///
/// # Errors
///
/// Why it is not XLIFF 2, or which units hold what cannot be taken over.
pub(in super::super) fn read(bytes: &[u8]) -> Result<Document, Vec<String>> {
    let one = |why: String| vec![why];
    let text = decode(bytes).map_err(one)?;
    let root = parse(&text).map_err(one)?;
    let core = &*root.namespace;
    if root.name != "xliff" || !core.starts_with("urn:oasis:names:tc:xliff:document:2.") {
        return Err(one(match (&*root.name, core) {
            (
                "xliff",
                "urn:oasis:names:tc:xliff:document:1.1" | "urn:oasis:names:tc:xliff:document:1.2",
            ) => "this is XLIFF 1; save it as XLIFF 2.0 or 2.1".to_owned(),
            (name, _) => format!("this is no XLIFF 2 but <{name}>"),
        }));
    }
    let language = |name: &str| {
        let missing = || one(format!("<xliff> has no `{name}`; it says which language it is"));
        root.attribute(name).map(str::to_owned).ok_or_else(missing)
    };
    let (source, target) = (language("srcLang")?, language("trgLang")?);
    let mut faults = Vec::new();
    let mut files = Vec::new();
    for element in root.elements().filter(|e| e.name == "file" && e.namespace == core) {
        let mut units = Vec::new();
        read_units(element, core, &mut units, &mut faults);
        files.push(File {
            id: element.attribute("id").unwrap_or_default().to_owned(),
            original: element.attribute("original").unwrap_or_default().to_owned(),
            notes: Vec::new(),
            units,
        });
    }
    if faults.is_empty() { Ok(Document { source, target, files }) } else { Err(faults) }
}

fn read_units(element: &Element, core: &str, units: &mut Vec<Unit>, faults: &mut Vec<String>) {
    for child in element.elements().filter(|child| child.namespace == core) {
        match &*child.name {
            "group" => read_units(child, core, units, faults),
            "unit" => match read_unit(child, core) {
                Ok(unit) => units.push(unit),
                Err(why) => {
                    faults.push(format!("{}: {why}", child.attribute("id").unwrap_or("<unit>")));
                }
            },
            _ => {}
        }
    }
}

fn read_unit(element: &Element, core: &str) -> Result<Unit, String> {
    let mut unit = Unit {
        id: element.attribute("id").ok_or("a unit without `id`")?.to_owned(),
        notes: Vec::new(),
        source: String::new(),
        target: None,
        state: State::Final,
    };
    // By the place that a segment has in the translation, which may be another than in the source.
    let mut targets: Vec<(usize, String)> = Vec::new();
    let mut untranslated = false;
    let parts = element.elements().filter(|part| part.namespace == core);
    let parts = parts.filter(|part| matches!(&*part.name, "segment" | "ignorable"));
    for (at, part) in parts.enumerate() {
        let text = |name: &str| -> Result<Option<(&Element, String)>, String> {
            let found = part.elements().find(|e| e.name == name && e.namespace == core);
            found.map(|element| Ok((element, plain(element)?))).transpose()
        };
        let (_, source) = text("source")?.ok_or("a segment without <source>")?;
        unit.source.push_str(&source);
        let target = text("target")?;
        if part.name == "segment" {
            let state = match part.attribute("state") {
                None => target.as_ref().map_or(State::Initial, |_| State::Translated),
                Some(name) => *State::ALL
                    .iter()
                    .find(|state| state.name() == name)
                    .ok_or_else(|| format!("unknown state `{name}`"))?,
            };
            // Some tools copy the source where there is no translation yet.
            let copied = state == State::Initial
                && target.as_ref().is_some_and(|(_, text)| squeeze(text) == squeeze(&source));
            untranslated |=
                copied || target.as_ref().is_none_or(|(_, text)| squeeze(text).is_empty());
            unit.state = unit.state.min(state);
        }
        let order =
            |target: &Element| target.attribute("order")?.parse::<usize>().ok()?.checked_sub(1);
        targets.push(match target {
            Some((element, text)) => (order(element).unwrap_or(at), text),
            // What stands between segments is the same in both languages unless somebody says so.
            None => (at, source),
        });
    }
    targets.sort_by_key(|(at, _)| *at);
    let target: String = targets.into_iter().map(|(_, text)| text).collect();
    unit.source = squeeze(&unit.source);
    unit.target = (!untranslated).then(|| squeeze(&target)).filter(|target| !target.is_empty());
    if unit.target.is_none() {
        unit.state = State::Initial;
    } else if unit.state == State::Initial {
        // Somebody wrote it and did not say how far it is.
        unit.state = State::Translated;
    }
    Ok(unit)
}

/// The text of a `<source>` or `<target>`, in which there is no markup.
fn plain(element: &Element) -> Result<String, String> {
    let text = element.children.iter().map(|node| match node {
        Node::Text(text) => Ok(&**text),
        Node::Element(inner) => Err(format!(
            "<{}> in <{}>; texts have no markup, so take it out and keep the words",
            inner.name, element.name
        )),
    });
    text.collect()
}

/// A text on one line: tools break and indent lines.
fn squeeze(text: &str) -> String {
    let words = text.split([' ', '\t', '\n', '\r']).filter(|word| !word.is_empty());
    words.collect::<Vec<_>>().join(" ")
}

/// UTF-8, or UTF-16 with the mark at its beginning that XML asks for.
fn decode(bytes: &[u8]) -> Result<String, String> {
    let wide = |rest: &[u8], unit: fn([u8; 2]) -> u16| {
        let units: Vec<u16> = rest.chunks_exact(2).map(|pair| unit([pair[0], pair[1]])).collect();
        String::from_utf16(&units).map_err(|_| "not UTF-16, as its beginning says".to_owned())
    };
    match bytes {
        [0xff, 0xfe, rest @ ..] => wide(rest, u16::from_le_bytes),
        [0xfe, 0xff, rest @ ..] => wide(rest, u16::from_be_bytes),
        _ => {
            let bytes = bytes.strip_prefix("\u{feff}".as_bytes()).unwrap_or(bytes);
            let text = std::str::from_utf8(bytes);
            text.map(str::to_owned).map_err(|_| "not UTF-8; save it as UTF-8".to_owned())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn unit(inner: &str) -> Result<Unit, Vec<String>> {
        let xml = format!(
            "<xliff xmlns='{}' version='2.0' srcLang='en' trgLang='cy'><file id='f'><unit id='u'>\
             {inner}</unit></file></xliff>",
            super::super::NAMESPACE
        );
        read(xml.as_bytes()).map(|mut document| document.files.remove(0).units.remove(0))
    }

    fn target(inner: &str) -> Option<String> {
        unit(inner).unwrap().target
    }

    #[test]
    fn a_written_document_reads_the_same() {
        let document = Document {
            source: "en".to_owned(),
            target: "cy".to_owned(),
            files: vec![File {
                id: "survey.a".to_owned(),
                original: "a & \"b\".json".to_owned(),
                notes: Vec::new(),
                units: vec![
                    Unit {
                        id: "pages.a.text".to_owned(),
                        notes: Vec::new(),
                        source: "A < B & \"C\" ]]> 'd'".to_owned(),
                        target: Some("Ŵ > <b> &amp; آپ".to_owned()),
                        state: State::Reviewed,
                    },
                    Unit {
                        id: "title".to_owned(),
                        notes: Vec::new(),
                        source: "Your views".to_owned(),
                        target: None,
                        state: State::Initial,
                    },
                ],
            }],
        };
        assert_eq!(read(super::super::write(&document).as_bytes()), Ok(document));
    }

    #[test]
    fn what_other_tools_write_is_read() {
        let xml = r#"<?xml version="1.0" encoding="utf-8"?>
<!-- a tool was here --><?tool x?>
<x:xliff xmlns:x="urn:oasis:names:tc:xliff:document:2.0" xmlns:mda="urn:oasis:names:tc:xliff:metadata:2.0"
    version="2.0" srcLang="en" trgLang="pt-BR">
  <x:file id="survey.a" original="a.json" mda:extra="1">
    <x:skeleton href="a.skl"/>
    <x:notes><x:note>Read <![CDATA[<me>]]></x:note></x:notes>
    <x:group id="g"><x:group id="h">
      <x:unit id="title">
        <mda:metadata><mda:metaGroup><mda:meta type="a">b</mda:meta></mda:metaGroup></mda:metadata>
        <x:segment id="s1" state="final" subState="tool:ok">
          <x:source xml:lang="en">
            Your
            views
          </x:source>
          <x:target xml:lang="pt-BR"><![CDATA[A sua <opini&ão>]]> &#233; &amp; ok</x:target>
        </x:segment>
      </x:unit>
    </x:group></x:group>
  </x:file>
</x:xliff>"#;
        let check = |bytes: &[u8]| {
            let document = read(bytes).unwrap();
            assert_eq!((&*document.source, &*document.target), ("en", "pt-BR"));
            let unit = &document.files[0].units[0];
            assert_eq!((&*document.files[0].id, &*unit.id), ("survey.a", "title"));
            assert_eq!(unit.source, "Your views");
            assert_eq!(unit.target.as_deref(), Some("A sua <opini&ão> é & ok"));
            assert_eq!(unit.state, State::Final);
        };
        check(xml.as_bytes());
        check(format!("\u{feff}{xml}").as_bytes());
        let wide = xml.replace("utf-8", "utf-16");
        let le: Vec<u8> = wide.encode_utf16().flat_map(u16::to_le_bytes).collect();
        check(&[&[0xff, 0xfe], &le[..]].concat());
        let be: Vec<u8> = wide.encode_utf16().flat_map(u16::to_be_bytes).collect();
        check(&[&[0xfe, 0xff], &be[..]].concat());
    }

    #[test]
    fn segments_are_put_together() {
        let two = unit(
            "<segment state='final'><source>One.</source><target>Un.</target></segment>\
             <ignorable><source> </source></ignorable>\
             <segment state='translated'><source>Two.</source><target>Dau.</target></segment>",
        )
        .unwrap();
        assert_eq!((&*two.source, two.target.as_deref()), ("One. Two.", Some("Un. Dau.")));
        assert_eq!(two.state, State::Translated);
        let turned = "<segment><source>A </source><target order='2'>a</target></segment>\
                      <segment><source>B</source><target order='1'>b </target></segment>";
        assert_eq!(target(turned).as_deref(), Some("b a"));
        let half = "<segment><source>A </source><target>a</target></segment>\
                    <segment><source>B</source></segment>";
        assert_eq!(target(half), None);
    }

    #[test]
    fn states_are_read_as_tools_mean_them() {
        let one = |attribute: &str, target: &str| {
            unit(&format!("<segment {attribute}><source>A</source>{target}</segment>")).unwrap()
        };
        assert_eq!(one("", "<target>B</target>").state, State::Translated);
        assert_eq!(one("state='initial'", "<target>B</target>").state, State::Translated);
        assert_eq!(one("state='initial'", "<target>A</target>").target, None);
        assert_eq!(one("state='translated'", "<target>A</target>").target.as_deref(), Some("A"));
        for empty in ["", "<target/>", "<target> </target>"] {
            let unit = one("state='final'", empty);
            assert_eq!((unit.target, unit.state), (None, State::Initial));
        }
    }

    #[test]
    fn what_cannot_be_taken_over_is_refused() {
        let markup =
            unit("<segment><source>A</source><target><pc id='1'>B</pc></target></segment>");
        assert!(markup.unwrap_err()[0].starts_with("u: <pc> in <target>; texts have no markup"));
        let state = unit("<segment state='done'><source>A</source></segment>").unwrap_err();
        assert!(state[0].contains("unknown state `done`"));
        let bomb = "<!DOCTYPE x [<!ENTITY a 'aaaa'>]><xliff/>";
        let deep = format!("{}{}", "<a>".repeat(100), "</a>".repeat(100));
        let old = "<xliff xmlns='urn:oasis:names:tc:xliff:document:1.2' version='1.2'/>";
        let entity = format!("<xliff xmlns='{}'>&who;</xliff>", super::super::NAMESPACE);
        let plain = format!("<xliff xmlns='{}' srcLang='en'/>", super::super::NAMESPACE);
        for (xml, part) in [
            (bomb, "a document type"),
            (&*deep, "nested too deep"),
            (old, "XLIFF 1; save it as XLIFF 2"),
            (&*entity, "unknown entity &who;"),
            (&*plain, "no `trgLang`"),
            ("<a><b></a>", "not XML"),
            ("<a><b>", "it ends inside of <b>"),
            ("", "no element"),
            ("<html/>", "no XLIFF 2 but <html>"),
        ] {
            let faults = read(xml.as_bytes()).unwrap_err();
            assert!(faults[0].contains(part), "{xml}: {faults:?}");
        }
        assert!(read(&[0xff, 0xfe, 0x00, 0xd8]).unwrap_err()[0].contains("UTF-16"));
        assert!(read(b"<a>\xff</a>").unwrap_err()[0].contains("UTF-8"));
    }
}
