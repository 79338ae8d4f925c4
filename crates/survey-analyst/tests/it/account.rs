//! Whatever comes in, every line is accounted for, once.

use std::sync::OnceLock;

use proptest::prelude::*;
use survey_seal::SecretKey;
use survey_wire::DefinitionHash;

use crate::common::{
    desk::{Desk, line},
    people::{Person, code, talkative},
};

/// Lines of every kind, each with what becomes of it on its own: `o`pened, `q`uarantined,
/// `f`ailed.
fn pool() -> &'static (Desk, Vec<(String, char)>) {
    static POOL: OnceLock<(Desk, Vec<(String, char)>)> = OnceLock::new();
    POOL.get_or_init(|| {
        let desk = Desk::new();
        let definition = desk.definition();
        let stranger = SecretKey::from_seed(&[9; 32]);
        let mut lines = Vec::new();
        for rid in 1..=3 {
            let number = u64::from(rid);
            let said = talkative(rid, "said").answers(&definition);
            let good = desk.seal(number, &said);
            lines.push((line(&good), 'o'));
            let other = Person { rev: 1, ..Person::new(rid, &[("overall", code(1))]) };
            lines.push((line(&desk.seal(10 + number, &other.answers(&definition))), 'o'));
            let clash = Person::new(rid, &[("overall", code(3))]).answers(&definition);
            lines.push((line(&desk.seal(20 + number, &clash)), 'o'));
            lines.push((line(&desk.seal(30 + number, &[b'{'; 9][..usize::from(rid)])), 'q'));
            let unknown = DefinitionHash([rid; 32]);
            let unknown = desk.seal_for(40 + number, &said, "probe", unknown, &desk.key);
            lines.push((line(&unknown), 'f'));
            let foreign = desk.seal_for(50 + number, &said, "probe", good.def, &stranger);
            lines.push((line(&foreign), 'f'));
            let mut tampered = good.clone();
            tampered.kc[0] ^= rid;
            lines.push((line(&tampered), 'f'));
            lines.push((line(&good).replace("any", &format!("an{rid}")), 'f'));
            lines.push((format!("garbage {rid}"), 'f'));
        }
        (desk, lines)
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, ..ProptestConfig::default() })]
    #[test]
    fn listed_is_always_the_sum(picks in prop::collection::vec(0..27_usize, 0..24)) {
        let (desk, lines) = pool();
        let folder = tempfile::tempdir().unwrap();
        let at = |name: &str| folder.path().join(name);
        let input: String = picks.iter().map(|pick| lines[*pick].0.clone() + "\n").collect();
        std::fs::write(at("in.ndjson"), input).unwrap();
        let args = survey_analyst::Open {
            keys: vec![desk.path("analyst.key")],
            definitions: vec![desk.path("site/d")],
            inputs: vec![at("in.ndjson")],
            out: at("opened"),
        };
        let account = survey_analyst::open(&args, &mut Vec::new()).unwrap();
        prop_assert!(account.balances(), "{account}");
        prop_assert_eq!(account.listed, picks.len() as u64);

        // Every file has as many lines as the account says.
        let count = |name: &str| {
            let text = std::fs::read_to_string(at("opened").join(name)).unwrap();
            text.lines().count() as u64
        };
        prop_assert_eq!(account.opened, count("responses.jsonl"));
        prop_assert_eq!(account.superseded, count("superseded.jsonl"));
        prop_assert_eq!(account.quarantined, count("quarantine.jsonl"));
        prop_assert_eq!(account.failed, count("failed.jsonl"));

        // And what each line is on its own bounds what became of them together.
        let of_kind = |kind| picks.iter().filter(|pick| lines[**pick].1 == kind).count() as u64;
        prop_assert!(account.failed <= of_kind('f'));
        prop_assert!(account.opened <= of_kind('o'));
        prop_assert_eq!(account.nothing_opened(), of_kind('f') > 0 && of_kind('f') == account.listed);
        let mut once = picks.clone();
        once.sort_unstable();
        once.dedup();
        let people = [0, 9, 18].iter().filter(|first| {
            once.iter().any(|pick| (**first..**first + 3).contains(pick))
        });
        prop_assert_eq!(account.opened, people.count() as u64);
    }
}
