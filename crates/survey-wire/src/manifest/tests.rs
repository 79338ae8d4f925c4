use super::*;

fn entry(id: &str, page: &str, definitions: &str) -> String {
    format!(
        r#"{{"id":"{id}","page":"{page}","definitions":{definitions},"submit":["http://127.0.0.1:8080"]}}"#
    )
}

#[track_caller]
fn check(surveys: &[String], expected: Result<usize, &str>) {
    let json = format!(r#"{{"surveys":[{}]}}"#, surveys.join(","));
    let actual = Manifest::parse(json.as_bytes());
    if let Ok(manifest) = &actual {
        assert_eq!(Manifest::parse(manifest.to_json().as_bytes()).as_ref(), Ok(manifest));
    }
    let actual = actual.map(|m| m.surveys.len()).map_err(|e| e.to_string());
    assert_eq!(actual, expected.map_err(str::to_owned));
}

#[test]
fn a_manifest_names_surveys_pages_and_definitions() {
    let def = format!(r#"["{}"]"#, "A".repeat(43));
    check(&[], Ok(0));
    check(&[entry("a", "e40c292c", &def), entry("foobar", "bf9cf968", &def)], Ok(2));
    check(
        &[entry("a", "e40c292c", &def), entry("a", "e40c292c", &def)],
        Err("survey `a` is listed twice; remove one"),
    );
    check(
        &[entry("a", "bf9cf968", &def)],
        Err("`page` of survey `a` must be `e40c292c`; publish the survey again to put it right"),
    );
    check(
        &[entry("a", "e40c292c", "[]")],
        Err("survey `a` has no definition; publish it again or remove it"),
    );
}

#[test]
fn two_surveys_never_share_a_page() {
    // Found by search: the first two names `s<number>` whose FNV-1a is the same.
    let (a, b) = colliding_names();
    let page = page_code(&a).to_string();
    let def = format!(r#"["{}"]"#, "A".repeat(43));
    let message =
        format!("surveys `{a}` and `{b}` have the same page code; give one of them another id");
    check(&[entry(a.as_str(), &page, &def), entry(b.as_str(), &page, &def)], Err(&message));
}

fn colliding_names() -> (SurveyId, SurveyId) {
    let mut seen = std::collections::HashMap::new();
    for number in 0_u32.. {
        // Digits alone differ too little for FNV-1a to collide early; mix them first.
        let name: SurveyId = format!("s{:x}", number.wrapping_mul(0x9e37_79b9)).parse().unwrap();
        if let Some(other) = seen.insert(page_code(&name), name.clone()) {
            return (other, name);
        }
    }
    unreachable!("fewer codes than names");
}

#[test]
fn members_of_another_release_are_refused_with_their_name() {
    let error = Manifest::parse(br#"{"surveys":[],"notes":1}"#).unwrap_err().to_string();
    assert!(error.contains("`notes`") && error.contains("publish"), "{error}");
}

#[test]
fn a_closing_day_is_optional() {
    let def = format!(r#"["{}"]"#, "A".repeat(43));
    let json = format!(
        r#"{{"surveys":[{{"id":"a","page":"e40c292c","definitions":{def},"submit":[],"closes":"2026-12-31"}}]}}"#
    );
    let manifest = Manifest::parse(json.as_bytes()).unwrap();
    let id = "a".parse().unwrap();
    let survey = manifest.survey(&id).unwrap();
    assert_eq!(survey.closes, "2026-12-31".parse().ok());
    assert_eq!(manifest.page(page_code(&id)), Some(survey));
    assert_eq!(manifest.survey(&"b".parse().unwrap()), None);
}

#[test]
fn an_earlier_definition_may_be_about_to_end_and_never_the_newest() {
    let [newest, earlier] = ["A".repeat(43), "B".repeat(42) + "A"];
    let entry = |retiring: &str| {
        format!(
            r#"{{"surveys":[{{"id":"a","page":"e40c292c","definitions":["{newest}","{earlier}"],"retiring":["{retiring}"],"submit":[]}}]}}"#
        )
    };
    let manifest = Manifest::parse(entry(&earlier).as_bytes()).unwrap();
    assert_eq!(manifest.surveys[0].retiring, manifest.surveys[0].definitions[1..]);
    assert_eq!(Manifest::parse(manifest.to_json().as_bytes()), Ok(manifest));
    let error = Manifest::parse(entry(&newest).as_bytes()).unwrap_err().to_string();
    assert!(error.contains("`a`") && error.contains("publish the survey again"), "{error}");
}

#[test]
fn hashes_of_what_stands_in_the_documents_are_optional() {
    let hash = InlineHash::of("alert('Hello, world.');");
    // The example of CSP level 3, section 8.2, and of every guide since.
    assert_eq!(hash.to_string(), "sha256-qznLcsROx4GACP2dm0UCKCzCG+HiZ1guq6ZZDob/Tng=");
    assert_eq!(hash.to_string().parse(), Ok(hash));

    let json = format!(r#"{{"surveys":[],"inline":{{"script":["{hash}"],"style":[]}}}}"#);
    let manifest = Manifest::parse(json.as_bytes()).unwrap();
    assert_eq!(manifest.inline, Inline { script: vec![hash], style: vec![] });
    assert_eq!(Manifest::parse(manifest.to_json().as_bytes()), Ok(manifest));
    assert!(!Manifest::default().to_json().contains("inline"));
}

#[test]
fn nothing_but_a_hash_gets_into_a_policy() {
    for text in [
        "",
        "sha256-",
        "qznLcsROx4GACP2dm0UCKCzCG+HiZ1guq6ZZDob/Tng=",
        "sha384-qznLcsROx4GACP2dm0UCKCzCG+HiZ1guq6ZZDob/Tng=",
        "sha256-qznLcsROx4GACP2dm0UCKCzCG+HiZ1guq6ZZDob/Tng",
        "sha256-qznLcsROx4GACP2dm0UCKCzCG-HiZ1guq6ZZDob_Tng=",
        "sha256-AAAA",
        "sha256-qznLcsROx4GACP2dm0UCKCzCG+HiZ1guq6ZZDob/Tng=; script-src *",
        "'unsafe-inline'",
    ] {
        assert!(text.parse::<InlineHash>().is_err(), "`{text}`");
        let json = format!(r#"{{"surveys":[],"inline":{{"script":["{text}"],"style":[]}}}}"#);
        assert!(Manifest::parse(json.as_bytes()).is_err(), "`{text}`");
    }
}
