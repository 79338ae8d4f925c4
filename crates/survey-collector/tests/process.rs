//! The program itself: started, killed, stopped, watched.

#![allow(clippy::unwrap_used)]

mod common;

use std::{
    collections::{BTreeMap, HashMap},
    fs,
    path::Path,
    process::{Command, Stdio},
    sync::{
        Mutex,
        atomic::{AtomicU32, Ordering},
    },
    thread,
};

use survey_wire::{Digest, EnvelopeId, InlineHash, Manifest, Receipt};
use tempfile::TempDir;

use common::{
    envelope, manifest,
    program::{Running, command, exchange, get, head, post, wait},
    write_site,
};

/// The heart of it: what was acknowledged before a `kill -9` is there after it, once, and sending
/// everything again changes nothing. (It shows that answers wait for the commit. That the commit
/// waits for the disk is for other tests to show.)
#[test]
fn what_is_acknowledged_survives_kill_9() {
    const CLIENTS: usize = 4;
    let folder = tempfile::tempdir().unwrap();
    let numbers = AtomicU32::new(0);
    let acknowledged: Mutex<BTreeMap<u32, Receipt>> = Mutex::default();
    for round in 1..=3 {
        let running = Running::start(folder.path());
        let address = running.address;
        let enough = round * 60;
        thread::scope(|scope| {
            for _ in 0..CLIENTS {
                scope.spawn(|| {
                    loop {
                        let number = numbers.fetch_add(1, Ordering::Relaxed);
                        let Some((status, body)) = post(address, "", &envelope(number).to_json())
                        else {
                            break;
                        };
                        assert_eq!(status, 201, "{body}");
                        let receipt = serde_json::from_str(&body).unwrap();
                        acknowledged.lock().unwrap().insert(number, receipt);
                    }
                });
            }
            wait("enough answers", || (acknowledged.lock().unwrap().len() >= enough).then_some(()));
            // In the middle of it: the clients go on until nobody answers.
            running.signal("KILL");
        });
    }

    let running = Running::start(folder.path());
    let stored: HashMap<EnvelopeId, Digest> = {
        let lines = running.export();
        let stored: HashMap<_, _> =
            lines.iter().map(|line| (line.envelope().unwrap().id, line.digest)).collect();
        assert_eq!(stored.len(), lines.len(), "nothing is stored twice");
        stored
    };
    let acknowledged = acknowledged.into_inner().unwrap();
    for (number, receipt) in &acknowledged {
        assert_eq!(stored.get(&receipt.id), Some(&receipt.digest), "number {number} is lost");
    }
    // Stored but not acknowledged: at most one for each client and kill.
    assert!(stored.len() - acknowledged.len() <= 3 * CLIENTS);
    for number in 0..numbers.into_inner() {
        let envelope = envelope(number);
        let (status, body) = post(running.address, "", &envelope.to_json()).unwrap();
        let known = stored.contains_key(&envelope.id);
        assert_eq!(status, if known { 200 } else { 201 });
        if let Some(receipt) = acknowledged.get(&number) {
            assert_eq!(serde_json::from_str::<Receipt>(&body).unwrap(), *receipt);
        }
    }
}

