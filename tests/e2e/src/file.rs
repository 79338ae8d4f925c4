//! The files of a survey, by what they are for: their names change from build to build.

/// A file that a browser gets from the survey's origin.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum File {
    /// `embed.js`, which the partner's page names.
    Loader,
    /// The document, in the frame or in a tab of its own.
    Document,
    /// What starts the program.
    Glue,
    /// The program.
    Program,
    /// What seals a response.
    Sealer,
}

impl File {
    /// Which one lies at a path.
    pub(crate) fn at(path: &str) -> Option<Self> {
        let path = path.split_once('?').map_or(path, |(path, _)| path);
        let name = path.rsplit('/').next().unwrap_or(path);
        if path.starts_with("/s/") {
            let hashed = name.starts_with("views-") && name.ends_with(".html");
            return (hashed || name.is_empty()).then_some(Self::Document);
        }
        match (name.split(['-', '.']).next(), name.rsplit('.').next()) {
            (Some("embed"), Some("js")) => Some(Self::Loader),
            (Some("views"), Some("js")) => Some(Self::Glue),
            (Some("views"), Some("wasm")) => Some(Self::Program),
            (Some("seal"), Some("wasm")) => Some(Self::Sealer),
            _ => None,
        }
    }

    /// What it is called in these tests.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Loader => "the loader",
            Self::Document => "the document",
            Self::Glue => "the program's glue",
            Self::Program => "the program",
            Self::Sealer => "the sealer",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_are_told_apart_by_their_names() {
        for (path, file) in [
            ("/embed.js", Some(File::Loader)),
            ("/embed-0123456789abcdef.js", Some(File::Loader)),
            ("/s/48b33f92/", Some(File::Document)),
            ("/s/48b33f92/cy/", Some(File::Document)),
            ("/s/48b33f92/views-0123456789abcdef.html", Some(File::Document)),
            ("/views-0123456789abcdef.js", Some(File::Glue)),
            ("/views-0123456789abcdef.js?2", Some(File::Glue)),
            ("/views-0123456789abcdef_bg.wasm", Some(File::Program)),
            ("/seal-0123456789abcdef.wasm", Some(File::Sealer)),
            ("/ssp/responses", None),
            ("/embed.d.ts", None),
            ("/surveys.json", None),
        ] {
            assert_eq!(File::at(path), file, "{path}");
        }
    }
}
