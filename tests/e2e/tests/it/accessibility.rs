//! Every page in every state as assistive technology gets it: roles, names, descriptions, states.
//!
//! Taken on the survey's own page: the driver reads the tree of the tab's document alone, and it is
//! the same document as in a frame. After a change, look at what is different before taking it
//! with `UPDATE_EXPECT=1`: each of these lines is what somebody hears.

use std::{collections::BTreeSet, fs, path::Path};

use anyhow::{Result, ensure};
use e2e::{Place, Questions, State, World, tour};
use expect_test::expect_file;

#[tokio::test(flavor = "multi_thread")]
async fn every_page_is_read_as_it_is_meant() -> Result<()> {
    let world = World::start(Questions::EveryType).await?;
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/it/read_as");
    let mut names = BTreeSet::new();
    tour(&world, Place::Top, async |stop, _| {
        // Its words change by themselves while somebody looks.
        if stop.state == State::Waiting {
            return Ok(());
        }
        let tree = world.browser().accessibility_tree().await?;
        let name = format!("{stop}.txt");
        expect_file![folder.join(&name)].assert_eq(&tree);
        names.insert(name);
        Ok(())
    })
    .await?;
    for file in fs::read_dir(&folder)? {
        let file = file?.file_name().to_string_lossy().into_owned();
        ensure!(names.contains(&file), "{file} is of no page: remove it");
    }
    assert_eq!(world.collector.stored().await?.len(), 1);
    world.end().await
}