/// Marks everything a request can carry, then looks for the marks.
#[test]
fn log_and_database_keep_nothing_of_a_person() {
    let folder = tempfile::tempdir().unwrap();
    let running = Running::start(folder.path());
    let headers = "x-forwarded-for: 203.0.113.77\r\nforwarded: for=203.0.113.77\r\n\
        x-real-ip: 203.0.113.77\r\nuser-agent: CANARY-agent\r\nreferer: https://CANARY.example/page\r\n\
        origin: https://CANARY.example\r\ncookie: CANARY=1\r\naccept-language: CANARY\r\n";
    for number in 0..20 {
        let body = envelope(number).to_json();
        assert_eq!(post(running.address, headers, &body).unwrap().0, 201);
        assert_eq!(post(running.address, headers, &body).unwrap().0, 200);
    }
    // Everything that is refused as well.
    let mut conflict = envelope(90);
    conflict.id = envelope(1).id;
    assert_eq!(post(running.address, headers, &conflict.to_json()).unwrap().0, 409);
    let mut foreign = envelope(91);
    foreign.survey = "canary-survey".parse().unwrap();
    assert_eq!(post(running.address, headers, &foreign.to_json()).unwrap().0, 404);
    assert_eq!(post(running.address, headers, b"{\"CANARY\":\"body\"}").unwrap().0, 400);
    assert_eq!(post(running.address, headers, "CANARY".repeat(20_000).as_bytes()).unwrap().0, 413);
    let page = format!("GET /CANARY?CANARY=1 HTTP/1.0\r\n{headers}\r\n");
    assert_eq!(exchange(running.address, page.as_bytes()).unwrap().0, 404);
    exchange(running.address, b"CANARY nonsense\r\n\r\n");
    assert_eq!(get(running.admin, "/export?CANARY=1").0, 400);
    let stored = running.export();

    let marks = |text: &[u8], marks: &[&str]| -> Vec<String> {
        let found = |mark: &&&str| text.windows(mark.len()).any(|part| part == mark.as_bytes());
        marks.iter().filter(found).map(|mark| mark.to_string()).collect()
    };
    let person = ["203.0.113.77", "CANARY", "canary-survey"];
    let check_files = |when: &str| {
        for entry in fs::read_dir(folder.path()).unwrap() {
            let path = entry.unwrap().path();
            if path.is_file() {
                let found = marks(&fs::read(&path).unwrap(), &person);
                assert_eq!(found, [""; 0], "{} {when}", path.display());
            }
        }
    };
    check_files("while running");
    let (status, log) = running.stop();
    assert!(status.success());
    check_files("after stopping");

    // What is stored is the envelope, and nothing of it is in the log.
    let database = fs::read(folder.path().join("views.sqlite")).unwrap();
    assert_eq!(stored.len(), 20);
    for number in 0..20 {
        let envelope = envelope(number);
        let id = envelope.id.to_string();
        let start = &String::from_utf8(envelope.to_json()).unwrap()[..80];
        assert_eq!(marks(&database, &[start]), [start], "bodies are stored as they came");
        assert_eq!(marks(log.as_bytes(), &[&id, start]), [""; 0]);
    }
    let ports = log.matches("127.0.0.1:").count();
    assert_eq!(ports, 3, "addresses of the listeners and of nobody else:\n{log}");
}

#[test]
fn sigterm_leaves_everything_in_order() {
    let folder = tempfile::tempdir().unwrap();
    let running = Running::start(folder.path());
    assert_eq!(post(running.address, "", &envelope(1).to_json()).unwrap().0, 201);
    assert!(folder.path().join("views.sqlite-wal").exists());
    wait("readiness", || (get(running.admin, "/readyz").0 == 200).then_some(()));
    let (status, log) = running.stop();
    assert_eq!(status.code(), Some(0), "{log}");
    assert!(log.contains("stopped: everything acknowledged is on disk"), "{log}");
    assert!(!folder.path().join("views.sqlite-wal").exists(), "the log is merged into the file");
    let running = Running::start(folder.path());
    assert_eq!(running.export().len(), 1);
}

#[test]
fn the_log_says_what_an_operator_wants_to_know() {
    let folder = tempfile::tempdir().unwrap();
    let running = Running::start(folder.path());
    let url = format!("as http://{}\n", running.address);
    let (_, log) = running.stop();
    for line in [
        &*url,
        "database views.sqlite\n",
        "survey vc-2026 at /s/5624d3cf/, 2 definitions\n",
        "1 web sites may show the survey in their pages\n",
    ] {
        assert!(log.contains(line), "`{line}` is not in:\n{log}");
    }
    assert!(!log.contains("WARN") && !log.contains("ERROR"), "{log}");
}

/// What a killed process left behind is in order of arrival; the next start does not leave it so.
#[test]
fn a_start_forgets_the_order_of_arrival() {
    let folder = tempfile::tempdir().unwrap();
    let running = Running::start(folder.path());
    let forgotten = || running.log().contains("the order of arrival is forgotten").then_some(());
    wait("the rewriting", forgotten);
    assert_eq!(post(running.address, "", &envelope(1).to_json()).unwrap().0, 201);
    let (status, _) = running.stop();
    assert!(status.success());
    // Where SQLite keeps `user_version`: the day of it, for the next start.
    let database = fs::read(folder.path().join("views.sqlite")).unwrap();
    let day = u32::from_be_bytes(database[60..64].try_into().unwrap());
    assert!(day > 20_000, "{day}");
}

