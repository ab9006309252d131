//! What a config may hold: the types `Config`, `Vendor` and `Step` of `js/types.ts`, as shapes.

use super::forms::{
    CLAIM, COUNTRY, DURATION, FILLED, FREE, HOST, LANGUAGE, LINK, LOADER, PATTERN, REGION, WORD,
};
use super::shape::{Field, Shape};
use Shape::{Any, Count, Flag, List, Map, NullOr, Object, OneOf, Step, Text, TextOr};

/// A key that may be left out.
const fn may(key: &'static str, shape: Shape, about: &'static str) -> Field {
    Field {
        key,
        required: false,
        about,
        shape,
    }
}

/// A key that must be there.
const fn must(key: &'static str, shape: Shape, about: &'static str) -> Field {
    Field {
        key,
        required: true,
        about,
        shape,
    }
}

/// The categories that every site has.
pub(super) const CATEGORIES: [&str; 5] = [
    "necessary",
    "performance",
    "functional",
    "targeting",
    "social",
];

/// A site's file, apart from what its vendors are.
pub(super) const CONFIG: &[Field] = &[
    may("site", Object(SITE), "who the site is"),
    may(
        "revision",
        Count(1),
        "counts up when what visitors are asked changes",
    ),
    may(
        "regime",
        OneOf(&["opt-in", "opt-out", "notice", "auto"]),
        "the legal model in force, \"opt-in\" unless said otherwise; \"auto\": that of the visitor's region",
    ),
    may(
        "region",
        Text(REGION),
        "where visitors are, if that is known: a country, or a state as \"US-CA\"",
    ),
    may(
        "validDays",
        Count(1),
        "a choice is asked again after so many days: 180, or with \"auto\" as the region's law says, unless said otherwise",
    ),
    may(
        "unclassified",
        OneOf(&["allow", "hold"]),
        "what happens to a third party that no vendor claims",
    ),
    may(
        "markup",
        OneOf(&["page", "nonce", "off"]),
        "which scripts of the page's HTML are released: all, those with the nonce of our own script, or none",
    ),
    may(
        "categories",
        Map(WORD, &Object(CATEGORY)),
        "what is particular about a category, or a category of the site's own",
    ),
    may("interface", Object(INTERFACE), "what visitors see"),
];

const SITE: &[Field] = &[
    may("name", Text(FILLED), "the site's name, as visitors know it"),
    may(
        "hosts",
        List(&Text(HOST)),
        "further hosts of the site's own, never held unless a vendor claims them",
    ),
    may("privacyPolicy", Text(LINK), "address of the privacy policy"),
    may("cookieNotice", Text(LINK), "address of the cookie notice"),
    may(
        "exerciseRights",
        Text(LINK),
        "where visitors exercise their rights",
    ),
];

const CATEGORY: &[Field] = &[
    may(
        "alwaysActive",
        Text(FREE),
        "the reason, in words that visitors can read, why it runs without being asked",
    ),
    may(
        "sale",
        Flag,
        "whether it counts as sale or sharing for Global Privacy Control",
    ),
    may(
        "texts",
        Map(
            LANGUAGE,
            &Object(&[
                must("name", Text(FILLED), "the category's name"),
                must(
                    "description",
                    Text(FILLED),
                    "what it is for, in a sentence or two",
                ),
            ]),
        ),
        "name and description of a category of the site's own, by language",
    ),
];

const INTERFACE: &[Field] = &[
    may(
        "banner",
        OneOf(&["bottom", "top", "corner", "dialog"]),
        "where the banner stands",
    ),
    may(
        "language",
        Text(LANGUAGE),
        "a language tag, or \"auto\": the page's, then the browser's",
    ),
    may(
        "close",
        Flag,
        "a button that closes the banner, where visitors are asked first: it rejects all, and says so",
    ),
    may(
        "reject",
        Flag,
        "false: no way to say no on the banner itself, where nobody has to be asked first",
    ),
    may(
        "silent",
        List(&Text(FILLED)),
        "paths of pages on which nothing is asked, \"*\" for any run of characters",
    ),
    may("wayBack", Flag, "whether the floating way back is drawn"),
    may(
        "scheme",
        OneOf(&["auto", "light", "dark"]),
        "light, dark, or as the visitor's system has it",
    ),
    may(
        "theme",
        Map(FILLED, &Text(FREE)),
        "values of the custom properties, without the leading --portcullis-",
    ),
    may(
        "texts",
        Map(LANGUAGE, &Map(FILLED, &Text(FREE))),
        "the site's own wording, by language and key of the locale file",
    ),
];

/// What identifies a vendor that is written out.
pub(super) const OWN: &[Field] = &[
    must("id", Text(WORD), "its id, for example \"in-house-ab\""),
    must("name", Text(FILLED), "its name, as visitors read it"),
    must(
        "category",
        Text(FREE),
        "the category that visitors choose about",
    ),
    must(
        "hosts",
        List(&Text(CLAIM)),
        "what it is known by and held by: \"host\", \"host/path\" or \"host/path?key=value\"",
    ),
    may(
        "values",
        Map(FILLED, &Text(FREE)),
        "values of the parameters",
    ),
    may(
        "parameters",
        Map(FILLED, &Text(PATTERN)),
        "regular expression of each parameter",
    ),
];

