//! Each rule over made-up workspaces, with at least one that breaks it.

use super::*;

/// A package and what it needs, as `name`, `name (dev)` or `name (build)`.
fn graph(ours: &[(&str, &[&str])], others: &[(&str, &[&str])]) -> Graph {
    let all = || ours.iter().chain(others);
    let position = |name: &str| {
        all()
            .position(|(package, _)| *package == name)
            .unwrap_or_else(|| panic!("{name} is not in the graph"))
    };
    let packages = all().enumerate().map(|(number, (name, needs))| {
        let declared = needs.iter().map(|need| {
            let (name, kind) = match need.split_once(" (") {
                Some((name, "dev)")) => (name, DependencyKind::Development),
                Some((name, _)) => (name, DependencyKind::Build),
                None => (*need, DependencyKind::Normal),
            };
            Declared { name: name.to_owned(), kind, target: None, features: Vec::new() }
        });
        let declared: Vec<_> = declared.collect();
        Package {
            name: (*name).to_owned(),
            ours: number < ours.len(),
            reaches: declared
                .iter()
                .filter(|declared| declared.kind == DependencyKind::Normal)
                .map(|declared| position(&declared.name))
                .collect(),
            declared,
            features: Vec::new(),
        }
    });
    Graph { packages: packages.collect() }
}

#[test]
fn an_edge_that_the_table_does_not_list_is_found() {
    let check = |ours: &[(&str, &[&str])]| edges(&graph(ours, &[("serde", &[])]));
    let wire: (&str, &[&str]) = ("survey-wire", &["serde"]);
    let seal: (&str, &[&str]) = ("survey-seal", &[]);

    assert!(check(&[("survey-collector", &["survey-wire", "serde"]), wire]).is_empty());
    assert!(check(&[("survey-collector", &["survey-seal (dev)"]), seal]).is_empty());
    assert_eq!(
        check(&[("survey-collector", &["survey-seal"]), seal]),
        ["survey-collector: may not use survey-seal; it may use survey-wire"]
    );
    assert_eq!(
        check(&[("survey-wire", &["survey-seal (build)"]), seal]),
        ["survey-wire: may not use survey-seal; it may use none of ours"]
    );
}

#[test]
fn a_crate_without_a_row_is_found() {
    let findings = edges(&graph(&[("survey-extra", &[])], &[]));
    assert_eq!(findings.len(), 1);
    assert!(findings.iter().all(|finding| finding.starts_with("survey-extra: a new crate")));
}

#[test]
fn what_must_never_be_reached_is_found_however_far_away() {
    let check = |ours: &[(&str, &[&str])], others| reach(&graph(ours, others), |_| true);
    let far: &[(&str, &[&str])] =
        &[("client", &["runtime"]), ("runtime", &["tokio", "client"]), ("tokio", &[])];
    assert_eq!(
        check(&[("survey-core", &["client"])], far),
        [
            "survey-core: must never reach tokio, but does: survey-core -> client -> runtime -> tokio"
        ]
    );
    assert!(check(&[("survey-core", &["client (dev)"])], far).is_empty());
    assert!(check(&[("survey-wire", &["client"])], far).is_empty());
    // The promise holds through crates of ours as well.
    assert_eq!(
        check(
            &[("survey-collector", &["helper"]), ("survey-core", &[])],
            &[("helper", &["survey-core"])]
        )
        .len(),
        1
    );
}

#[test]
fn only_the_build_for_the_browser_binds_the_widget() {
    let widget: &[(&str, &[&str])] = &[("victim-voice", &["tokio"])];
    let tokio: &[(&str, &[&str])] = &[("tokio", &[])];
    let host_only = check(&graph(widget, tokio), &graph(&[("victim-voice", &[])], &[]));
    assert_eq!(host_only, [] as [&str; 0]);
    let findings = check(&graph(widget, tokio), &graph(widget, tokio));
    assert_eq!(findings, ["victim-voice: must never reach tokio, but does: victim-voice -> tokio"]);
}

#[test]
fn server_side_rendering_is_for_tests_on_the_host() {
    let check = |kind, target: Option<&str>, feature: &str| {
        let mut graph = graph(&[("victim-voice", &["leptos"])], &[("leptos", &[])]);
        let declared = &mut graph.packages[0].declared[0];
        declared.kind = kind;
        declared.target = target.map(str::to_owned);
        declared.features = vec![feature.to_owned()];
        server_side_rendering(&graph).len()
    };
    let host = Some(r#"cfg(not(target_arch = "wasm32"))"#);
    assert_eq!(check(DependencyKind::Normal, None, "csr"), 0);
    assert_eq!(check(DependencyKind::Development, host, "ssr"), 0);
    assert_eq!(check(DependencyKind::Development, None, "ssr"), 1);
    assert_eq!(check(DependencyKind::Normal, host, "ssr"), 1);
    assert_eq!(check(DependencyKind::Normal, None, "ssr"), 1);

    let check = |package, feature: &str, on: &str| {
        let mut graph = graph(&[(package, &[])], &[]);
        graph.packages[0].features = vec![(feature.to_owned(), on.to_owned())];
        server_side_rendering(&graph).len()
    };
    assert_eq!(check("victim-voice", "ssr", "leptos/ssr"), 0);
    assert_eq!(check("victim-voice", "fast", "leptos/ssr"), 1);
    assert_eq!(check("victim-voice", "default", "ssr"), 1);
    assert_eq!(check("survey-wire", "ssr", "leptos/ssr"), 1);
}

#[test]
fn the_root_has_one_feature_and_no_default_members() {
    assert!(root(vec![], vec![WIDGET]).is_empty());
    assert!(root(vec!["ssr"], vec![WIDGET]).is_empty());
    assert_eq!(root(vec!["default"], vec![WIDGET]).len(), 1);
    assert_eq!(root(vec![], vec![WIDGET, "survey-collector"]).len(), 1);
}

#[test]
fn a_renamed_dependency_is_still_found() {
    let metadata = r#"{
        "packages": [
            {"name": "survey-core", "version": "0.1.0", "id": "core", "license": null,
             "description": null, "source": null, "dependencies": [
                {"name": "tokio", "source": null, "req": "1", "kind": null, "rename": "clock",
                 "optional": false, "uses_default_features": true, "features": [],
                 "target": null, "registry": null}],
             "targets": [], "features": {}, "manifest_path": "/w/Cargo.toml"},
            {"name": "tokio", "version": "1.0.0", "id": "tokio", "license": null,
             "description": null, "source": null, "dependencies": [], "targets": [],
             "features": {}, "manifest_path": "/t/Cargo.toml"}],
        "workspace_members": ["core"],
        "workspace_default_members": ["core"],
        "resolve": {"nodes": [
            {"id": "core", "dependencies": ["tokio"], "features": [], "deps": [
                {"name": "clock", "pkg": "tokio", "dep_kinds": [{"kind": null, "target": null}]}]},
            {"id": "tokio", "dependencies": [], "features": [], "deps": []}], "root": "core"},
        "target_directory": "/w/target", "version": 1, "workspace_root": "/w"
    }"#;
    let metadata = cargo_metadata::MetadataCommand::parse(metadata).expect("cargo's format");
    assert_eq!(
        reach(&Graph::new(&metadata), |_| true),
        ["survey-core: must never reach tokio, but does: survey-core -> tokio"]
    );
}