/// The warning is about others who can reach it; under any name or not, on loopback nobody can.
#[test]
fn an_admin_listener_on_loopback_is_no_reason_to_warn() {
    let folder = tempfile::tempdir().unwrap();
    write_site(&folder.path().join("dist"));
    fs::write(folder.path().join("views.toml"), "log = \"warn\"\n").unwrap();
    let said = |admin: &str| {
        let log = folder.path().join("log");
        let mut command = command(folder.path());
        command.args(["--config", "views.toml", "--admin-insecure-anywhere"]);
        command.env("VIEWS_PARTNER", "").env("VIEWS_ADMIN_LISTEN", admin);
        let mut child = command.stderr(fs::File::create(&log).unwrap()).spawn().unwrap();
        wait("a warning", || {
            assert_eq!(child.try_wait().unwrap(), None);
            fs::read_to_string(&log).unwrap().contains("no web site").then_some(())
        });
        // All warnings of the start come before it listens to signals.
        Command::new("kill").arg(child.id().to_string()).status().unwrap();
        assert!(child.wait().unwrap().success());
        fs::read_to_string(&log).unwrap()
    };
    let log = said("127.0.0.1:0");
    assert!(!log.contains("admin listener") && !log.contains("INFO"), "{log}");
    let log = said("0.0.0.0:0");
    assert!(log.contains("the admin listener is open to whoever can reach it"), "{log}");
}

/// Replaces a file in one step, as `publish` does.
fn replace(path: &Path, contents: &str) {
    let fresh = path.with_extension("new");
    fs::write(&fresh, contents).unwrap();
    fs::rename(&fresh, path).unwrap();
}

#[test]
fn a_new_definition_is_taken_without_a_restart() {
    let folder = tempfile::tempdir().unwrap();
    let running = Running::start(folder.path());
    let list = folder.path().join("dist/surveys.json");
    let mut newer = envelope(1);
    newer.def = survey_wire::DefinitionHash::of(b"newer");
    let newer = newer.to_json();
    assert_eq!(post(running.address, "", &newer).unwrap().0, 422);

    let mut published: Manifest = manifest("");
    published.surveys[0].definitions.insert(0, survey_wire::DefinitionHash::of(b"newer"));
    replace(&list, &published.to_json());
    running.signal("HUP");
    wait("the new definition", || {
        (post(running.address, "", &newer).unwrap().0 != 422).then_some(())
    });
    assert_eq!(post(running.address, "", &newer).unwrap().0, 200);
    assert_eq!(post(running.address, "", &envelope(2).to_json()).unwrap().0, 201);

    // A list that cannot be used changes nothing but the log. Without a signal, too.
    replace(&list, "{\"surveys\":");
    wait("the complaint", || {
        running.log().contains("going on with the surveys before").then_some(())
    });
    assert_eq!(post(running.address, "", &envelope(3).to_json()).unwrap().0, 201);
}

/// Browsers keep a document for good together with the policy that it came with.
#[test]
fn a_document_goes_out_with_the_policy_that_was_published_before_it() {
    let folder = tempfile::tempdir().unwrap();
    let running = Running::start(folder.path());
    for round in 0..20 {
        let script = InlineHash::of(&format!("script {round}"));
        let mut published: Manifest = manifest("");
        published.inline.script = vec![script];
        replace(&folder.path().join("dist/surveys.json"), &published.to_json());
        let head = head(running.address, "/s/5624d3cf/views-0123456789abcdef.html");
        assert!(head.starts_with("http/1.0 200"), "{head}");
        let script = script.to_string().to_ascii_lowercase();
        assert!(head.contains(&format!("'wasm-unsafe-eval' '{script}';")), "{round}: {head}");
    }
}

