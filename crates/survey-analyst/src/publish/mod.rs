//! Publishing: a draft becomes a definition that people can answer, on a site that serves it.

mod compose;
mod site;

use std::{io::Write, path::PathBuf};

use survey_core::{Definition, PageKind};
use survey_seal::SizeClass;
use survey_wire::{Day, DefinitionHash, Origin, SurveyId, page_code};

pub(crate) use self::compose::{Lines, content, support_lines};
use crate::{
    definition::Known,
    error::Error,
    files,
    keys::Recipient,
    texts::{self, Choice, Tally, Translated},
};

/// What to publish, for whom, and where.
#[derive(Clone, Debug, clap::Args)]
pub struct Publish {
    /// The draft: a definition without recipients and addresses
    #[arg(value_name = "DEF.json")]
    pub draft: PathBuf,
    /// Public key file of an analyst (from `keys new`); each of them can open every answer
    #[arg(long = "recipient", value_name = "FILE", required = true)]
    pub recipients: Vec<PathBuf>,
    /// Where answers are posted: the protocol base without a slash at the end; first choice first
    #[arg(long, value_name = "URL", required = true)]
    pub submit: Vec<String>,
    /// Support lines to publish, such as surveys/helplines.json; lines that nobody verified are
    /// left out
    #[arg(long, value_name = "FILE")]
    pub support_lines: Option<PathBuf>,
    /// Which of the translations beside the draft and the support lines are published
    #[command(flatten)]
    pub choice: Choice,
    /// Folder of the built site
    #[arg(long, value_name = "DIR")]
    pub site: PathBuf,
    /// Address under which the site is reached, for what is printed; else taken from the first
    /// --submit
    #[arg(long, value_name = "URL")]
    pub public_url: Option<String>,
    /// Last day (UTC) on which answers are taken, YYYY-MM-DD
    #[arg(long, value_name = "DAY")]
    pub closes: Option<Day>,
    /// Stop taking answers to definitions of this survey that were published before, as soon as
    /// the pages are written that ask for this one
    #[arg(long)]
    pub retire_previous: bool,
}

/// Publishes a draft: see [`Publish`]. The same draft, translations, keys and addresses give the
/// same bytes, and so the same hash, on every machine.
///
/// Writes the definition and the list of surveys, in this order, so that a stop half way leaves a
/// site that works. The pages are made by the widget's own code, which this program does not hold.
///
/// # Errors
///
/// [`Error::Definition`] for faults of the draft, [`Error::Translation`] for those of translations
/// beside it, [`Error::File`] for keys, support lines or a site that are not as they have to be, [`Error::Usage`] for addresses, [`Error::Io`]. Nothing is
/// written unless all input is right.
pub fn publish(
    args: &Publish,
    today: Day,
    out: &mut dyn Write,
    err: &mut dyn Write,
) -> Result<(), Error> {
    let origins = origins(&args.submit)?;
    let recipients = recipients(args, today)?;
    // Read first as it is, so that faults name places in the author's own file.
    let draft = Known::read(&args.draft)?;
    let translated = texts::draft(&args.draft, &draft.definition, &draft.bytes, &args.choice)?;
    let lines = args.support_lines.as_deref();
    let lines = lines.map(|path| support_lines(path, &translated.languages, &args.choice));
    let lines = lines.transpose()?;
    let text = compose::compose(&translated.text, &recipients, &args.submit, lines.as_ref());
    let text = text.map_err(|why| Error::file(&args.draft, why))?;
    let definition = Definition::parse(text.as_bytes())
        .map_err(|faults| Error::Definition { path: args.draft.clone(), faults })?;
    let hash = DefinitionHash::of(text.as_bytes());
    // Cannot fail: both crates know survey ids by the same form.
    let id: SurveyId =
        definition.id().as_str().parse().map_err(|_| Error::file(&args.draft, "no survey id"))?;

    let site = site::Site::open(&args.site)?;
    let mut manifest = site.manifest()?;
    let listed = site::list(&mut manifest, &id, hash, origins, args);
    site.check(&manifest)?;
    warn(&site, &definition, &text, &listed.kept, err)?;
    warn_of_languages(&translated, lines.as_ref(), err)?;
    site.write(&manifest, hash, &text)?;

    let base = public_url(args);
    let page = page_code(&id);
    writeln!(out, "published      {id} {}", definition.version())?;
    writeln!(out, "definition     {}", args.site.join(format!("d/{hash}.json")).display())?;
    writeln!(out, "its own page   {base}/s/{page}/")?;
    if listed.first {
        writeln!(out, "               {base}/")?;
    }
    for recipient in &recipients {
        let label = recipient.label.as_deref().unwrap_or("no label");
        writeln!(out, "sealed for     {} ({label})", recipient.kid)?;
    }
    for url in &args.submit {
        writeln!(out, "posted to      {url}")?;
    }
    if let Some(lines) = &lines {
        writeln!(
            out,
            "support lines  {} shown, {} left out because nobody verified them",
            lines.verified.len(),
            lines.left_out
        )?;
    }
    print_languages(&translated, lines.as_ref(), out)?;
    let longest = definition.longest_response();
    let class = SizeClass::for_len(longest).map_or(0, SizeClass::padded_len);
    writeln!(out, "size class     {class} bytes, whatever is answered (at most {longest} needed)")?;
    match listed.kept.len() {
        0 => {}
        n => writeln!(out, "also taken     {n} earlier (--retire-previous stops that)")?,
    }
    match listed.retiring {
        0 => {}
        n => writeln!(out, "retired        {n} earlier, once the pages are written")?,
    }
    writeln!(
        out,
        "\nNow write the pages, which show what was published before:\n  cargo xtask pages --site {}\n\
         Embed it with this tag:\n  <script src=\"{base}/embed.js\" data-survey=\"{id}\" async></script>",
        args.site.display()
    )?;
    Ok(())
}

