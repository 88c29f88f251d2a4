//! Where the database lies, and who may read it.

use std::fs::{self, DirBuilder, OpenOptions, Permissions};
use std::io;
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt, PermissionsExt};
use std::path::{Path, PathBuf};

use super::trouble::Trouble;

/// The modes of what is made: for the owner alone.
const OWN_FOLDER: u32 = 0o700;
const OWN_FILE: u32 = 0o600;
/// The mode of a file in a folder that a group writes to: theirs, too.
const SHARED_FILE: u32 = 0o660;
/// The bits that let the group and everybody write. A folder of everybody's, such as `/tmp`, is nobody's to share.
const GROUP_WRITES: u32 = 0o020;
const ALL_WRITE: u32 = 0o002;

/// The file that the history is kept in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Location {
    /// Its path.
    pub path: PathBuf,
}

impl Location {
    /// A file.
    pub fn new(path: impl Into<PathBuf>) -> Self {
        Self { path: path.into() }
    }

    /// Makes folder and file where they are missing: for the owner alone, unless the folder lets a group write. What is
    /// there already keeps its modes. SQLite gives the files beside the database (`-wal`, `-shm`) the database's mode.
    ///
    /// # Errors
    /// Where the system refuses.
    pub(super) fn prepare(&self) -> Result<(), Trouble> {
        self.make().map_err(|error| Trouble::io(&self.path, &error))
    }

    fn make(&self) -> io::Result<()> {
        let folder = self.path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
        DirBuilder::new().recursive(true).mode(OWN_FOLDER).create(folder)?;
        let shared = fs::metadata(folder)?.permissions().mode() & (GROUP_WRITES | ALL_WRITE) == GROUP_WRITES;
        let made = OpenOptions::new().write(true).create_new(true).mode(OWN_FILE).open(&self.path);
        match made {
            // Beyond what the umask leaves: who shares a folder wants to share the file.
            Ok(file) if shared => file.set_permissions(Permissions::from_mode(SHARED_FILE)),
            Ok(_) => Ok(()),
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Ok(()),
            Err(error) => Err(error),
        }
    }
}