/// Runs the program until it ends by itself; gives its exit code and what it said.
fn ends(folder: &Path, flags: &[&str]) -> (i32, String) {
    let output = command(folder).args(flags).stderr(Stdio::piped()).stdout(Stdio::piped()).output();
    let output = output.unwrap();
    let said = [output.stdout, output.stderr].concat();
    (output.status.code().unwrap(), String::from_utf8(said).unwrap())
}

#[track_caller]
fn check_refusal(folder: &TempDir, flags: &[&str], message: &str) {
    let (code, said) = ends(folder.path(), flags);
    assert_eq!(code, 1, "{said}");
    assert!(said.contains(message), "`{message}` is not in:\n{said}");
}

#[test]
fn what_is_missing_is_said_with_what_to_do() {
    let folder = tempfile::tempdir().unwrap();
    check_refusal(&folder, &[], "there is no built site in dist; build it with: cargo xtask");
    let site = folder.path().join("dist");
    write_site(&site);
    fs::write(folder.path().join("diary"), "Dear diary").unwrap();
    let taken = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let taken = taken.local_addr().unwrap().to_string();
    check_refusal(&folder, &["--database", "diary"], "is not a database of this program");
    check_refusal(&folder, &["--database", "postgres://x/y"], "must name a SQLite file");
    check_refusal(&folder, &["--demo-pages", "none"], "there is no folder none");
    check_refusal(&folder, &["--config", "none.toml"], "cannot read none.toml");
    check_refusal(
        &folder,
        &["--listen", &taken],
        "stop what listens there, or give another --listen",
    );
    check_refusal(&folder, &["--admin-listen", "0.0.0.0:0"], "add --admin-insecure-anywhere");
    check_refusal(&folder, &["--listen", "0.0.0.0:0"], "add --public-url");
    fs::write(site.join("surveys.json"), r#"{"surveys":[{"id":"A"}]}"#).unwrap();
    check_refusal(&folder, &[], "publish the survey again");
    fs::remove_file(site.join("surveys.json")).unwrap();
    check_refusal(
        &folder,
        &[],
        "dist has no surveys.json; build the site with: cargo xtask publish",
    );
    fs::remove_file(site.join("index.html")).unwrap();
    check_refusal(&folder, &[], "dist has no index.html; write the pages with: cargo xtask pages");
}

#[test]
fn flags_beat_the_environment_and_that_beats_the_file() {
    let folder = tempfile::tempdir().unwrap();
    write_site(&folder.path().join("site"));
    let file = "site = \"site\"\ndatabase = \"file.sqlite\"\nlisten = \"192.0.2.1:1\"\n";
    fs::write(folder.path().join("views.toml"), file).unwrap();
    let started = |variables: &[(&str, &str)], flags: &[&str]| {
        let mut command = command(folder.path());
        command.args(["--config", "views.toml"]).args(flags).envs(variables.iter().copied());
        let mut child = command.stderr(Stdio::null()).spawn().unwrap();
        let names = ["file.sqlite", "env.sqlite", "flag.sqlite"];
        let name = wait("a database", || {
            assert_eq!(child.try_wait().unwrap(), None);
            names.into_iter().find(|name| folder.path().join(name).exists())
        });
        child.kill().unwrap();
        child.wait().unwrap();
        fs::remove_file(folder.path().join(name)).unwrap();
        name
    };
    let environment = [("VIEWS_DATABASE", "env.sqlite")];
    assert_eq!(started(&[], &[]), "file.sqlite");
    assert_eq!(started(&environment, &[]), "env.sqlite");
    assert_eq!(started(&environment, &["--database", "flag.sqlite"]), "flag.sqlite");
}

#[test]
fn help_is_enough_for_a_stranger() {
    let folder = tempfile::tempdir().unwrap();
    let (code, help) = ends(folder.path(), &["--help"]);
    assert_eq!(code, 0);
    for part in [
        "Serves a survey, stores the sealed answers",
        "Examples:",
        "--public-url https://forms.example",
        "[env: VIEWS_DATABASE=]",
        "[default: 127.0.0.1:8080]",
        "SIGTERM",
    ] {
        assert!(help.contains(part), "`{part}` is not in:\n{help}");
    }
}
