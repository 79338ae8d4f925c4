//! Who may depend on whom: the table of ARCHITECTURE.md over cargo's own graph.
//!
//! Cargo's graph holds every dependency that any feature, target or test of the workspace turns
//! on, so it shows more edges than one build has and never fewer: a clean result can be trusted.

use std::collections::{BTreeMap, VecDeque};

use cargo_metadata::{DependencyKind, Metadata};

/// What a crate of ours promises.
struct Promise {
    package: &'static str,
    /// The crates of ours that it may use, in code or in its build script.
    uses: &'static [&'static str],
    /// What it must not reach, by however many steps. Tests are free.
    never: &'static [&'static str],
}

/// One row per workspace member.
const PROMISES: &[Promise] = &[
    Promise {
        package: WIDGET,
        uses: &["survey-core", "survey-locales", "survey-seal-request", "survey-wire"],
        never: &["axum", "sqlx", "tokio", "survey-seal", "hpke", "survey-locales"],
    },
    Promise { package: "survey-core", uses: &[], never: &["leptos", "web-sys", "tokio", "hpke"] },
    Promise {
        package: "survey-locales",
        uses: &[],
        never: &["leptos", "web-sys", "tokio", "hpke"],
    },
    Promise { package: "survey-seal", uses: &[], never: &["survey-core", "leptos", "tokio"] },
    Promise {
        package: "survey-seal-request",
        uses: &[],
        never: &["survey-seal", "survey-core", "leptos", "hpke", "wasm-bindgen"],
    },
    Promise {
        package: "survey-sealer",
        uses: &["survey-seal", "survey-seal-request"],
        // A way out of the module: to the page, to a clock, to randomness of its own.
        never: &["survey-core", "leptos", "getrandom", "js-sys", "wasm-bindgen", "web-sys"],
    },
    Promise { package: "survey-wire", uses: &[], never: &["hpke", "leptos", "axum"] },
    Promise {
        package: "survey-collector",
        uses: &["survey-wire"],
        never: &["survey-seal", "survey-core"],
    },
    Promise {
        package: "survey-analyst",
        uses: &["survey-core", "survey-locales", "survey-seal", "survey-wire"],
        never: &["leptos", "axum"],
    },
    Promise {
        package: "survey-conformance",
        uses: &["survey-wire", "survey-seal"],
        never: &["survey-collector"],
    },
    Promise {
        package: "e2e",
        uses: &["survey-collector", "survey-analyst", "survey-wire"],
        never: &[WIDGET],
    },
    Promise { package: "wasm-streams", uses: &[], never: &[] },
    Promise { package: "xtask", uses: &["survey-wire"], never: &["leptos", "tokio"] },
];

const WIDGET: &str = "victim-voice";

/// What the rules look at.
#[derive(Debug, Default)]
pub(super) struct Graph {
    packages: Vec<Package>,
}

#[derive(Debug, Default)]
struct Package {
    name: String,
    /// Part of this workspace?
    ours: bool,
    /// What its manifest says.
    declared: Vec<Declared>,
    /// Its `[features]`, each with one thing that it turns on.
    features: Vec<(String, String)>,
    /// What cargo made of it: positions in the graph, without test-only dependencies.
    reaches: Vec<usize>,
}

#[derive(Debug)]
struct Declared {
    /// The package's own name, whatever it is renamed to.
    name: String,
    kind: DependencyKind,
    target: Option<String>,
    features: Vec<String>,
}

impl Graph {
    pub(super) fn new(metadata: &Metadata) -> Self {
        let positions: BTreeMap<_, _> = metadata
            .packages
            .iter()
            .enumerate()
            .map(|(position, package)| (&package.id, position))
            .collect();
        let packages = metadata.packages.iter().map(|package| {
            let node = metadata
                .resolve
                .iter()
                .flat_map(|resolve| &resolve.nodes)
                .find(|node| node.id == package.id);
            let reaches = node
                .into_iter()
                .flat_map(|node| &node.deps)
                .filter(|edge| {
                    edge.dep_kinds.iter().any(|info| info.kind == DependencyKind::Normal)
                })
                .filter_map(|edge| positions.get(&edge.pkg).copied())
                .collect();
            Package {
                name: package.name.to_string(),
                ours: metadata.workspace_members.contains(&package.id),
                declared: package
                    .dependencies
                    .iter()
                    .map(|dependency| Declared {
                        name: dependency.name.clone(),
                        kind: dependency.kind,
                        target: dependency.target.as_ref().map(ToString::to_string),
                        features: dependency.features.clone(),
                    })
                    .collect(),
                features: package
                    .features
                    .iter()
                    .flat_map(|(name, on)| on.iter().map(|on| (name.clone(), on.clone())))
                    .collect(),
                reaches,
            }
        });
        Self { packages: packages.collect() }
    }

    fn ours(&self) -> impl Iterator<Item = (usize, &Package)> {
        self.packages.iter().enumerate().filter(|(_, package)| package.ours)
    }

