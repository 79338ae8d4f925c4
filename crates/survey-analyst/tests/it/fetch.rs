use std::sync::{Arc, Mutex, MutexGuard, OnceLock};

use crate::common::{
    Ran,
    collector::{Shelf, serve},
    desk::{DAY, Desk, files, line_of_day, seal},
};

const NEXT_DAY: &str = "2025-11-24";

/// The JSON of an envelope; what is in it does not matter here.
fn envelope(number: u64) -> String {
    static DESK: OnceLock<Desk> = OnceLock::new();
    let desk = DESK.get_or_init(Desk::new);
    let public = desk.key.public_key().clone();
    let survey = if number >= 100 { "other" } else { "probe" };
    let envelope = seal(number, b"{}", survey, desk.hash("probe"), &[public]);
    String::from_utf8(envelope.to_json()).unwrap()
}

fn line(day: &str, number: u64) -> String {
    line_of_day(day, &envelope(number))
}

/// A collector, and an analyst who fetches from it.
struct Scene {
    shelf: Arc<Mutex<Shelf>>,
    address: String,
    folder: tempfile::TempDir,
}

impl Scene {
    fn new() -> Self {
        let shelf = Arc::new(Mutex::new(Shelf::default()));
        let address = serve(shelf.clone());
        Self { shelf, address, folder: tempfile::tempdir().unwrap() }
    }

    fn shelf(&self) -> MutexGuard<'_, Shelf> {
        self.shelf.lock().unwrap()
    }

    fn put(&self, day: &str, numbers: impl IntoIterator<Item = u64>) {
        let lines = numbers.into_iter().map(|number| line(day, number));
        self.shelf().days.entry(day.to_owned()).or_default().extend(lines);
    }

    fn run(&self, line: &str) -> Ran {
        crate::common::run(self.folder.path(), line)
    }

    fn fetch(&self, more: &str) -> Ran {
        self.run(&format!("fetch --from {} --into envelopes {more}", self.address))
    }

    fn fetched(&self, name: &str) -> Vec<String> {
        let text = std::fs::read_to_string(self.folder.path().join("envelopes").join(name));
        text.unwrap().lines().map(str::to_owned).collect()
    }
}

#[test]
fn days_come_whole_sorted_and_once() {
    let scene = Scene::new();
    scene.put(DAY, [3, 1, 2]);
    scene.put(NEXT_DAY, [4]);
    scene.fetch("").code(0).out_has(&["2025-11-23  3 listed, 3 new, complete", "2025-11-24  1"]);
    assert_eq!(
        files(&scene.folder.path().join("envelopes")),
        ["2025-11-23.ndjson", "2025-11-24.ndjson"]
    );
    let fetched = scene.fetched("2025-11-23.ndjson");
    let mut ids: Vec<_> = fetched.iter().map(|line| line.split("id\\\":\\\"").nth(1)).collect();
    assert_eq!(ids.len(), 3);
    let sorted = |ids: &[Option<&str>]| {
        let decode = |id: &Option<&str>| id.unwrap()[..22].parse::<survey_wire::EnvelopeId>();
        ids.iter().map(decode).collect::<Result<Vec<_>, _>>().unwrap().is_sorted()
    };
    assert!(sorted(&ids));
    ids.reverse();
    assert!(!sorted(&ids));

    // The second time nothing but the list is asked for.
    scene.shelf().asked.clear();
    scene.fetch("").code(0).out_has(&["3 listed, 0 new, complete"]);
    assert_eq!(scene.shelf().asked, ["/export/days"]);
    scene.put(DAY, [5]);
    scene.fetch("").code(0).out_has(&["4 listed, 1 new, complete"]);
    assert_eq!(scene.fetched("2025-11-23.ndjson").len(), 4);
}

#[test]
fn one_day_or_one_survey_can_be_asked_for() {
    let scene = Scene::new();
    scene.put(DAY, [1, 2, 100]);
    scene.put(NEXT_DAY, [3]);
    scene
        .fetch("--survey other --day 2025-11-23 --day 2025-11-25")
        .code(0)
        .out_has(&["3 listed, 1 new, complete; 1 of other are here"])
        .err_has(&["nothing of 2025-11-25"]);
    assert_eq!(files(&scene.folder.path().join("envelopes")), ["2025-11-23.ndjson"]);
    assert_eq!(scene.fetched("2025-11-23.ndjson"), [line(DAY, 100)]);
}

#[test]
fn what_was_fetched_once_is_never_taken_away() {
    let scene = Scene::new();
    scene.put(DAY, [1, 2]);
    scene.fetch("").code(0);
    scene.shelf().days.get_mut(DAY).unwrap().pop();
    scene.fetch("").code(0).out_has(&["1 listed, 0 new, complete"]);
    assert_eq!(scene.fetched("2025-11-23.ndjson").len(), 2);
    scene.shelf().days.clear();
    scene.fetch("").code(0).out_has(&["holds no envelopes yet"]);
    assert_eq!(scene.fetched("2025-11-23.ndjson").len(), 2);
}

#[test]
fn a_hole_in_a_day_is_named() {
    let scene = Scene::new();
    scene.put(DAY, [1, 2]);
    scene.shelf().hidden = vec![line(DAY, 3)];
    scene.fetch("").code(3).out_has(&["2025-11-23  3 listed, 2 came, 2 new: INCOMPLETE"]);
    assert_eq!(scene.fetched("2025-11-23.ndjson").len(), 2);
}