/// The origins that the survey's page has to be allowed to connect to.
fn origins(submit: &[String]) -> Result<Vec<Origin>, Error> {
    let mut origins: Vec<Origin> = Vec::new();
    for url in submit {
        let after_scheme = url.find("://").map_or(0, |at| at + 3);
        let end = url[after_scheme..].find('/').map_or(url.len(), |at| after_scheme + at);
        let origin: Origin = url[..end].parse().map_err(|error| {
            Error::Usage(format!(
                "--submit {url}: {error}; give the protocol base, such as \
                 https://forms.example/ssp"
            ))
        })?;
        if !origin.is_secure() {
            return Err(Error::Usage(format!(
                "--submit {url}: answers are only posted over https (http: on this machine alone); \
                 put a TLS proxy before the collector"
            )));
        }
        if !origins.contains(&origin) {
            origins.push(origin);
        }
    }
    Ok(origins)
}

fn recipients(args: &Publish, today: Day) -> Result<Vec<Recipient>, Error> {
    let mut recipients: Vec<Recipient> = Vec::new();
    for path in &args.recipients {
        let recipient = Recipient::read(path)?;
        if let Some(last) = recipient.not_after.filter(|last| *last < today) {
            let why = format!("this key was for use until {last}; make a new one with `keys new`");
            return Err(Error::file(path, why));
        }
        if recipients.iter().any(|known| known.kid == recipient.kid) {
            let why = format!("key {} is given twice; give each once", recipient.kid);
            return Err(Error::file(path, why));
        }
        recipients.push(recipient);
    }
    Ok(recipients)
}

/// What does not stop publishing, but should make somebody think.
fn warn(
    site: &site::Site,
    definition: &Definition,
    text: &str,
    earlier: &[DefinitionHash],
    err: &mut dyn Write,
) -> Result<(), Error> {
    if definition.owner().is_none() {
        writeln!(err, "warning: no `owner`: people are not told who runs this survey")?;
    }
    let promised = definition
        .pages()
        .iter()
        .any(|page| matches!(page.kind(), PageKind::Statement(statement) if statement.support));
    if promised && definition.support_lines().is_empty() {
        writeln!(
            err,
            "warning: a page shows support lines and there are none; give --support-lines FILE"
        )?;
    }
    if !compose::has_emergency_line(text) {
        writeln!(
            err,
            "warning: no support line `emergency` that somebody verified: people in danger are not \
             told whom to call"
        )?;
    }
    for hash in earlier {
        // One that is gone or unreadable cannot be compared; it is none of this command's work.
        let Ok(bytes) = files::read(&site.definition_path(*hash)) else { continue };
        let Ok(before) = Definition::parse(&bytes) else { continue };
        let before_text = String::from_utf8_lossy(&bytes);
        if before.version() == definition.version() && content(&before_text) != content(text) {
            writeln!(
                err,
                "warning: version {} was published before with other content ({hash}); raise \
                 `version`, or nobody can tell the answers apart",
                definition.version()
            )?;
        }
    }
    Ok(())
}

/// Says which languages there are, and how much of each.
pub(crate) fn print_languages(
    translated: &Translated,
    lines: Option<&Lines>,
    out: &mut dyn Write,
) -> Result<(), Error> {
    writeln!(out, "languages      {}", translated.languages[0])?;
    for tally in &translated.tallies {
        writeln!(out, "               {tally}")?;
    }
    for tally in lines.iter().flat_map(|lines| &lines.tallies) {
        writeln!(out, "               support lines in {tally}")?;
    }
    Ok(())
}

/// What should make somebody think about the translations.
pub(crate) fn warn_of_languages(
    translated: &Translated,
    lines: Option<&Lines>,
    err: &mut dyn Write,
) -> Result<(), Error> {
    let tags = |tallies: &mut dyn Iterator<Item = &Tally>| {
        tallies.map(|tally| tally.language.as_str()).collect::<Vec<_>>().join(", ")
    };
    let shown = lines.map(|lines| &*lines.tallies).unwrap_or_default();
    for language in &translated.left_out {
        writeln!(err, "warning: {language}: left out, because no native speaker reviewed it")?;
    }
    for tally in translated.tallies.iter().filter(|tally| tally.left() > 0) {
        let source = &translated.languages[0];
        writeln!(err, "warning: {tally}; the rest is shown in {source}")?;
    }
    let unreviewed = |tally: &&Tally| tally.reviewed == Some(false);
    let survey = tags(&mut translated.tallies.iter().filter(unreviewed));
    if !survey.is_empty() {
        writeln!(
            err,
            "warning: no native speaker reviewed the survey in {survey}; --reviewed-only leaves such \
             translations out"
        )?;
    }
    let of_lines = tags(&mut shown.iter().filter(unreviewed));
    if !of_lines.is_empty() {
        writeln!(err, "warning: no native speaker reviewed the support lines in {of_lines}")?;
    }
    let missing = tags(&mut shown.iter().filter(|tally| tally.translated == 0));
    if !missing.is_empty() {
        writeln!(
            err,
            "warning: no support lines in {missing}: people who read nothing else are not told who \
             helps; translate them (docs/translate.md)"
        )?;
    }
    Ok(())
}

/// Where the site is reached, without a slash at the end.
fn public_url(args: &Publish) -> &str {
    let url = args.public_url.as_deref().unwrap_or_else(|| {
        let first = args.submit.first().map_or("", String::as_str);
        first.strip_suffix("/ssp").unwrap_or(first)
    });
    url.trim_end_matches('/')
}
