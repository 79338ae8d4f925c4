//! What a person waits for, added up, and how much of it there may be.

use anyhow::{Context as _, Result, bail};

use super::Weight;

/// How much something may weigh: bytes of brotli, which every browser takes that runs the widget.
struct Budget {
    of: &'static str,
    limit: usize,
    reason: &'static str,
    parts: &'static [Part],
}

/// A part of what is loaded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Part {
    Loader,
    /// The heaviest one: somebody reads that language.
    Document,
    Glue,
    Program,
    Sealer,
}

const BUDGETS: &[Budget] = &[
    Budget {
        of: "the loader",
        limit: 5_000,
        reason: "it is loaded with every partner's page, by people who never answer as well; it \
                 listens for the keys that leave, keeps a way out in view and checks colours",
        parts: &[Part::Loader],
    },
    Budget {
        of: "the first question",
        limit: 14_300,
        reason: "with the 1,030 bytes of its head, ten segments of 1,460 bytes (RFC 6928) come in \
                 one flight; in languages that take more bytes a letter, what is left for the \
                 second is the end of the definition, long after the first question",
        parts: &[Part::Document],
    },
    Budget {
        of: "to answer and go on",
        limit: 65_000,
        reason: "the program runs before the first question is read, at 400 kbit/s",
        parts: &[Part::Program, Part::Glue],
    },
    Budget {
        of: "to submit",
        limit: 85_000,
        reason: "and can lock the answers before the second one is",
        parts: &[Part::Program, Part::Glue, Part::Sealer],
    },
];

/// The sums of a site.
pub(super) struct Sums(Vec<(&'static Budget, Vec<Weight>)>);

impl Sums {
    /// Adds up the files of a site.
    ///
    /// # Errors
    ///
    /// When a part is missing, or there is more than one of it.
    pub(super) fn new(weights: &[Weight]) -> Result<Self> {
        let sum = |budget: &'static Budget| {
            let files = budget.parts.iter().map(|part| part.file(weights).cloned());
            Ok((budget, files.collect::<Result<_>>()?))
        };
        Ok(Self(BUDGETS.iter().map(sum).collect::<Result<_>>()?))
    }

    /// The name of the wasm that holds the program.
    pub(super) fn program(&self) -> Option<&str> {
        let files = self.0.iter().flat_map(|(_, files)| files);
        files.map(|file| &*file.name).find(|name| Part::Program.is(name))
    }

    pub(super) fn table(&self) -> String {
        let mut table =
            format!("{:<20} {:>9} {:>9} {:>9} {:>9}\n", "sum", "raw", "gzip", "brotli", "budget");
        for (budget, files) in &self.0 {
            let sum = |column: fn(&Weight) -> usize| files.iter().map(column).sum::<usize>();
            table += &format!(
                "{:<20} {:>9} {:>9} {:>9} {:>9}\n",
                budget.of,
                sum(|file| file.raw),
                sum(|file| file.gzip),
                sum(|file| file.brotli),
                budget.limit
            );
        }
        table
    }

    /// # Errors
    ///
    /// When a sum is over its budget: which one, by how much, and which file weighs most.
    pub(super) fn check(&self) -> Result<()> {
        let mut over = Vec::new();
        for (budget, files) in &self.0 {
            let brotli: usize = files.iter().map(|file| file.brotli).sum();
            if let (true, Some(heaviest)) =
                (brotli > budget.limit, files.iter().max_by_key(|file| file.brotli))
            {
                over.push(format!(
                    "{}: {brotli} bytes of brotli, {} more than its {}, mostly {} ({}). Why so \
                     little: {}",
                    budget.of,
                    brotli - budget.limit,
                    budget.limit,
                    heaviest.name,
                    heaviest.brotli,
                    budget.reason
                ));
            }
        }
        if over.is_empty() {
            return Ok(());
        }
        bail!("over budget (xtask/src/size/budget.rs):\n  {}", over.join("\n  "))
    }
}

impl Part {
    fn is(self, name: &str) -> bool {
        let between = |prefix: &str, suffix: &str| {
            name.strip_prefix(prefix).is_some_and(|rest| rest.ends_with(suffix))
        };
        match self {
            Self::Loader => name == "embed.js",
            Self::Document => between("s/", "/index.html"),
            Self::Glue => between("views-", ".js"),
            Self::Program => between("views-", "_bg.wasm"),
            Self::Sealer => between("seal-", ".wasm"),
        }
    }

    /// The file that it is; of several documents, the heaviest.
    fn file(self, weights: &[Weight]) -> Result<&Weight> {
        let files = || weights.iter().filter(|weight| self.is(&weight.name));
        if self != Self::Document && files().count() > 1 {
            bail!("there is more than one {self:?} in this site: build it again");
        }
        files().max_by_key(|file| file.brotli).with_context(|| {
            format!(
                "there is no {self:?} in this folder; build a site with `cargo xtask publish \
                 --out DIR` and name it with `--site DIR`"
            )
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn site(sizes: [usize; 6]) -> Vec<Weight> {
        let names = [
            "embed.js",
            "s/48b33f92/index.html",
            "s/48b33f92/cy/index.html",
            "views-0.js",
            "views-1_bg.wasm",
            "seal-2.wasm",
        ];
        let weigh = |(name, brotli): (&str, usize)| Weight {
            name: name.to_owned(),
            raw: 3 * brotli,
            gzip: 2 * brotli,
            brotli,
        };
        names.into_iter().zip(sizes).map(weigh).collect()
    }

    #[test]
    fn what_is_over_budget_is_named_with_its_file() -> Result<()> {
        for (sizes, expected) in [
            ([5_000, 14_300, 1, 5_000, 60_000, 20_000], vec![]),
            ([5_001, 1, 1, 1, 1, 1], vec!["the loader", "5001", "embed.js"]),
            ([1, 1, 14_800, 1, 1, 1], vec!["the first question", "500 more", "s/48b33f92/cy/"]),
            ([1, 1, 1, 5_001, 60_000, 1], vec!["to answer", "views-1_bg.wasm (60000)"]),
            ([1, 1, 1, 1, 1, 85_000], vec!["to submit", "seal-2.wasm"]),
        ] {
            let message = match Sums::new(&site(sizes))?.check() {
                Ok(()) => String::new(),
                Err(error) => error.to_string(),
            };
            assert_eq!(message.is_empty(), expected.is_empty(), "{message}");
            for part in expected {
                assert!(message.contains(part), "`{part}` is not in: {message}");
            }
        }
        Ok(())
    }

    #[test]
    fn a_site_without_a_part_is_no_site() -> Result<()> {
        let whole = site([1; 6]);
        let sums = Sums::new(&whole)?;
        assert_eq!(sums.program(), Some("views-1_bg.wasm"));
        assert_eq!(sums.table().lines().count(), 5);
        assert!(Sums::new(whole.get(1..).unwrap_or_default()).is_err());
        assert!(Sums::new(&[whole.clone(), whole].concat()).is_err());
        Ok(())
    }
}
