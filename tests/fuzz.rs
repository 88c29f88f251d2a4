//! The corpus of the fuzz targets, run once; `tests/fuzz/README.md` says how they run without end.

use std::fs;
use std::path::Path;

#[path = "fuzz/checks.rs"]
mod checks;

#[test]
fn the_corpus_holds() {
    for (name, check) in checks::ALL {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fuzz/corpus").join(name);
        let files: Vec<_> = fs::read_dir(&folder).expect("a corpus").map(|file| file.expect("a file").path()).collect();
        assert!(files.len() >= 3, "{} has no corpus", folder.display());
        for file in files {
            let data = fs::read(&file).expect("a file");
            assert!(data.len() <= 16_384, "{} is too large to keep", file.display());
            eprintln!("{}", file.display());
            check(&data);
        }
    }
}
