//! `provider new`: names and folders that it refuses. What it writes is built in
//! `tests/authors/`.

use support::Context;

use super::provider;

#[test]
fn a_name_or_a_folder_that_cannot_be_is_refused() {
    let context = Context::in_memory();
    let project = context.project("analysis");
    let new = |arguments: &[&str]| provider(&project, &[&["new"], arguments].concat()).snapshot();
    insta::assert_snapshot!(new(&["My Cluster"]), @r"
    exit status: 2
    --- stdout
    --- stderr
    error: `My Cluster` cannot be the name of a provider: use lower-case letters, digits, `-` and `_`, as in `slurm` or `acme/slurm`
    hint: choose a name like `slurm` or `my-cluster`
    ");
    insta::assert_snapshot!(new(&["acme/slurm"]), @r"
    exit status: 2
    --- stdout
    --- stderr
    error: `acme/slurm` has a namespace; leave it out here, `add --name acme/slurm` adds it
    hint: choose a name like `slurm` or `my-cluster`
    ");
    insta::assert_snapshot!(new(&["docker"]), @r"
    exit status: 2
    --- stdout
    --- stderr
    error: `docker` is the name of a provider that is part of `renku`
    hint: choose a name like `slurm` or `my-cluster`
    ");
    insta::assert_snapshot!(new(&["slurm", "--directory", "."]), @r"
    exit status: 1
    --- stdout
    --- stderr
    error: `.` already exists and is not empty
    hint: name another folder with `--directory`
    ");
    insta::assert_snapshot!(new(&["slurm", "--lang", "cobol"]), @r"
    exit status: 2
    --- stdout
    --- stderr
    error: invalid value 'cobol' for '--lang <LANGUAGE>'
      [possible values: rust, python]

    For more information, try '--help'.
    ");
}
