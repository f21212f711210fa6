//! Configuration files on disk.

use std::fs;

use super::*;
use crate::domain::ErrorKind;

fn refused(name: &str, content: Option<&[u8]>) -> (ErrorKind, String) {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join(name);
    if let Some(content) = content {
        fs::write(&file, content).unwrap();
    }
    let error = load(&file, &Schema::parse(&schema()).unwrap()).unwrap_err();
    let folder = folder.path().display().to_string();
    (error.kind(), told(&error).replace(&folder, "FOLDER"))
}

#[test]
fn a_file_is_read() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("my.yaml");
    fs::write(&file, "command: jupyter lab\r\nport: 8080\r\n").unwrap();
    let expected = json!({"command": "jupyter lab", "port": 8080});
    assert_eq!(load(&file, &Schema::parse(&schema()).unwrap()).unwrap(), expected);
    assert_eq!(Value::Object(load_for(Some(&schema()), &file).unwrap()), expected);
}

#[test]
fn a_file_that_is_not_there_is_not_found() {
    assert_eq!(
        refused("my.yaml", None),
        (
            ErrorKind::NotFound,
            "cannot read the configuration file `FOLDER/my.yaml`\n  \
             No such file or directory (os error 2)\n\
             hint: check the path after `--config`"
                .into()
        )
    );
}

#[test]
fn a_folder_is_no_file() {
    assert_eq!(
        refused("", None),
        (
            ErrorKind::InvalidInput,
            "cannot read the configuration file `FOLDER/`\n  \
             it is not a file, but a folder\n\
             hint: check the path after `--config`"
                .into()
        )
    );
}

#[test]
fn a_file_of_more_than_a_mebibyte_is_refused() {
    assert_eq!(
        refused("big.yaml", Some(&vec![b'#'; LARGEST + 1])),
        (
            ErrorKind::InvalidInput,
            "the configuration file `FOLDER/big.yaml` is larger than 1 MiB\n\
             hint: give `--config` a YAML file of keys and values"
                .into()
        )
    );
    let (_, fits) = refused("big.yaml", Some(&vec![b'#'; LARGEST]));
    assert!(fits.starts_with("FOLDER/big.yaml: the key `command` is missing"), "{fits}");
}

#[test]
fn a_file_that_is_not_text_is_refused() {
    assert_eq!(
        refused("image.png", Some(&[0x89, b'P', b'N', b'G'])),
        (
            ErrorKind::InvalidInput,
            "the configuration file `FOLDER/image.png` is not text in UTF-8\n\
             hint: give `--config` a YAML file of keys and values"
                .into()
        )
    );
}
