use super::*;

#[test]
fn a_receipt_has_id_digest_and_day() {
    let receipt = Receipt { id: EnvelopeId([0; 16]), digest: Digest([0; 32]), day: Day::MIN };
    let json = serde_json::to_string(&receipt).unwrap();
    assert_eq!(
        json,
        format!(
            r#"{{"id":"{}","digest":"{}","day":"1970-01-01"}}"#,
            "A".repeat(22),
            "A".repeat(43)
        )
    );
    assert_eq!(serde_json::from_str::<Receipt>(&json).unwrap(), receipt);
}

#[test]
fn info_of_a_newer_backend_is_still_read() {
    assert_eq!(
        serde_json::to_string(&Info::minimal()).unwrap(),
        r#"{"ssp":[1],"max_body":65536,"time":"day","withdraw":false,"auth":["none"]}"#
    );
    let newer = r#"{"ssp":[1,2],"max_body":65536,"time":"week","withdraw":true,"auth":["none","code"],"retention_days":180,"more":1}"#;
    let info: Info = serde_json::from_str(newer).unwrap();
    assert_eq!((info.retention_days, &*info.time), (Some(180), "week"));
}

#[test]
fn a_changed_export_line_is_noticed() {
    let envelope = "{}".to_owned();
    let digest = Digest::of(envelope.as_bytes());
    let line = ExportLine { day: Day::MIN, digest, envelope };
    assert!(matches!(line.envelope(), Err(ExportLineError::NotAnEnvelope(_))));
    let changed = ExportLine { envelope: "{ }".into(), ..line };
    assert_eq!(changed.envelope(), Err(ExportLineError::DigestMismatch));
}

#[test]
fn the_tally_of_a_day_sees_what_is_missing_and_what_was_changed() {
    let tally = |rows: &[(u8, u8)]| {
        let mut tally = DayTally::default();
        for &(id, digest) in rows {
            tally.push(&EnvelopeId([id; 16]), &Digest([digest; 32]));
        }
        tally.finish(Day::MIN)
    };
    let whole = tally(&[(1, 1), (2, 2)]);
    assert_eq!(whole.count, 2);
    assert_eq!(whole, tally(&[(1, 1), (2, 2)]));
    assert_ne!(whole.digest, tally(&[(1, 1)]).digest);
    assert_ne!(whole.digest, tally(&[(1, 1), (2, 3)]).digest);
    // The tally of nothing is the SHA-256 of nothing.
    assert_eq!(tally(&[]).digest, Digest::of(b""));
}
