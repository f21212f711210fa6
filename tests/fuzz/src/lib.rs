//! Fuzzing of every parser of foreign bytes: of a provider's file, of a project, of an
//! engine, a registry, a web service, a session.
//!
//! A target gives bytes to one parser and checks what must hold of every answer. Inputs that
//! found a fault, and some that reach far, are kept in `corpus/TARGET`: an ordinary test
//! gives them to their target. `cargo xtask fuzz` makes new ones with libFuzzer.

mod targets;

pub use targets::{TARGETS, Target, find};

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;
    use std::fs;
    use std::path::PathBuf;

    use super::*;

    fn corpus() -> PathBuf {
        PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("corpus")
    }

    #[test]
    fn every_target_has_inputs_and_every_folder_of_them_a_target() {
        let folders = fs::read_dir(corpus()).unwrap();
        let folders: BTreeSet<String> =
            folders.map(|it| it.unwrap().file_name().to_string_lossy().into_owned()).collect();
        let targets: BTreeSet<String> = TARGETS.iter().map(|it| it.name.to_owned()).collect();
        assert_eq!(folders, targets);
    }

    #[test]
    fn no_kept_input_breaks_its_target() {
        for target in &TARGETS {
            let mut count = 0;
            for input in fs::read_dir(corpus().join(target.name)).unwrap() {
                let path = input.unwrap().path();
                // Named before it is tried: a panic does not say which one it was.
                println!("{}", path.display());
                target.run(&fs::read(&path).unwrap());
                count += 1;
            }
            assert!(count > 0, "{} has no inputs", target.name);
        }
    }
}
