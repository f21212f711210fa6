//! What a repository can be set to that would run something.

use std::io::{Read as _, Write as _};

use super::Ground;

/// Writes one attack into the repository.
pub(super) type Attack = fn(&Ground<'_>);

/// The attacks by name.
pub(super) const ATTACKS: [(&str, Attack); 24] = [
    ("monitor of files", |ground| {
        ground.config(&format!("[core]\nfsmonitor = \"{}\"\n", ground.command()));
    }),
    ("filter of files", |ground| {
        ground.project.write(".gitattributes", "* filter=x\n");
        ground.config(&format!("[filter \"x\"]\nclean = \"{}\"\n", ground.command()));
    }),
    ("filter that stays", |ground| {
        ground.project.write(".gitattributes", "* filter=x\n");
        let command = ground.command();
        ground.config(&format!("[filter \"x\"]\nprocess = \"{command}\"\nrequired\n"));
    }),
    ("folder of hooks", |ground| {
        for hook in ["pre-push", "reference-transaction", "post-index-change"] {
            let _ = ground.program(&format!("hooks/{hook}"));
        }
        ground.config("[core]\nhooksPath = hooks\n");
    }),
    ("usual hooks", |ground| {
        for hook in ["pre-push", "reference-transaction", "post-index-change"] {
            let _ = ground.program(&format!(".git/hooks/{hook}"));
        }
    }),
    ("file that is included", |ground| {
        ground.config("[include]\npath = ../included\n");
        ground.add("included", &format!("[core]\nfsmonitor = \"{}\"\n", ground.command()));
    }),
    ("file that is included on a condition", |ground| {
        ground.config("[includeIf \"gitdir:**\"]\npath = ../included\n");
        ground.add("included", &format!("[core]\nfsmonitor = \"{}\"\n", ground.command()));
    }),
    ("settings of a worktree", |ground| {
        ground.config("[core]\nrepositoryformatversion = 1\n[extensions]\nworktreeConfig\n");
        let text = format!("[core]\nfsmonitor = \"{}\"\n", ground.command());
        ground.add(".git/config.worktree", &text);
    }),
    ("submodule", |ground| {
        let sub = ground.project.root().join("sub");
        std::fs::create_dir(&sub).unwrap();
        ground.project.git(&["-C", "sub", "init", "-q"]);
        ground.project.git(&["-C", "sub", "commit", "-q", "--allow-empty", "-m", "x"]);
        ground.project.commit();
        ground.add("sub/.git/config", &format!("[core]\nfsmonitor = \"{}\"\n", ground.command()));
    }),
    ("missing object of a promise", |ground| {
        let command = ground.program("fetcher");
        ground.config(&format!(
            "[core]\nrepositoryformatversion = 1\n[extensions]\npartialClone = origin\n\
             [remote \"origin\"]\npromisor = true\nuploadpack = {command}\n"
        ));
        let tree = ground.project.git(&["rev-parse", "HEAD^{tree}"]);
        let object = format!(".git/objects/{}/{}", &tree[..2], &tree[2..]);
        std::fs::remove_file(ground.project.root().join(object)).unwrap();
    }),
    ("program that serves the remote", |ground| {
        let command = ground.program("pack");
        ground.config(&format!("[remote \"origin\"]\nuploadpack = {command}\n"));
    }),
    ("program that takes a push", |ground| {
        let command = ground.program("pack");
        ground.config(&format!("[remote \"origin\"]\nreceivepack = {command}\n"));
    }),
    ("address that is a command", |ground| {
        let command = ground.program("helper");
        ground.project.git(&["remote", "set-url", "origin", &format!("ext::{command}")]);
        ground.config("[protocol]\nallow = always\n[protocol \"ext\"]\nallow = always\n");
    }),
    ("address to push to that is a command", |ground| {
        let command = ground.program("helper");
        ground.config(&format!(
            "[remote \"origin\"]\npushurl = ext::{command}\n[protocol \"ext\"]\nallow = always\n"
        ));
    }),
    ("address that stands for a command", |ground| {
        let command = ground.program("helper");
        ground.project.git(&["remote", "set-url", "origin", "https://git.example/x.git"]);
        ground.config(&format!(
            "[url \"ext::{command} \"]\ninsteadOf = https://git.example/\n\
             [protocol \"ext\"]\nallow = always\n"
        ));
    }),
    ("helper for the remote", |ground| {
        let command = ground.command();
        ground.config(&format!(
            "[remote \"origin\"]\nvcs = ext\nurl = \"sh -c \\\"{command}\\\"\"\n\
             [protocol \"ext\"]\nallow = always\n"
        ));
        ground.project.git(&[
            "config",
            "--replace-all",
            "remote.origin.url",
            &format!("sh -c {}", ground.program("helper")),
        ]);
    }),
    ("name of a remote that is a command", |ground| {
        let name = format!("ext::{}", ground.program("helper"));
        ground.config(&format!(
            "[remote \"{name}\"]\nfetch = +refs/heads/*:refs/remotes/x/*\n\
             [branch \"main\"]\nremote = \"{name}\"\n[protocol \"ext\"]\nallow = always\n"
        ));
    }),
    ("option of ssh", |ground| {
        let address = format!("ssh://-oProxyCommand=touch%20{}/x", ground.mark.display());
        ground.project.git(&["remote", "set-url", "origin", &address]);
    }),
    ("proxy of git", |ground| {
        ground.project.git(&["remote", "set-url", "origin", "git://127.0.0.1:1/x.git"]);
        let command = ground.program("proxy");
        ground.config(&format!("[core]\ngitProxy = {command}\n"));
    }),
    ("helper for passwords", |ground| {
        ground.project.git(&["remote", "set-url", "origin", &wants_a_password()]);
        ground.config(&format!("[credential]\nhelper = \"!{}\"\n", ground.command()));
    }),
    ("window for passwords", |ground| {
        ground.project.git(&["remote", "set-url", "origin", &wants_a_password()]);
        let command = ground.program("window");
        ground.config(&format!("[core]\naskPass = {command}\n"));
    }),
    ("signature of a push", |ground| {
        let command = ground.program("sign");
        ground.config(&format!(
            "[push]\ngpgSign = true\n[gpg]\nprogram = {command}\n[user]\nname = x\nemail = x@x\n"
        ));
        let bare = ground.project.git(&["remote", "get-url", "origin"]);
        ground.project.git(&["--git-dir", &bare, "config", "receive.certNonceSeed", "x"]);
    }),
    ("comparison of files", |ground| {
        ground.project.write(".gitattributes", "* diff=x\n");
        let command = ground.command();
        ground.config(&format!(
            "[diff]\nexternal = \"{command}\"\n[diff \"x\"]\ntextconv = \"{command}\"\n\
             command = \"{command}\"\n[pager]\nlog = \"{command}\"\nstatus = \"{command}\"\n"
        ));
    }),
    ("remote in the project", |ground| {
        ground.project.git(&["init", "-q", "--bare", "evil.git"]);
        let _ = ground.program("evil.git/hooks/pre-receive");
        ground.project.git(&["remote", "set-url", "origin", "./evil.git"]);
    }),
];

/// The address of a server that lets nobody in.
fn wants_a_password() -> String {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    std::thread::spawn(move || {
        // As many as the commands of one attack ask for.
        for stream in listener.incoming().take(16) {
            let Ok(mut stream) = stream else { return };
            let _ = stream.read(&mut [0; 4096]);
            let _ = stream.write_all(
                b"HTTP/1.1 401 Unauthorized\r\nWWW-Authenticate: Basic realm=\"x\"\r\n\
                  Content-Length: 0\r\nConnection: close\r\n\r\n",
            );
        }
    });
    format!("http://{address}/x.git")
}
