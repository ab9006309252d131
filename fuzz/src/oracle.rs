//! Second answers, slow and plain, in the standard library's words.

use std::collections::BTreeMap;

/// Whether a text is a record, as `docs/record.md` says.
pub fn is_record(text: &str) -> bool {
    let parts: Vec<&str> = text.split('.').collect();
    let is_number = |part: &str| {
        !part.is_empty() && part.len() <= 19 && part.chars().all(|digit| digit.is_ascii_digit())
    };
    text.len() <= 4096
        && parts.len() == 14
        && parts[0] == "1"
        && parts[2..=4].iter().all(|part| is_number(part))
        && parts[2]
            .parse::<u64>()
            .is_ok_and(|counter| counter <= 1 << 31)
        && parts[13] == checksum(&text[..text.len() - parts[13].len()])
}

/// FNV-1a over a text, as eight hexadecimal digits.
pub fn checksum(text: &str) -> String {
    let mut hash = 2_166_136_261u32;
    for byte in text.bytes() {
        hash ^= u32::from(byte);
        hash = hash.wrapping_mul(16_777_619);
    }
    format!("{hash:08x}")
}

/// The text with the checksum that it ought to have in place of its last field.
pub fn mended(text: &str) -> String {
    let body = match text.rfind('.') {
        Some(dot) => &text[..=dot],
        None => "",
    };
    format!("{body}{}", checksum(body))
}

/// The answers of one of a record's lists; of two about one id the first counts.
pub fn answers(list: &str) -> BTreeMap<&str, bool> {
    let mut found = BTreeMap::new();
    for member in list.split('~').filter(|member| !member.is_empty()) {
        let (id, granted) = match member.strip_prefix('!') {
            Some(id) => (id, false),
            None => (member, true),
        };
        found.entry(id).or_insert(granted);
    }
    found
}

/// Whether the whole text fits a pattern in which `*` stands for any run of characters. By a table: which
/// beginnings of the text fit the beginning of the pattern read so far.
pub fn glob(pattern: &str, text: &str) -> bool {
    let text = text.as_bytes();
    let mut fits = vec![false; text.len() + 1];
    fits[0] = true;
    for &wanted in pattern.as_bytes() {
        if wanted == b'*' {
            let first = fits.iter().position(|&is| is).unwrap_or(fits.len());
            fits[first..].fill(true);
        } else {
            for at in (0..text.len()).rev() {
                fits[at + 1] = fits[at] && text[at] == wanted;
            }
            fits[0] = false;
        }
    }
    fits[text.len()]
}

/// A claim as the documentation has it: `host`, `host/path`, `host/path?key=prefix`; `None` without a host.
pub struct Claim<'t> {
    host: &'t str,
    path: &'t str,
    query: &'t str,
}

impl<'t> Claim<'t> {
    pub fn read(pattern: &'t str) -> Option<Self> {
        let (address, query) = pattern.split_once('?').unwrap_or((pattern, ""));
        let slash = address.find('/').unwrap_or(address.len());
        let (host, path) = address.split_at(slash);
        let is_written_well = match host.strip_suffix(".*") {
            Some(stem) => !stem.is_empty() && !stem.contains('*'),
            None => !host.is_empty() && !host.contains('*') && !host.ends_with('.'),
        };
        is_written_well.then_some(Self { host, path, query })
    }

    /// Whether the claim is for an address.
    pub fn fits(&self, host: &str, path_and_query: &str) -> bool {
        let (path, query) = path_and_query
            .split_once('?')
            .unwrap_or((path_and_query, ""));
        self.fits_host(host)
            && glob(&format!("{}*", self.path), path)
            && (self.query.is_empty() || query.split('&').any(|pair| pair.starts_with(self.query)))
    }

    /// The host itself or one below it. A last `*` stands for a country's domain: one label, or `co` or
    /// `com` and one label.
    fn fits_host(&self, host: &str) -> bool {
        let host = host.strip_suffix('.').unwrap_or(host);
        let is_at = |wanted: &str| host == wanted || host.ends_with(&format!(".{wanted}"));
        let Some(stem) = self.host.strip_suffix('*') else {
            return is_at(self.host);
        };
        host.char_indices().any(|(at, _)| {
            let (before, country) = host.split_at(at);
            (before == stem || before.ends_with(&format!(".{stem}"))) && is_country(country)
        })
    }

    /// How narrow it is: query, then path, then host.
    pub fn narrowness(&self) -> (usize, usize, usize) {
        let host = self.host.strip_suffix('*').unwrap_or(self.host);
        (self.query.len(), self.path.len(), host.len())
    }
}

fn is_country(text: &str) -> bool {
    let label = text
        .strip_prefix("co.")
        .or(text.strip_prefix("com."))
        .unwrap_or(text);
    !label.is_empty() && !label.contains('.')
}
