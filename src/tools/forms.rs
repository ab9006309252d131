//! Forms that a text may have to keep to: addresses, hosts, ids. Each says what is wrong, and what was
//! probably meant.

use super::check::Fault;
use crate::matching::Claim;

/// What a text must look like.
pub(super) struct Form {
    /// For the schema, where one regular expression says enough.
    pub pattern: Option<&'static str>,
    /// Whether a text has the form.
    pub check: fn(&str) -> Result<(), Fault>,
}

/// Any text.
pub(super) const FREE: Form = Form {
    pattern: None,
    check: |_| Ok(()),
};

/// A name that visitors read, or a path from `window`.
pub(super) const FILLED: Form = Form {
    pattern: Some(r"\S"),
    check: |text| {
        if text.trim().is_empty() {
            return Err(Fault::new("is empty"));
        }
        Ok(())
    },
};

/// An id, as the record can hold it.
pub(super) const WORD: Form = Form {
    pattern: Some("^[A-Za-z0-9_-]{1,64}$"),
    check: |text| {
        let allowed = |letter: char| letter.is_ascii_alphanumeric() || "-_".contains(letter);
        if !text.is_empty() && text.len() <= 64 && text.chars().all(allowed) {
            return Ok(());
        }
        let meant: String = text
            .trim()
            .to_lowercase()
            .chars()
            .map(|letter| if allowed(letter) { letter } else { '-' })
            .take(64)
            .collect();
        let meant = meant.trim_matches('-');
        Err(Fault::near(
            format!("\"{text}\" is no id: up to 64 letters from a to z, digits, \"-\" and \"_\""),
            (!meant.is_empty()).then(|| meant.into()),
        ))
    },
};

/// A host of the site's own.
pub(super) const HOST: Form = Form {
    pattern: Some(r"^[a-z0-9-]+(\.[a-z0-9-]+)*$"),
    check: |text| {
        if is_host(text) {
            return Ok(());
        }
        let meant = bare_host(text).trim_start_matches("*.").to_lowercase();
        Err(Fault::near(
            format!("\"{text}\" is no host, for example \"cdn.example.com\""),
            is_host(&meant).then_some(meant),
        ))
    },
};

/// An endpoint that a vendor claims.
pub(super) const CLAIM: Form = Form {
    pattern: None,
    check: |text| {
        if is_claim(text) {
            return Ok(());
        }
        let rest = text.split_once("://").map_or(text, |(_, rest)| rest);
        let rest = rest.trim().trim_start_matches("*.");
        let (host, path) = rest.split_at(rest.find(['/', '?']).unwrap_or(rest.len()));
        let host = host.split(':').next().unwrap_or_default().to_lowercase();
        let meant = format!("{host}{path}");
        Err(Fault::near(
            format!("\"{text}\" is no host, host/path or host/path?key=value"),
            is_claim(&meant).then_some(meant),
        ))
    },
};

/// Where a vendor's script comes from: https, a path of the site, or a server on this machine.
pub(super) const LOADER: Form = Form {
    pattern: None,
    check: |text| {
        if is_plain(text) && (is_https(text) || is_local(text) || is_relative(text)) {
            return Ok(());
        }
        let meant = text.strip_prefix("http:").unwrap_or(text);
        let meant = format!("https:{}", meant.trim());
        Err(Fault::near(
            format!("\"{text}\" must be an https: address or a path of the site's own"),
            (is_plain(&meant) && is_https(&meant)).then_some(meant),
        ))
    },
};

/// A page that visitors can open.
pub(super) const LINK: Form = Form {
    pattern: None,
    check: |text| {
        let known = ["https://", "http://", "mailto:"];
        let has_scheme = known
            .iter()
            .any(|scheme| text.len() > scheme.len() && text.starts_with(scheme));
        if is_plain(text) && (has_scheme || is_relative(text)) {
            return Ok(());
        }
        Err(Fault::new(format!(
            "\"{text}\" is no address: https:, mailto: or a path of the site's own"
        )))
    },
};

/// How long a cookie lives.
pub(super) const DURATION: Form = Form {
    pattern: Some("^(session|P[0-9]+[YMD]|PT[0-9]+[HMS])$"),
    check: |text| {
        if text == "session" {
            return Ok(());
        }
        let (units, rest) = match text.strip_prefix("PT") {
            Some(rest) => ("HMS", rest),
            None => ("YMD", text.strip_prefix('P').unwrap_or_default()),
        };
        let count = rest.trim_end_matches(|letter| units.contains(letter));
        let one_unit = rest.len() == count.len() + 1;
        if one_unit && !count.is_empty() && count.bytes().all(|digit| digit.is_ascii_digit()) {
            return Ok(());
        }
        Err(Fault::near(
            format!("\"{text}\" is neither \"session\" nor an ISO 8601 duration of one unit"),
            Some("P90D".into()),
        ))
    },
};