    /// The shortest way from a package to one of that name, as names, or nothing.
    fn way(&self, from: usize, to: &str) -> Option<Vec<&str>> {
        let mut came_from = BTreeMap::new();
        let mut queue = VecDeque::from([from]);
        while let Some(here) = queue.pop_front() {
            let package = self.packages.get(here)?;
            if here != from && package.name == to {
                let mut way = vec![package.name.as_str()];
                let mut step = here;
                while let Some(&before) = came_from.get(&step) {
                    step = before;
                    way.push(&self.packages.get(step)?.name);
                }
                way.reverse();
                return Some(way);
            }
            for &next in &package.reaches {
                if next != from && !came_from.contains_key(&next) {
                    came_from.insert(next, here);
                    queue.push_back(next);
                }
            }
        }
        None
    }
}

/// All rules. The widget is held to what is compiled for the browser, everything else to every
/// platform.
pub(super) fn check(everywhere: &Graph, in_the_browser: &Graph) -> Vec<String> {
    let mut findings = edges(everywhere);
    findings.extend(reach(everywhere, |package| package != WIDGET));
    findings.extend(reach(in_the_browser, |package| package == WIDGET));
    findings.extend(server_side_rendering(everywhere));
    findings
}

/// A crate of ours uses no other one of ours that the table does not list.
fn edges(graph: &Graph) -> Vec<String> {
    let mut findings = Vec::new();
    for (_, package) in graph.ours() {
        let Some(promise) = promise_of(&package.name) else {
            findings.push(format!(
                "{}: a new crate needs a row in the table of ARCHITECTURE.md and in \
                 xtask/src/tidy/graph.rs",
                package.name
            ));
            continue;
        };
        for declared in &package.declared {
            let is_ours = graph.ours().any(|(_, ours)| ours.name == declared.name);
            if is_ours
                && declared.kind != DependencyKind::Development
                && !promise.uses.contains(&declared.name.as_str())
            {
                findings.push(format!(
                    "{}: may not use {}; it may use {}",
                    package.name,
                    declared.name,
                    listed(promise.uses)
                ));
            }
        }
    }
    findings
}

/// No crate of ours reaches what it promised never to.
fn reach(graph: &Graph, which: impl Fn(&str) -> bool) -> Vec<String> {
    let mut findings = Vec::new();
    for (position, package) in graph.ours().filter(|(_, package)| which(&package.name)) {
        let never = promise_of(&package.name).map_or([].as_slice(), |promise| promise.never);
        for forbidden in never {
            if let Some(way) = graph.way(position, forbidden) {
                findings.push(format!(
                    "{}: must never reach {forbidden}, but does: {}",
                    package.name,
                    way.join(" -> ")
                ));
            }
        }
    }
    findings
}

/// With leptos' `ssr` on, a wasm build drops every event handler (leptos#4586). Cargo joins the
/// features of all members, so none may turn it on except for tests on the host, and for
/// `views-page`, by the widget's feature of that name, which is asked for by hand.
fn server_side_rendering(graph: &Graph) -> Vec<String> {
    let mut findings = Vec::new();
    for (_, package) in graph.ours() {
        for declared in &package.declared {
            let host_tests = declared.kind == DependencyKind::Development
                && declared.target.as_deref() == Some(r#"cfg(not(target_arch = "wasm32"))"#);
            let turns_it_on = (declared.name == "leptos" || declared.name == WIDGET)
                && declared.features.iter().any(|feature| feature == RENDERING);
            if turns_it_on && !host_tests {
                findings.push(format!(
                    "{}: turns on leptos' `ssr`, which breaks the wasm build; it belongs under \
                     [target.'cfg(not(target_arch = \"wasm32\"))'.dev-dependencies]",
                    package.name
                ));
            }
        }
        for (feature, on) in &package.features {
            let by_hand = package.name == WIDGET && feature == RENDERING;
            if !by_hand && (on == "leptos/ssr" || on == RENDERING) {
                findings.push(format!(
                    "{}: the feature `{feature}` turns on `{on}`, which breaks the wasm build",
                    package.name
                ));
            }
        }
    }
    findings
}

/// The one feature of the widget.
const RENDERING: &str = "ssr";

/// The root package has no other feature, and the workspace no default members.
pub(super) fn check_root(metadata: &Metadata) -> Vec<String> {
    let features = metadata
        .root_package()
        .map(|package| package.features.keys().map(String::as_str).collect())
        .unwrap_or_default();
    let default_members = metadata
        .packages
        .iter()
        .filter(|package| metadata.workspace_default_members.contains(&package.id))
        .map(|package| package.name.as_str())
        .collect();
    root(features, default_members)
}

fn root(features: Vec<&str>, default_members: Vec<&str>) -> Vec<String> {
    let mut findings = Vec::new();
    let others: Vec<_> = features.into_iter().filter(|feature| *feature != RENDERING).collect();
    if !others.is_empty() {
        findings.push(format!(
            "Cargo.toml: the widget has no features but `{RENDERING}`, so that there is one \
             widget; found {}",
            listed(&others)
        ));
    }
    if default_members != [WIDGET] {
        findings.push(
            "Cargo.toml: no `default-members`: trunk calls `cargo build` without `--package` and \
             would build host crates for wasm"
                .to_owned(),
        );
    }
    findings
}

fn promise_of(package: &str) -> Option<&'static Promise> {
    PROMISES.iter().find(|promise| promise.package == package)
}

fn listed(names: &[&str]) -> String {
    if names.is_empty() { "none of ours".to_owned() } else { names.join(", ") }
}

#[cfg(test)]
mod tests;
