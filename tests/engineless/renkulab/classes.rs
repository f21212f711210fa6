//! Classes with what the service tells of them: GPUs, platform, machines elsewhere, quotas,
//! hours.

use serde_json::{Value, json};

use super::ground::Ground;
use support::renkulab::IMAGE;

/// The pools that were recorded at the real service, in short.
fn pools() -> Value {
    let class = |id: u64, name: &str, cpu: f64, memory: u64, gpu: u64| {
        json!({
            "id": id, "name": name, "default": id == 1, "cpu": cpu, "memory": memory, "gpu": gpu,
            "max_storage": 200, "default_storage": 1, "tolerations": [], "node_affinities": [],
            "quota_enforced": false,
        })
    };
    let mut xlarge = class(5, "xlarge", 8.0, 32, 0);
    xlarge["quota_enforced"] = json!(true);
    xlarge["usage_hours_remaining"] = json!(0.0);
    xlarge["usage_hours_total"] = json!(12.5);
    let mut large = class(4, "large", 4.0, 16, 0);
    large["usage_hours_remaining"] = json!(19.0);
    large["usage_hours_total"] = json!(25.0);
    json!([
        {"id": 1, "name": "default", "default": true, "public": true, "platform": "linux/amd64",
         "classes": [class(1, "small", 0.5, 1, 0), class(2, "medium", 0.75, 1, 0)]},
        {"id": 2, "name": "big-nodes", "default": false, "public": true, "platform": "linux/amd64",
         "quota": {"id": "a", "cpu": 100.0, "memory": 400, "gpu": 0}, "classes": [large, xlarge]},
        {"id": 3, "name": "gpu-nodes", "default": false, "public": true, "platform": "linux/amd64",
         "classes": [class(6, "gpu-1", 4.0, 32, 1), class(7, "gpu-2", 16.0, 64, 2)]},
        {"id": 5, "name": "hpc-eiger", "default": false, "public": false, "platform": "linux/arm64",
         "remote": {"kind": "firecrest", "provider_id": "cscs"},
         "classes": [class(9, "arm-node", 2.0, 4, 0)]},
    ])
}

fn ground() -> Ground {
    let ground = Ground::new();
    ground.lab.pools(pools());
    ground
}

/// The class that a start asks for.
fn asked(ground: &Ground) -> Value {
    let posted = ground.lab.requests().into_iter().rfind(|seen| seen.method == "POST").unwrap();
    serde_json::from_str::<Value>(&posted.body).unwrap()["resource_class_id"].clone()
}