/// A language.
pub(super) const LANGUAGE: Form = Form {
    pattern: Some("^[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*$"),
    check: |text| {
        let mut parts = text.split('-');
        let first = parts.next().unwrap_or_default();
        let good = (2..=8).contains(&first.len())
            && first.bytes().all(|byte| byte.is_ascii_alphabetic())
            && parts.all(|part| {
                (1..=8).contains(&part.len())
                    && part.bytes().all(|byte| byte.is_ascii_alphanumeric())
            });
        if good {
            return Ok(());
        }
        Err(Fault::near(
            format!("\"{text}\" is no language tag, for example \"en\" or \"pt-BR\""),
            text.contains('_').then(|| text.replace('_', "-")),
        ))
    },
};

/// A country.
/// An ISO 3166-1 country or an ISO 3166-2 state.
pub(super) const REGION: Form = Form {
    pattern: Some("^[A-Z]{2}(-[A-Z0-9]{1,3})?$"),
    check: |text| {
        let (country, state) = text.split_once('-').unwrap_or((text, "X"));
        let of = |part: &str, least, most| {
            (least..=most).contains(&part.len())
                && part
                    .bytes()
                    .all(|byte| byte.is_ascii_uppercase() || least == 1 && byte.is_ascii_digit())
        };
        if of(country, 2, 2) && of(state, 1, 3) {
            return Ok(());
        }
        Err(Fault::near(
            format!("\"{text}\" is no region of ISO 3166: a country, or a country and its state"),
            Some("US-CA".into()),
        ))
    },
};

/// A country of ISO 3166-1.
pub(super) const COUNTRY: Form = Form {
    pattern: Some("^[A-Z]{2}$"),
    check: |text| {
        if text.len() == 2 && text.bytes().all(|byte| byte.is_ascii_uppercase()) {
            return Ok(());
        }
        Err(Fault::near(
            format!("\"{text}\" is no country of ISO 3166: two capital letters"),
            Some("IE".into()),
        ))
    },
};

/// A regular expression.
pub(super) const PATTERN: Form = Form {
    pattern: None,
    check: |text| match regex_lite::Regex::new(text) {
        Ok(_) => Ok(()),
        Err(error) => Err(Fault::new(format!(
            "\"{text}\" is no regular expression that can be checked: {error}"
        ))),
    },
};

/// The claim on a loader's address; nothing for a path of the site's own.
pub(super) fn loader_claim(address: &str) -> Option<&str> {
    let rest = address.strip_prefix("https://")?;
    let claim = rest.split(['?', '#']).next()?;
    is_claim(claim).then_some(claim)
}

fn is_host(text: &str) -> bool {
    let label = |label: &str| {
        !label.is_empty()
            && label
                .bytes()
                .all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-')
    };
    text.split('.').all(label)
}

/// What stands between a scheme and a port or path.
fn bare_host(address: &str) -> &str {
    let rest = address.split_once("://").map_or(address, |(_, rest)| rest);
    rest.split(['/', '?', ':']).next().unwrap_or_default()
}

/// Hosts are compared as the browser's own parser gives them: lower case, without a port.
fn is_claim(text: &str) -> bool {
    let host = text.split(['/', '?']).next().unwrap_or_default();
    let letters =
        |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || b"-._*{}".contains(&byte);
    is_plain(text)
        && (host.bytes().all(letters) || host.contains('{'))
        && !host.contains(':')
        && !host.starts_with('.')
        && !host.contains("..")
        && Claim::read(text, 0).is_some()
}

/// No letter that a browser drops or turns into another on its way to an address.
fn is_plain(text: &str) -> bool {
    !text.is_empty()
        && !text
            .chars()
            .any(|letter| letter.is_whitespace() || letter.is_control() || letter == '\\')
}

fn is_https(text: &str) -> bool {
    text.strip_prefix("https://")
        .is_some_and(|rest| !bare_host(rest).is_empty())
}

/// A development server.
fn is_local(text: &str) -> bool {
    text.strip_prefix("http://").is_some_and(|rest| {
        let host = bare_host(rest);
        host == "localhost" || host.ends_with(".localhost") || host == "127.0.0.1"
    })
}

/// No scheme, and no host of somebody else's.
fn is_relative(text: &str) -> bool {
    let first = text.split(['/', '?', '#']).next().unwrap_or_default();
    !text.starts_with("//") && !first.contains(':')
}
