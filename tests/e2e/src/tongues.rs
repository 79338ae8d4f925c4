//! A survey in English, Welsh and Arabic, not all of it translated.

use std::{
    fs,
    path::{Path, PathBuf},
};

use anyhow::{Context as _, Result};
use serde_json::{Map, Value, json};

use crate::places::workspace;

/// Its name.
pub(crate) const NAME: &str = "tongues";

/// What the widget says in them. Everything else is in English.
const SENTENCES: [(&str, &str, &str); 12] = [
    ("leave", "Gadael y dudalen hon", "مغادرة هذه الصفحة"),
    ("back", "Yn ôl", "رجوع"),
    ("next", "Parhau", "متابعة"),
    ("skip", "Hepgor y cwestiwn hwn", "تخطي هذا السؤال"),
    ("language", "Iaith", "اللغة"),
    ("month", "Mis", "الشهر"),
    ("year", "Blwyddyn", "السنة"),
    ("check_heading", "Gwirio eich atebion", "تحقق من إجاباتك"),
    ("check_list", "Eich atebion", "إجاباتك"),
    ("send", "Anfon fy atebion", "إرسال إجاباتي"),
    ("progress", "{section}: {at} o {of}", "{section}: {at} من {of}"),
    ("problem_month_missing", "Rhowch y mis hefyd.", "أعطِ الشهر أيضًا."),
];

/// The draft, as it is published.
pub(crate) fn draft() -> Value {
    let said = |en: &str, cy: &str, ar: &str| json!({ "en": en, "cy": cy, "ar": ar });
    json!({
        "format": 1,
        "id": NAME,
        "version": "1.0.0",
        "languages": ["en", "cy", "ar"],
        "title": said("Your views", "Eich barn", "رأيك"),
        "owner": "Run by nobody, for tests.",
        "exit_url": "https://www.bbc.co.uk/weather",
        "start": { "body": [said("Hello.", "Helo.", "مرحبا.")] },
        "sections": [{ "id": "core", "title": said("Questions", "Cwestiynau", "أسئلة") }],
        "pages": [
            {
                "type": "single", "key": "one", "section": "core",
                "text": said("One?", "Un?", "واحد؟"),
                "options": [
                    { "code": 1, "label": said("Yes", "Oes", "نعم") },
                    { "code": 2, "label": said("No", "Nac oes", "لا") },
                ],
            },
            {
                "type": "text", "key": "words", "section": "core", "max_length": 200,
                "text": said("Words?", "Geiriau?", "كلمات؟"),
            },
            {
                "type": "month", "key": "when", "section": "core", "from": "2015-01", "to": "2026-12",
                "text": said("When?", "Pryd?", "متى؟"),
            },
            {
                "type": "rating", "key": "rate", "section": "core", "min": 0, "max": 10,
                "text": { "en": "Rate?", "ar": "التقييم؟" },
                "min_label": said("Not at all", "Ddim o gwbl", "لا على الإطلاق"),
                "max_label": said("Fully", "Yn llwyr", "تمامًا"),
            },
        ],
        "end": { "heading": said("Sent", "Anfonwyd", "أُرسلت"), "body": [] },
        "support_lines": [{
            "id": "help", "name": said("Help", "Cymorth", "مساعدة"), "phone": "08 08 16 89 111",
            "verified": true, "source": "a test",
        }],
    })
}

/// Writes the widget's own sentences in Welsh and Arabic, made from the English ones as they are.
pub(crate) fn locales(folder: &Path) -> Result<PathBuf> {
    let english = fs::read_to_string(workspace().join("locales/en.json"))?;
    let english: Value = serde_json::from_str(&english)?;
    let folder = folder.join("locales");
    fs::create_dir_all(&folder)?;
    for (tag, name, pick) in [("cy", "Cymraeg", 0), ("ar", "العربية", 1)] {
        let mut sentences = Map::new();
        for (key, welsh, arabic) in SENTENCES {
            let source = english["sentences"][key].as_str();
            let source = source.with_context(|| format!("no sentence `{key}` in English"))?;
            let text = [welsh, arabic][pick];
            sentences.insert(key.to_owned(), json!({ "source": source, "text": text }));
        }
        let file = json!({
            "format": 1, "language": tag, "name": name, "reviewed": tag == "cy",
            "sentences": sentences,
        });
        fs::write(folder.join(format!("{tag}.json")), file.to_string())?;
    }
    Ok(folder)
}
