use super::*;

#[test]
fn every_kind_is_written_and_read() {
    for &kind in ProblemType::ALL {
        assert_eq!(kind.to_string().parse(), Ok(kind));
        let problem = Problem::new(kind, "what is wrong and what to do");
        assert_eq!(Problem::parse(&problem.to_json()), Some(problem));
    }
}

#[test]
fn names_are_distinct_and_plain() {
    for (i, kind) in ProblemType::ALL.iter().enumerate() {
        assert!(kind.name().bytes().all(|b| b.is_ascii_lowercase() || b == b'-'));
        assert!((400..600).contains(&kind.status()));
        assert!(
            !ProblemType::ALL[..i]
                .iter()
                .any(|k| k.name() == kind.name() || k.title() == kind.title())
        );
    }
}

#[test]
fn only_what_may_succeed_later_is_retried() {
    let retried = ProblemType::ALL.iter().filter(|kind| crate::retry::is_retryable(kind.status()));
    assert_eq!(retried.collect::<Vec<_>>(), [&ProblemType::Timeout, &ProblemType::Busy]);
}

#[test]
fn the_body_has_the_members_of_rfc_9457() {
    let json = Problem::new(ProblemType::Closed, "it is over").to_json();
    assert_eq!(
        String::from_utf8(json).unwrap(),
        r#"{"type":"urn:ssp:error:closed","title":"This survey is closed","status":410,"detail":"it is over"}"#
    );
}

#[test]
fn a_strangers_problem_is_read_leniently() {
    let read =
        |json: &str| Problem::parse(json.as_bytes()).map(|p| (p.kind, p.detail().to_owned()));
    let busy = |detail: &str| Some((ProblemType::Busy, detail.to_owned()));
    assert_eq!(read(r#"{"type":"urn:ssp:error:busy"}"#), busy(""));
    assert_eq!(
        read(r#"{"status":429,"x":[],"detail":"d","type":"urn:ssp:error:busy"}"#),
        busy("d")
    );
    assert_eq!(read(r#"{"type":"about:blank","status":500}"#), None);
    assert_eq!(read(r#"{"type":"busy"}"#), None);
    assert_eq!(read("<html>"), None);
    assert_eq!(read(""), None);
}