#[test]
fn the_class_is_printed_by_start_and_ls() {
    let ground = ground();
    let project = ground.bound();
    let start = ["start", "-p", "renkulab", "--cpu", "1"];
    insta::assert_snapshot!(ground.printed(&project, &start), @"
    exit status: 0
    --- stdout
    jane-doe-[ID]  http://127.0.0.1:[PORT]/sessions/jane-doe-[ID]/lab/
    --- stderr
    Starting a session on http://127.0.0.1:[PORT] in the class `big-nodes/large` (4 CPUs, 16 GB of memory, 19 of 25 hours left this week)
    Session `jane-doe-[ID]` runs; `renku session open jane-doe-[ID]` opens it, `renku session stop jane-doe-[ID]` stops it
    ");
    let listed = ["ls", "-p", "renkulab", "--columns", "name,status"];
    insta::assert_snapshot!(ground.printed(&project, &listed), @"
    exit status: 0
    --- stdout
    NAME                   STATUS
    jane-doe-[ID]  running (launcher Python, class big-nodes/large)
    --- stderr
    ");
}

#[test]
fn a_gpu_is_neither_lost_nor_taken_by_chance() {
    let ground = ground();
    let project = ground.bound();
    let more = ["start", "-p", "renkulab", "--cpu", "16"];
    insta::assert_snapshot!(ground.printed(&project, &more), @"
    exit status: 1
    --- stdout
    --- stderr
    error: RenkuLab has no resource class for you with 16 CPUs
      POOL       CLASS     ID  CPU   MEMORY  GPU  DISK    PLATFORM
      default    small     1   0.5   1 GB    0    200 GB  linux/amd64
      default    medium    2   0.75  1 GB    0    200 GB  linux/amd64
      big-nodes  large     4   4     16 GB   0    200 GB  linux/amd64
      big-nodes  xlarge    5   8     32 GB   0    200 GB  linux/amd64
      gpu-nodes  gpu-1     6   4     32 GB   1    200 GB  linux/amd64
      gpu-nodes  gpu-2     7   16    64 GB   2    200 GB  linux/amd64
      hpc-eiger  arm-node  9   2     4 GB    0    200 GB  linux/arm64
    hint: ask for less, or name a class of the table with `--class`
    ");
    ground.lab.set_launcher(&ground.launcher, "resource_class_id", json!(6));
    let _ = ground.session(&project, &["start", "-p", "renkulab", "--cpu", "0.5"]).success();
    assert_eq!(asked(&ground), 6);
}

#[test]
fn an_image_that_does_not_run_on_the_platform_is_refused() {
    let ground = ground();
    let project = ground.bound();
    let platforms = json!([{"architecture": "arm64", "os": "linux"}]);
    ground.lab.image(IMAGE, json!({"accessible": true, "platforms": platforms}));
    insta::assert_snapshot!(ground.printed(&project, &["start", "-p", "renkulab"]), @"
    exit status: 2
    --- stdout
    --- stderr
    error: the image is built for linux/arm64, and the class `small` runs linux/amd64
    hint: build the image for that platform, or take another class with `--class`, or say how much you need, such as `--cpu 1`
    ");
    assert_eq!(ground.lab.sessions(), Vec::<String>::new());
}

#[test]
fn a_machine_elsewhere_needs_its_account_and_is_taken_only_by_name() {
    let ground = ground();
    let project = ground.bound();
    let arm = json!([{"architecture": "arm64", "os": "linux"}]);
    ground.lab.image(IMAGE, json!({"accessible": true, "platforms": arm}));
    let there = ["start", "-p", "renkulab", "--class", "hpc-eiger/arm-node"];
    insta::assert_snapshot!(ground.printed(&project, &there), @"
    exit status: 3
    --- stdout
    --- stderr
    error: sessions in the class `hpc-eiger/arm-node` need your account at `cscs`, and RenkuLab does not have it
    hint: open http://127.0.0.1:[PORT]/integrations in the browser and connect it
    ");
    ground.lab.connect("cscs");
    let _ = ground.session(&project, &there).success();
    assert_eq!(asked(&ground), 9);
}

#[test]
fn hours_that_are_used_up_end_the_start_before_anything_is_started() {
    let ground = ground();
    let project = ground.bound();
    ground.lab.set_launcher(&ground.launcher, "resource_class_id", json!(5));
    insta::assert_snapshot!(ground.printed(&project, &["start", "-p", "renkulab"]), @"
    exit status: 1
    --- stdout
    --- stderr
    error: your hours of this week in the class `big-nodes/xlarge` are used up
      POOL       CLASS     ID  CPU   MEMORY  GPU  DISK    PLATFORM
      default    small     1   0.5   1 GB    0    200 GB  linux/amd64
      default    medium    2   0.75  1 GB    0    200 GB  linux/amd64
      big-nodes  large     4   4     16 GB   0    200 GB  linux/amd64
      big-nodes  xlarge    5   8     32 GB   0    200 GB  linux/amd64
      gpu-nodes  gpu-1     6   4     32 GB   1    200 GB  linux/amd64
      gpu-nodes  gpu-2     7   16    64 GB   2    200 GB  linux/amd64
      hpc-eiger  arm-node  9   2     4 GB    0    200 GB  linux/arm64
    hint: take another class with `--class`, or say how much you need, such as `--cpu 1`
    ");
    // Another class of the same pool has enough.
    let _ = ground.session(&project, &["start", "-p", "renkulab", "--cpu", "4"]).success();
    assert_eq!(asked(&ground), 4);
}

#[test]
fn a_launcher_whose_class_is_closed_to_the_user_says_which_work() {
    let ground = ground();
    let project = ground.bound();
    ground.lab.set_launcher(&ground.launcher, "resource_class_id", json!(8));
    insta::assert_snapshot!(ground.printed(&project, &["start", "-p", "renkulab"]), @"
    exit status: 3
    --- stdout
    --- stderr
    error: the resource class of the launcher `Python` is not open to you
      POOL       CLASS     ID  CPU   MEMORY  GPU  DISK    PLATFORM
      default    small     1   0.5   1 GB    0    200 GB  linux/amd64
      default    medium    2   0.75  1 GB    0    200 GB  linux/amd64
      big-nodes  large     4   4     16 GB   0    200 GB  linux/amd64
      big-nodes  xlarge    5   8     32 GB   0    200 GB  linux/amd64
      gpu-nodes  gpu-1     6   4     32 GB   1    200 GB  linux/amd64
      gpu-nodes  gpu-2     7   16    64 GB   2    200 GB  linux/amd64
      hpc-eiger  arm-node  9   2     4 GB    0    200 GB  linux/arm64
    hint: take one of these, such as `--class small`
    ");
    let _ = ground.session(&project, &["start", "-p", "renkulab", "--class", "small"]).success();
    assert_eq!(asked(&ground), 1);
}