#[test]
fn a_day_that_grows_while_it_is_read_is_read_again() {
    let scene = Scene::new();
    scene.put(DAY, [1]);
    scene.shelf().late = vec![(DAY.to_owned(), line(DAY, 2))];
    scene.fetch("").code(0).out_has(&["2 listed, 2 new, complete"]);
}

#[test]
fn a_day_that_never_stands_still_is_no_hole() {
    let scene = Scene::new();
    scene.put(DAY, [1]);
    scene.shelf().late = (2..20).map(|number| (DAY.to_owned(), line(DAY, number))).collect();
    scene.fetch("").code(0).out_has(&["still growing; fetch it again after midnight UTC"]);
    scene.shelf().late.clear();
    scene.fetch("").code(0).out_has(&["complete"]);
}

#[test]
fn a_changed_envelope_is_kept_apart_and_named() {
    let scene = Scene::new();
    scene.put(DAY, [1]);
    let changed = line(DAY, 2).replace("\\\"mode\\\"", "\\\"node\\\"");
    scene.shelf().days.get_mut(DAY).unwrap().push(changed.clone());
    scene.shelf().hidden = vec![line(DAY, 2)];
    for _ in 0..2 {
        scene.fetch("").code(3).err_has(&["1 lines of 2025-11-23 hold no envelope"]);
        assert_eq!(scene.fetched("2025-11-23.ndjson"), [line(DAY, 1)]);
        assert_eq!(scene.fetched("unreadable.ndjson"), [changed.as_str()]);
    }
}

#[test]
fn two_envelopes_of_one_id_are_both_kept() {
    let scene = Scene::new();
    let mut other = envelope(1);
    let del = other.find("\"del\":\"A").unwrap() + 7;
    other.replace_range(del..=del, "B");
    scene.put(DAY, [1]);
    scene.shelf().days.get_mut(DAY).unwrap().push(line_of_day(DAY, &other));
    scene.fetch("").code(3).err_has(&["1 envelopes have the id of another"]);
    assert_eq!(scene.fetched("2025-11-23.ndjson").len(), 2);
}

#[test]
fn files_that_were_copied_by_hand_are_merged_by_day() {
    let scene = Scene::new();
    scene.put(DAY, [1]);
    scene.fetch("").code(0);
    let write = |name: &str, lines: &[String]| {
        std::fs::write(scene.folder.path().join(name), lines.join("\n")).unwrap();
    };
    write("a.ndjson", &[line(DAY, 1), line(NEXT_DAY, 4), line(DAY, 2)]);
    write("b.ndjson", &[line(DAY, 2)]);
    scene
        .run("fetch a.ndjson b.ndjson --into envelopes")
        .code(0)
        .out_has(&["2025-11-23  1 new, 2 here", "2025-11-24  1 new, 1 here"])
        .err_has(&["nobody can tell whether they are complete"]);
    assert_eq!(scene.fetched("2025-11-23.ndjson").len(), 2);
    write("c.ndjson", &["nonsense".to_owned(), line(DAY, 3), "x".repeat(300_000)]);
    scene.run("fetch c.ndjson --into envelopes").code(3).err_has(&["2 lines hold no envelope"]);
    assert_eq!(scene.fetched("unreadable.ndjson"), ["nonsense"]);
    assert_eq!(scene.fetched("2025-11-23.ndjson").len(), 3);
}

#[test]
fn lines_that_broke_on_this_disk_are_moved_not_lost() {
    let scene = Scene::new();
    scene.put(DAY, [1, 2]);
    scene.fetch("").code(0);
    let path = scene.folder.path().join("envelopes/2025-11-23.ndjson");
    let text = std::fs::read_to_string(&path).unwrap();
    let (first, rest) = text.split_at(text.len() / 2 - 100);
    let broken = first.lines().next().unwrap();
    std::fs::write(&path, format!("{broken}\n{}", &rest[150..])).unwrap();
    scene.fetch("").code(0).out_has(&["2 listed, 2 new, complete"]);
    assert_eq!(scene.fetched("2025-11-23.ndjson").len(), 2);
    assert_eq!(scene.fetched("unreadable.ndjson").len(), 2);
}

#[test]
fn a_collector_that_does_not_answer_as_one_is_told_apart() {
    let scene = Scene::new();
    scene.run("fetch --from https://forms.example --into e").code(2).err_has(&["ssh -N -L 9090"]);
    scene.run("fetch --into e").code(2).err_has(&["--from"]);
    scene
        .run("fetch --from http://127.0.0.1:1 --into e")
        .code(1)
        .err_has(&["is the collector running"]);
    let public = format!("fetch --from {}/ssp --into e", scene.address);
    scene.run(&public).code(1).err_has(&["answered 404", "--admin-listen"]);

    scene.put(DAY, [1]);
    scene.fetch("").code(0);
    scene.put(NEXT_DAY, [2, 3]);
    scene.shelf().breaks_off = true;
    scene.fetch("").code(1).err_has(&["broke off", "run the same command again"]);
    assert_eq!(files(&scene.folder.path().join("envelopes")), ["2025-11-23.ndjson"]);
    scene.shelf().breaks_off = false;
    scene.fetch("").code(0).out_has(&["2025-11-24  2 listed, 2 new, complete"]);
}
