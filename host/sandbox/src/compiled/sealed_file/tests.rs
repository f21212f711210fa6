use std::fs;
use std::os::unix::fs::PermissionsExt as _;

use super::*;

const SMALL: usize = 100_000;
const LARGE: usize = ALWAYS_SUMMED as usize + 1;

struct SealedFile {
    _folder: tempfile::TempDir,
    path: PathBuf,
}

fn folder_of(path: &Path) -> OwnFolder {
    OwnFolder::open(path.parent().unwrap()).unwrap().unwrap()
}

fn open(path: &Path) -> Result<(), Miss> {
    let name = path.file_name().unwrap().to_str().unwrap();
    Sound::open(&folder_of(path), name).map(drop)
}

impl SealedFile {
    fn new(bytes: usize) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("entry");
        let code: Vec<u8> = (0..bytes).map(|at| (at % 251) as u8).collect();
        write(&folder_of(&path), "entry", &code).unwrap();
        Self { _folder: folder, path }
    }

    fn open(&self) -> Result<(), Miss> {
        open(&self.path)
    }

    /// Changes one bit and nothing else that a file system shows.
    fn flip_secretly(&self, at: usize) {
        let modified = self.path.metadata().unwrap().modified().unwrap();
        self.flip(at);
        File::options().write(true).open(&self.path).unwrap().set_modified(modified).unwrap();
    }

    fn flip(&self, at: usize) {
        let mut bytes = fs::read(&self.path).unwrap();
        bytes[at] ^= 0x10;
        fs::write(&self.path, bytes).unwrap();
    }
}

#[test]
fn what_was_written_is_sound_and_private() {
    for bytes in [0, SMALL, LARGE] {
        let entry = SealedFile::new(bytes);
        assert_eq!(entry.open(), Ok(()));
        assert_eq!(entry.path.metadata().unwrap().permissions().mode() & 0o777, 0o600);
        assert_eq!(fs::read_dir(entry.path.parent().unwrap()).unwrap().count(), 1);
    }
}

#[test]
fn the_path_names_the_file_that_was_checked() {
    let entry = SealedFile::new(SMALL);
    let sound = Sound::open(&folder_of(&entry.path), "entry").unwrap();
    let checked = fs::read(&entry.path).unwrap();
    fs::write(entry.path.with_extension("other"), "other").unwrap();
    fs::rename(entry.path.with_extension("other"), &entry.path).unwrap();
    assert_eq!(fs::read(sound.path()).unwrap(), checked);
}

#[test]
fn a_flipped_bit_is_damage_wherever_it_is() {
    for at in [0, 1, SMALL / 2, SMALL - 1, SMALL, SMALL + 8, SMALL + 16, SMALL + SEAL - 1] {
        let entry = SealedFile::new(SMALL);
        entry.flip_secretly(at);
        assert_eq!(entry.open(), Err(Miss::Damaged), "byte {at}");
    }
}

#[test]
fn a_large_file_that_was_written_to_is_damaged() {
    let entry = SealedFile::new(LARGE);
    entry.flip(LARGE / 2);
    assert_eq!(entry.open(), Err(Miss::Damaged));
}

#[test]
fn a_file_that_is_cut_or_grew_is_damaged() {
    for bytes in [0, 10, SMALL / 2, SMALL, SMALL + SEAL - 1, SMALL + SEAL + 1] {
        let entry = SealedFile::new(SMALL);
        let file = File::options().write(true).open(&entry.path).unwrap();
        let modified = file.metadata().unwrap().modified().unwrap();
        file.set_len(bytes as u64).unwrap();
        file.set_modified(modified).unwrap();
        assert_eq!(entry.open(), Err(Miss::Damaged), "{bytes} bytes");
    }
}

#[test]
fn a_file_that_others_can_write_to_is_refused() {
    for mode in [0o620, 0o602] {
        let entry = SealedFile::new(SMALL);
        fs::set_permissions(&entry.path, fs::Permissions::from_mode(mode)).unwrap();
        assert_eq!(entry.open(), Err(Miss::Writable));
    }
}

#[test]
fn a_link_is_refused_also_to_a_sound_file() {
    let entry = SealedFile::new(SMALL);
    let link = entry.path.with_extension("link");
    std::os::unix::fs::symlink(&entry.path, &link).unwrap();
    assert_eq!(open(&link), Err(Miss::Foreign));
}

#[test]
fn what_is_no_file_is_refused() {
    let entry = SealedFile::new(SMALL);
    let folder = entry.path.with_extension("folder");
    fs::create_dir(&folder).unwrap();
    assert_eq!(open(&folder), Err(Miss::Foreign));
    let pipe = entry.path.with_extension("pipe");
    rustix::fs::mknodat(
        rustix::fs::CWD,
        &pipe,
        rustix::fs::FileType::Fifo,
        rustix::fs::Mode::from_raw_mode(0o600),
        0,
    )
    .unwrap();
    assert_eq!(open(&pipe), Err(Miss::Foreign));
    assert_eq!(open(&entry.path.with_extension("none")), Err(Miss::Absent));
}
