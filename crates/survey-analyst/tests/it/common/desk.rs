//! An analyst's desk: a folder with a key, a built site, a published survey, and envelopes.

use std::{
    fs,
    path::{Path, PathBuf},
};

use survey_core::Definition;
use survey_seal::{Binding, PublicKey, SecretKey, SizeClass};
use survey_wire::{
    Auth, Ciphertext, Day, DefinitionHash, Digest, Envelope, EnvelopeId, ExportLine, Manifest,
    Mode, SurveyId, Wrap, Wraps,
};
use tempfile::TempDir;

use super::{Ran, rng::Seeded, run};

pub(crate) const DRAFT: &str = include_str!("../../fixtures/probe.json");

pub(crate) struct Desk {
    folder: TempDir,
    pub(crate) key: SecretKey,
}

impl Desk {
    /// A folder with a key and a site on which nothing is published.
    pub(crate) fn bare() -> Self {
        let folder = TempDir::new().unwrap();
        let key = SecretKey::from_seed(&[1; 32]);
        let desk = Self { folder, key };
        desk.write_key("analyst", &desk.key);
        fs::create_dir(desk.path("site")).unwrap();
        desk.write("probe.json", DRAFT);
        desk
    }

    /// A folder in which the survey `probe` is published.
    pub(crate) fn new() -> Self {
        let desk = Self::bare();
        desk.publish("probe.json", "").code(0);
        desk
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    pub(crate) fn write(&self, name: &str, text: impl AsRef<[u8]>) {
        let path = self.path(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }

    pub(crate) fn read(&self, name: &str) -> String {
        fs::read_to_string(self.path(name)).unwrap()
    }

    pub(crate) fn run(&self, line: &str) -> Ran {
        run(self.folder.path(), line)
    }

    /// Writes `name.key` and `name.pub.json` for a key that tests know.
    pub(crate) fn write_key(&self, name: &str, key: &SecretKey) {
        self.write(&format!("{name}.key"), key.to_text().as_bytes());
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt as _;
            let only_owner = fs::Permissions::from_mode(0o600);
            fs::set_permissions(self.path(&format!("{name}.key")), only_owner).unwrap();
        }
        let public = self.run(&format!("keys show {name}.key")).code(0);
        self.write(&format!("{name}.pub.json"), public.out);
    }

    pub(crate) fn publish(&self, draft: &str, more: &str) -> Ran {
        self.run(&format!(
            "publish {draft} --recipient analyst.pub.json --submit http://127.0.0.1:8080/ssp \
             --site site {more}"
        ))
    }

    pub(crate) fn manifest(&self) -> Manifest {
        Manifest::parse(self.read("site/surveys.json").as_bytes()).unwrap()
    }

    /// The newest definition of a survey.
    pub(crate) fn hash(&self, survey: &str) -> DefinitionHash {
        self.manifest().survey(&survey.parse().unwrap()).unwrap().definitions[0]
    }

    pub(crate) fn definition_bytes(&self, hash: DefinitionHash) -> Vec<u8> {
        fs::read(self.path(&format!("site/d/{hash}.json"))).unwrap()
    }

    pub(crate) fn definition(&self) -> Definition {
        Definition::parse(&self.definition_bytes(self.hash("probe"))).unwrap()
    }

    /// An envelope to this desk's key; `number` tells it apart from others.
    pub(crate) fn seal(&self, number: u64, plaintext: &[u8]) -> Envelope {
        self.seal_for(number, plaintext, "probe", self.hash("probe"), &self.key)
    }

    pub(crate) fn seal_for(
        &self,
        number: u64,
        plaintext: &[u8],
        survey: &str,
        def: DefinitionHash,
        key: &SecretKey,
    ) -> Envelope {
        seal(number, plaintext, survey, def, &[key.public_key().clone()])
    }

    /// Puts lines of an export into `envelopes/`.
    pub(crate) fn store(&self, lines: &[String]) {
        let lines: String = lines.iter().map(|line| format!("{line}\n")).collect();
        self.write("envelopes/2025-11-23.ndjson", lines);
    }

    /// Opens `envelopes/` with the desk's key and all published definitions.
    pub(crate) fn open(&self) -> Ran {
        self.run("open --key analyst.key --definition site/d envelopes --out opened")
    }

    pub(crate) fn export(&self, more: &str) -> Ran {
        let hash = self.hash("probe");
        self.run(&format!("export csv opened --definition site/d/{hash}.json --out csv {more}"))
    }

    /// A line of `account.json`.
    pub(crate) fn account(&self, member: &str) -> u64 {
        let account: serde_json::Value =
            serde_json::from_str(&self.read("opened/account.json")).unwrap();
        account[member].as_u64().unwrap()
    }

    pub(crate) fn lines(&self, name: &str) -> Vec<serde_json::Value> {
        self.read(name).lines().map(|line| serde_json::from_str(line).unwrap()).collect()
    }
}

pub(crate) fn seal(
    number: u64,
    plaintext: &[u8],
    survey: &str,
    def: DefinitionHash,
    recipients: &[PublicKey],
) -> Envelope {
    // Ids are spread as random ones are.
    let mut id = [0; 16];
    id.copy_from_slice(&survey_wire::digest(&number.to_le_bytes())[..16]);
    let binding = Binding { survey, definition: &def.0, id: &id };
    let mut rng = Seeded::new(number);
    let sealed =
        survey_seal::seal(plaintext, SizeClass::Small, &binding, recipients, &mut rng).unwrap();
    let wrap = |wrap: survey_seal::Wrap| Wrap {
        kid: survey_wire::KeyId(wrap.kid.to_bytes()),
        w: wrap.bytes.try_into().unwrap(),
    };
    Envelope {
        survey: survey.parse::<SurveyId>().unwrap(),
        def,
        id: EnvelopeId(id),
        mode: Mode::Any,
        wraps: Wraps::new(sealed.wraps.into_iter().map(wrap).collect()).unwrap(),
        kc: sealed.commitment,
        ct: Ciphertext::new(sealed.body).unwrap(),
        del: [0; 32],
        auth: Auth::None,
    }
}

pub(crate) const DAY: &str = "2025-11-23";

/// A line of an export, as a collector writes it.
pub(crate) fn line(envelope: &Envelope) -> String {
    line_of_day(DAY, &String::from_utf8(envelope.to_json()).unwrap())
}

pub(crate) fn line_of_day(day: &str, envelope: &str) -> String {
    let day: Day = day.parse().unwrap();
    let line =
        ExportLine { day, digest: Digest::of(envelope.as_bytes()), envelope: envelope.to_owned() };
    serde_json::to_string(&line).unwrap()
}

/// The names of the files in a folder, sorted.
pub(crate) fn files(folder: &Path) -> Vec<String> {
    let names = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().file_name());
    let mut names: Vec<String> = names.map(|name| name.into_string().unwrap()).collect();
    names.sort();
    names
}