/// What a site may say otherwise about a vendor of the catalogue: here what a written-out vendor must
/// say.
pub(super) const RENAMED: &[Field] = &[
    may(
        "id",
        Text(WORD),
        "another id, where a site uses a vendor twice",
    ),
    may("name", Text(FILLED), "its name, as visitors read it"),
    may(
        "category",
        Text(FREE),
        "the category that visitors choose about",
    ),
    may(
        "hosts",
        List(&Text(CLAIM)),
        "instead of the catalogue's: \"host\", \"host/path\" or \"host/path?key=value\"",
    ),
];

/// What any vendor may hold.
pub(super) const VENDOR: &[Field] = &[
    may(
        "reason",
        Text(FILLED),
        "why it is strictly necessary, in words that visitors can read",
    ),
    may("company", Text(FILLED), "the company behind it"),
    may("country", Text(COUNTRY), "the company's country"),
    may(
        "bases",
        List(&OneOf(&["consent", "legitimate-interest"])),
        "the legal bases it claims, consent unless said otherwise",
    ),
    may(
        "retention",
        Text(DURATION),
        "how long it keeps what it collects: an ISO 8601 duration",
    ),
    may(
        "stub",
        List(&STEP),
        "steps at the start of every page, whatever the choice: no request, nothing stored",
    ),
    may(
        "start",
        List(&STEP),
        "steps at a grant, right before its script is loaded",
    ),
    may(
        "script",
        TextOr(LOADER, &Object(SCRIPT)),
        "its script's address",
    ),
    may("loaded", List(&STEP), "steps after its script has run"),
    may("off", List(&STEP), "steps at withdrawal"),
    may(
        "resume",
        List(&STEP),
        "steps when it is granted again on the same page; left out where it must wait for the next page",
    ),
    may("consentMode", Flag, "whether it obeys Google Consent Mode"),
    may("cookies", List(&Object(COOKIE)), "cookies that it sets"),
    may(
        "storage",
        List(&Object(STORAGE)),
        "storage that it uses on the site's origin",
    ),
    may(
        "carries",
        List(&Text(FREE)),
        "categories of the tags that a container brings",
    ),
    may(
        "needs",
        List(&Text(FREE)),
        "ids of vendors that must have started before",
    ),
    may(
        "starts",
        OneOf(&["grant", "demand"]),
        "\"demand\": only when the page asks for it",
    ),
    may(
        "since",
        Count(0),
        "the config's revision in which the site added it",
    ),
    may(
        "sale",
        Flag,
        "whether it counts as sale or sharing, whatever its category says",
    ),
    may(
        "links",
        Object(&[
            may("privacy", Text(LINK), "its privacy policy"),
            may("optOut", Text(LINK), "where visitors opt out at the vendor"),
        ]),
        "pages of the vendor's",
    ),
];

const SCRIPT: &[Field] = &[
    must("src", Text(LOADER), "the script's address"),
    may(
        "shared",
        Text(FILLED),
        "loaders with the same name are interchangeable",
    ),
    may(
        "crossOrigin",
        OneOf(&["anonymous", "use-credentials"]),
        "as the attribute",
    ),
    may("integrity", Text(FILLED), "as the attribute"),
    may("elementId", Text(FILLED), "the element's id"),
];

const COOKIE: &[Field] = &[
    must(
        "name",
        Text(FILLED),
        "the cookie's name, \"*\" for any run of characters",
    ),
    must(
        "party",
        OneOf(&["first", "third"]),
        "on the site's own domain, or on the vendor's",
    ),
    must(
        "lifetime",
        Text(DURATION),
        "ISO 8601 duration, or \"session\"",
    ),
    must("purpose", OneOf(&PURPOSES), "what it is for"),
    may("httpOnly", Flag, "whether scripts cannot see it"),
];

const STORAGE: &[Field] = &[
    must(
        "kind",
        OneOf(&["local", "session", "indexeddb", "cache"]),
        "which storage: of the browser tab or lasting, a database, a cache of responses",
    ),
    must(
        "key",
        Text(FILLED),
        "its key or name, \"*\" for any run of characters",
    ),
    must("purpose", OneOf(&PURPOSES), "what it is for"),
];

const PURPOSES: [&str; 12] = [
    "consent",
    "visitor-id",
    "session",
    "rate-limit",
    "campaign",
    "conversion",
    "advertising",
    "login",
    "opt-out",
    "security",
    "preferences",
    "test",
];

const NAME: Field = must("name", Text(FILLED), "a path from window");
const QUEUE: Field = must("queue", Text(FILLED), "where calls are kept");
const VALUE: Field = must("value", Any, "a literal value");

/// The closed vocabulary that vendors are started and stopped with.
const STEP: Shape = Step(&[
    ("array", &[NAME]),
    ("arguments-queue", &[NAME, QUEUE]),
    (
        "function-queue",
        &[
            NAME,
            QUEUE,
            may(
                "forward",
                Text(FILLED),
                "the function's property that takes calls once it is there",
            ),
            must("item", OneOf(&["arguments", "list"]), "how a call is kept"),
            may(
                "with",
                Map(FILLED, &Any),
                "further properties of the function",
            ),
            may(
                "also",
                List(&Text(FILLED)),
                "names that hold the same function",
            ),
        ],
    ),
    ("set", &[NAME, VALUE]),
    ("push", &[NAME, VALUE]),
    (
        "call",
        &[NAME, must("arguments", List(&Any), "literal arguments")],
    ),
    (
        "cookie",
        &[
            NAME,
            must(
                "value",
                NullOr(&Text(FREE)),
                "the cookie's value, null to erase it",
            ),
        ],
    ),
]);
