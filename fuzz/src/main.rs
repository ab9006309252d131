//! Runs a target from its kept inputs, with nothing but the toolchain: `fuzz TARGET [SECONDS [SEED]]`.
//!
//! Every kept input comes first as it is; then, until the time is over, inputs are made from them by a
//! seeded generator, in the same order on every machine. An input that fails, or takes too long, is written
//! to `fuzz/failures/` and becomes a kept one once it is mended. `fuzz TARGET FILE…` runs files alone.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};
use std::{env, fs, io, thread};

use portcullis_fuzz::{TARGETS, Target, target};

/// No input of a few kilobytes takes longer.
const PATIENCE: Duration = Duration::from_secs(10);

/// Inputs grow no longer: what is read is at most a record of 4096 bytes, or few of them.
const LENGTH_MAX: usize = 6000;

/// Pieces of what the targets read, between which random bytes seldom hit.
const WORDS: [&str; 28] = [
    ".",
    "~",
    "!",
    "\n",
    "\t",
    " ",
    "*",
    "/",
    "?",
    "&",
    "=",
    "\0",
    "1",
    "0",
    "i",
    "o",
    "p",
    "c",
    "v",
    "a",
    "opt-out",
    "notice",
    "hold",
    ".com",
    "co.",
    "2147483648",
    "\nv\tx\ta\t\t0\t\t\tx.com\t_x",
    "ä",
];

fn main() -> ExitCode {
    let arguments: Vec<String> = env::args().skip(1).collect();
    let Some((name, rest)) = arguments.split_first() else {
        return usage();
    };
    let Some(target) = target(name) else {
        return usage();
    };
    let folder = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut run = Run {
        name: name.clone(),
        target,
        failures: folder.join("failures"),
        current: Arc::default(),
    };
    run.watch();
    if rest
        .first()
        .is_some_and(|first| first.parse::<u64>().is_err())
    {
        return run.files(rest);
    }
    let number = |at: usize, otherwise| {
        rest.get(at)
            .map_or(Some(otherwise), |text| text.parse().ok())
    };
    let (Some(seconds), Some(seed)) = (number(0, 20), number(1, 1)) else {
        return usage();
    };
    match run.corpus(&folder.join("corpus").join(name), seconds, seed) {
        Ok(count) => {
            println!("fuzz {name}: {count} inputs in {seconds} s, seed {seed}");
            ExitCode::SUCCESS
        }
        Err(error) => {
            eprintln!("fuzz {name}: {error}");
            ExitCode::FAILURE
        }
    }
}

fn usage() -> ExitCode {
    let names = TARGETS.map(|(name, _)| name).join("|");
    eprintln!("fuzz {names} [SECONDS [SEED] | FILE…]");
    ExitCode::FAILURE
}

/// The input that is being run, and since when.
type Current = Arc<Mutex<Option<(Vec<u8>, Instant)>>>;

struct Run {
    name: String,
    target: Target,
    failures: PathBuf,
    current: Current,
}

impl Run {
    /// The kept inputs, and what becomes of them.
    fn corpus(&mut self, folder: &Path, seconds: u64, seed: u64) -> io::Result<u64> {
        let mut paths: Vec<PathBuf> = fs::read_dir(folder)?
            .map(|entry| entry.map(|entry| entry.path()))
            .collect::<io::Result<_>>()?;
        paths.sort();
        let kept: Vec<Vec<u8>> = paths.iter().map(fs::read).collect::<io::Result<_>>()?;
        if kept.is_empty() {
            return Err(io::Error::other("no kept inputs"));
        }
        let end = Instant::now() + Duration::from_secs(seconds);
        let mut count = 0;
        for input in &kept {
            self.input(input)?;
            count += 1;
        }
        let mut random = Random(seed);
        while Instant::now() < end {
            self.input(&random.input(&kept))?;
            count += 1;
        }
        Ok(count)
    }

    fn files(&mut self, paths: &[String]) -> ExitCode {
        for path in paths {
            let done = fs::read(path).and_then(|input| self.input(&input));
            if let Err(error) = done {
                eprintln!("{path}: {error}");
                return ExitCode::FAILURE;
            }
        }
        ExitCode::SUCCESS
    }

    fn input(&mut self, input: &[u8]) -> io::Result<()> {
        if let Ok(mut current) = self.current.lock() {
            *current = Some((input.to_vec(), Instant::now()));
        }
        let target = self.target;
        if catch_unwind(AssertUnwindSafe(|| target(input))).is_ok() {
            return Ok(());
        }
        Err(io::Error::other(keep(&self.failures, &self.name, input)))
    }

    /// Ends the process where an input takes too long: nothing else can end an endless loop.
    fn watch(&self) {
        let (current, failures, name) = (
            self.current.clone(),
            self.failures.clone(),
            self.name.clone(),
        );
        thread::spawn(move || {
            loop {
                thread::sleep(Duration::from_secs(1));
                if let Ok(current) = current.lock()
                    && let Some((input, since)) = current.as_ref()
                    && since.elapsed() > PATIENCE
                {
                    eprintln!("fuzz {name}: too slow: {}", keep(&failures, &name, input));
                    std::process::exit(1);
                }
            }
        });
    }
}

/// Writes an input that failed to where it is not lost; says where.
fn keep(folder: &Path, name: &str, input: &[u8]) -> String {
    let path = folder.join(format!("{name}-{:016x}", digest(input)));
    let written = fs::create_dir_all(folder).and_then(|()| fs::write(&path, input));
    match written {
        Ok(()) => format!("kept in {}", path.display()),
        Err(error) => format!("{error}; the input: {:?}", String::from_utf8_lossy(input)),
    }
}

/// FNV-1a, 64 bits.
fn digest(bytes: &[u8]) -> u64 {
    bytes.iter().fold(0xcbf2_9ce4_8422_2325, |hash, byte| {
        (hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3)
    })
}

/// SplitMix64.
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ mixed >> 30).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ mixed >> 27).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ mixed >> 31
    }

    /// A number below another; 0 below 0.
    fn below(&mut self, end: usize) -> usize {
        (self.next() % end.max(1) as u64) as usize
    }

    fn range(&mut self, length: usize) -> std::ops::Range<usize> {
        let from = self.below(length + 1);
        let most = (length - from).min(64);
        from..from + self.below(most + 1)
    }

    /// A kept input with a few changes.
    fn input(&mut self, kept: &[Vec<u8>]) -> Vec<u8> {
        let mut input = kept[self.below(kept.len())].clone();
        for _ in 0..=self.below(6) {
            let other = self.below(kept.len());
            self.change(&mut input, &kept[other]);
        }
        input.truncate(LENGTH_MAX);
        input
    }

    fn change(&mut self, input: &mut Vec<u8>, other: &[u8]) {
        let at = self.below(input.len() + 1);
        match self.below(8) {
            0 if at < input.len() => input[at] ^= 1 << self.below(8),
            1 if at < input.len() => input[at] = b' ' + self.below(95) as u8,
            2 => drop(input.drain(self.range(input.len()))),
            3 => {
                let again = input[self.range(input.len())].to_vec();
                drop(input.splice(at..at, again));
            }
            4 => {
                let piece = other[self.range(other.len())].to_vec();
                drop(input.splice(at..at, piece));
            }
            5 => {
                let range = self.range(input.len());
                let piece = other[self.range(other.len())].to_vec();
                drop(input.splice(range, piece));
            }
            _ => {
                let word = WORDS[self.below(WORDS.len())];
                let end = at + self.below(2) * word.len().min(input.len() - at);
                drop(input.splice(at..end, word.bytes()));
            }
        }
    }
}
