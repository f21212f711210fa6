//! Help, tables and documents, whole.

use support::Context;

#[test]
fn help_of_every_command() {
    let context = Context::in_memory();
    let project = context.project("analysis");
    let help = |arguments: &[&str]| project.renku(arguments).run().success().stdout;
    insta::assert_snapshot!(help(&["--help"]), @r"
    Interactive sessions of a git project, on any container engine

    Usage: renku <COMMAND>

    Commands:
      session     Start, list, open and stop interactive sessions of this project
      config      Show and change the settings of this project, or your own
      login       Log in to a RenkuLab in the browser
      logout      Log out of a RenkuLab
      whoami      Show who you are at a RenkuLab
      completion  Print the script that lets a shell complete commands and session names

    Options:
      -h, --help     Print help
      -V, --version  Print version
    ");
    insta::assert_snapshot!(help(&["session", "--help"]), @r"
    Start, list, open and stop interactive sessions of this project

    Usage: renku session <COMMAND>

    Commands:
      start     Start a session of this project and wait until it answers
      ls        List the sessions of this project [alias: list]
      stop      Stop sessions of this project
      open      Open a session in the browser and print its URL
      pause     Pause a session (if the provider supports it)
      resume    Resume a paused session
      pull      Copy a session's changes back into the project
      logs      Print the log of a session
      exec      Run a command in a session
      shell     Open a shell in a session
      code      Print the address by which VS Code attaches to a session, and open it
      image     Print the name of the image that `start` would use
      doctor    Check this computer for problems and suggest how to fix them
      provider  Install, check and grant permissions to providers
      origin    Configure the web services that providers may use

    Options:
      -h, --help     Print help
      -V, --version  Print version
    ");
    insta::assert_snapshot!(help(&["session", "start", "-h"]), @r"
    Start a session of this project and wait until it answers

    Usage: renku session start [OPTIONS]

    Options:
      -p, --provider <NAME>           The provider: a name, or the path of a `.wasm` file
          --format <FORMAT>           The format of the output [default: table] [possible values: table,
                                      json, yaml, tsv, log]
      -y, --yes                       Answer every yes-or-no question with yes
          --answer <ID=VALUE>         Answer one question of a provider
      -v, --verbose...                Print more detail; twice for even more
          --locked                    Use only providers in this project's lock file
          --offline                   Do not contact web services, provider sources or git servers
          --image <IMAGE>             Use this image instead of building the project's
          --file <PATH>               The Dockerfile to build [default: Dockerfile in the project's
                                      root]
          --build-arg <NAME[=VALUE]>  A build argument of the Dockerfile; without a value, that of the
                                      environment
          --force-build               Build the project's image even if there is one
          --pull <WHEN>               When to pull the image from its registry [default: missing]
                                      [possible values: never, missing, always]
          --name <NAME>               The name of the session [default: the project's and five
                                      characters]
          --cpu <N>                   CPUs, such as 2 or 0.5
          --memory <SIZE>             Memory, such as 2Gi or 500m
          --disk <SIZE>               Disk, such as 10G
          --gpu <N|all|…>             GPUs: a number, `all`, or `device=NAME,…` [alias: --gpus]
          --best-effort               Leave out options that the engine does not support, with a warning
          --mount <HOW>               How the session gets the project's files [default: project]
                                      [possible values: project, volume, none]
      -c, --config <FILE.yaml>        A YAML file with settings of the provider
      -o, --option <NAME=VALUE>       An option of the provider by name, even where `renku` has one of
                                      that name
          --no-wait                   Return as soon as the session exists
          --wait-timeout <DURATION>   How long to wait until the session answers [default: 2min, remote
                                      15min]
          --dry-run                   Show what would happen, without doing it
          --show-values               Show the values of variables with `--dry-run`, which prints `***`
                                      otherwise
          --no-changes                Refuse to change anything (`--read-only` of the other commands)
          --push                      Push the branch first, if the session starts from the server's
                                      copy
          --open                      Open the session in the browser once it answers
      -h, --help                      Print help (see more with '--help')
      -V, --version                   Print version

    Options of the provider `docker`:
          --default-url <PATH>  The path that opens in the browser [default: /lab for Jupyter, else /]

    Options of the container engine:
          --env <VAR[=VALUE]>             Set an environment variable; `VAR` alone takes its value from
                                          your environment
          --volume <HOST:CONTAINER[:ro]>  Mount a folder of this computer, or a named volume
          --port <[ADDRESS:]PORT>         The port of this computer where the session opens [default: a
                                          free one of 127.0.0.1]
          --shm-size <SIZE>               Size of /dev/shm [default: 512m]

    The container engine has many more options, those of `docker run`: see `--help`
    ");
    insta::assert_snapshot!(help(&["session", "ls", "-h"]), @r"
    List the sessions of this project

    Usage: renku session ls [OPTIONS]

    Options:
      -p, --provider <NAME>     The provider: a name, or the path of a `.wasm` file
          --format <FORMAT>     The format of the output [default: table] [possible values: table, json,
                                yaml, tsv, log]
      -y, --yes                 Answer every yes-or-no question with yes
          --answer <ID=VALUE>   Answer one question of a provider
      -v, --verbose...          Print more detail; twice for even more
          --locked              Use only providers in this project's lock file
          --offline             Do not contact web services, provider sources or git servers
          --read-only           Refuse to change anything
      -c, --config <FILE.yaml>  A YAML file with settings of the provider
          --all-projects        Include the sessions of all your projects, from any folder
          --columns <NAME,…>    Columns of table and tsv, such as `name,status,commit`
      -q, --quiet               Print only the names
      -w, --watch               Keep showing changes until Ctrl-C
          --timeout <DURATION>  How long a provider may take to answer [default: 30s, remote 3s]
      -h, --help                Print help (see more with '--help')
      -V, --version             Print version
    ");
    insta::assert_snapshot!(help(&["session", "stop", "-h"]), @r"
    Stop sessions of this project

    Usage: renku session stop [OPTIONS] [NAME]...

    Arguments:
      [NAME]...  Names of sessions [default: the only session of this project]

    Options:
      -p, --provider <NAME>     The provider: a name, or the path of a `.wasm` file
          --format <FORMAT>     The format of the output [default: table] [possible values: table, json,
                                yaml, tsv, log]
      -y, --yes                 Answer every yes-or-no question with yes
          --answer <ID=VALUE>   Answer one question of a provider
      -v, --verbose...          Print more detail; twice for even more
          --locked              Use only providers in this project's lock file
          --offline             Do not contact web services, provider sources or git servers
          --read-only           Refuse to change anything
      -c, --config <FILE.yaml>  A YAML file with settings of the provider
          --all-projects        Include the sessions of all your projects, from any folder
          --all                 Stop every session of this project
      -h, --help                Print help (see more with '--help')
      -V, --version             Print version
    ");
    insta::assert_snapshot!(help(&["session", "open", "-h"]), @r"
    Open a session in the browser and print its URL

    Usage: renku session open [OPTIONS] [NAME]

    Arguments:
      [NAME]  Name of a session [default: the only session of this project]

    Options:
      -p, --provider <NAME>     The provider: a name, or the path of a `.wasm` file
          --format <FORMAT>     The format of the output [default: table] [possible values: table, json,
                                yaml, tsv, log]
      -y, --yes                 Answer every yes-or-no question with yes
          --answer <ID=VALUE>   Answer one question of a provider
      -v, --verbose...          Print more detail; twice for even more
          --locked              Use only providers in this project's lock file
          --offline             Do not contact web services, provider sources or git servers
          --read-only           Refuse to change anything
      -c, --config <FILE.yaml>  A YAML file with settings of the provider
          --all-projects        Include the sessions of all your projects, from any folder
          --no-browser          Print the URL without opening the browser
      -h, --help                Print help (see more with '--help')
      -V, --version             Print version
    ");
    insta::assert_snapshot!(help(&["session", "logs", "-h"]), @r"
    Print the log of a session

    Usage: renku session logs [OPTIONS] [NAME]

    Arguments:
      [NAME]  Name of a session [default: the only session of this project]

    Options:
      -p, --provider <NAME>     The provider: a name, or the path of a `.wasm` file
          --format <FORMAT>     The format of the output [default: table] [possible values: table, json,
                                yaml, tsv, log]
      -y, --yes                 Answer every yes-or-no question with yes
          --answer <ID=VALUE>   Answer one question of a provider
      -v, --verbose...          Print more detail; twice for even more
          --locked              Use only providers in this project's lock file
          --offline             Do not contact web services, provider sources or git servers
          --read-only           Refuse to change anything
      -c, --config <FILE.yaml>  A YAML file with settings of the provider
          --all-projects        Include the sessions of all your projects, from any folder
      -f, --follow              Keep printing new lines until Ctrl-C
          --tail <N>            Print only the last lines
      -h, --help                Print help (see more with '--help')
      -V, --version             Print version
    ");
}

#[test]
fn a_life_in_words() {
    let context = Context::in_memory();
    let project = context.project("words");
    insta::assert_snapshot!(project.session(&["ls"]).snapshot(), @r"
    exit status: 0
    --- stdout
    --- stderr
    This project has no sessions; `renku session start` starts one
    ");
    insta::assert_snapshot!(project.session(&["start", "--yes"]).snapshot(), @r"
    exit status: 0
    --- stdout
    words-[ID]  http://127.0.0.1:[PORT]/lab?token=[TOKEN]
    --- stderr
    Building words:[COMMIT7]
    Waiting for the session
    Session `words-[ID]` runs; `renku session open words-[ID]` opens it, `renku session stop words-[ID]` stops it
    ");
    insta::assert_snapshot!(project.session(&["list"]).snapshot(), @r"
    exit status: 0
    --- stdout
    NAME         PROVIDER  STATUS   PORTS                      STARTED           URL
    words-[ID]  docker    running  127.0.0.1:[PORT]->8888/tcp  [TIME]  http://127.0.0.1:[PORT]/lab?token=[TOKEN]
    --- stderr
    ");
    insta::assert_snapshot!(project.session(&["ls", "--format", "tsv"]).snapshot(), @r"
    exit status: 0
    --- stdout
    words-[ID]	docker	running	127.0.0.1:[PORT]->8888/tcp	[TIME]	http://127.0.0.1:[PORT]/lab?token=[TOKEN]
    --- stderr
    ");
    insta::assert_snapshot!(project.session(&["ls", "--format", "yaml"]).snapshot(), @r"
    exit status: 0
    --- stdout
    version: 1
    sessions:
    - name: words-[ID]
      provider: docker
      status: running
      url: http://127.0.0.1:[PORT]/lab?token=[TOKEN]
      image: words:[COMMIT7]
      project: words
      branch: main
      commit: [COMMIT]
      started_at: [TIME]
      ports:
      - container: 8888
        host: [PORT]
        host_ip: 127.0.0.1
        protocol: tcp
    warnings: []
    --- stderr
    ");
    insta::assert_snapshot!(project.session(&["start", "--no-wait"]).snapshot(), @r"
    exit status: 0
    --- stdout
    words-[ID]  http://127.0.0.1:[PORT]/lab?token=[TOKEN]
    --- stderr
    Session `words-[ID]` of this project is already running; `renku session open words-[ID]` opens it. Starting another
    Session `words-[ID]` is starting; `renku session open words-[ID]` opens it, `renku session stop words-[ID]` stops it
    ");
    insta::assert_snapshot!(project.session(&["open"]).snapshot(), @r"
    exit status: 2
    --- stdout
    --- stderr
    error: this project has 2 sessions: which one?
    hint: name one of `words-[ID]`, `words-[ID]`
    ");
    insta::assert_snapshot!(project.session(&["stop", "--all"]).snapshot(), @r"
    exit status: 0
    --- stdout
    --- stderr
    Stopping words-[ID], words-[ID]
    Stopped `words-[ID]`
    Stopped `words-[ID]`
    ");
    insta::assert_snapshot!(project.session(&["stop", "--all"]).snapshot(), @r"
    exit status: 0
    --- stdout
    --- stderr
    This project has no sessions to stop
    ");
}

#[test]
fn errors_as_documents() {
    let context = Context::in_memory();
    let project = context.project("analysis");
    let run = project.session(&["open", "nobody", "--format", "json"]);
    insta::assert_snapshot!(run.snapshot(), @r#"
    exit status: 2
    --- stdout
    {
      "version": 1,
      "error": {
        "kind": "not-found",
        "message": "this project has no session `nobody`",
        "hint": "it has none; `renku session start` starts one",
        "causes": []
      }
    }
    --- stderr
    error: this project has no session `nobody`
    hint: it has none; `renku session start` starts one
    "#);
}

#[test]
fn over_ssh_the_tunnel_is_named() {
    let context = Context::in_memory();
    let project = context.project("far");
    let _ = project.start(&["--no-wait"]);
    let run = project
        .renku(&["session", "open"])
        .env("SSH_CONNECTION", "192.0.2.7 51000 198.51.100.4 22")
        .env("USER", "jane")
        .run();
    insta::assert_snapshot!(run.snapshot(), @r"
    exit status: 0
    --- stdout
    http://127.0.0.1:[PORT]/lab?token=[TOKEN]
    --- stderr
    There is no browser here. On your own computer run `ssh -N -L [PORT]:127.0.0.1:[PORT] jane@198.51.100.4`, then open the URL there
    ");
}

#[test]
fn a_browser_gets_the_url() {
    let context = Context::in_memory();
    let project = context.project("near");
    let session = project.start(&["--no-wait"]);
    let browser = context.folder().join("browser");
    let opened = context.folder().join("opened");
    std::fs::write(&browser, format!("#!/bin/sh\nprintf %s \"$1\" > {}\n", opened.display()))
        .unwrap();
    support::executable(&browser);
    let _ = project.renku(&["session", "open"]).env("BROWSER", &browser).run().success();
    let begin = std::time::Instant::now();
    while !opened.exists() && begin.elapsed().as_secs() < 10 {
        std::thread::sleep(std::time::Duration::from_millis(10));
    }
    std::thread::sleep(std::time::Duration::from_millis(50));
    assert_eq!(std::fs::read_to_string(&opened).unwrap(), session["url"].as_str().unwrap());
    // Asked not to, nothing opens.
    std::fs::remove_file(&opened).unwrap();
    let run = project.renku(&["session", "open", "--no-browser"]).env("BROWSER", &browser).run();
    assert_eq!(run.success().stdout.trim(), session["url"].as_str().unwrap());
    assert!(!opened.exists());
}
