//! How long one verdict takes, by the number of a site's vendors: `cargo run -p xtask -- verdicts`.
//!
//! Built as the gate is, for size, and run natively: WebAssembly adds its own constant. Each figure is the
//! median of many rounds with the middle half of them beside it, since other programs run, too.

use std::fmt::Write as _;
use std::hint::black_box;
use std::time::{Duration, Instant};

use portcullis::consent::{Event, Kind, Record, Request, Session, Verdict, choose};

const NOW: u64 = 1_764_000_000;
const VENDORS: [usize; 3] = [10, 100, 1500];
const ROUNDS: usize = 301;

/// As long as a round takes, so that the clock's own steps do not show.
const ROUND: Duration = Duration::from_micros(500);

/// A site: half of its vendors in a category that is granted, eight behind a shared host.
fn config(vendors: usize) -> String {
    let mut text =
        String::from("p\t1\t1\topt-in\thold\t180\twww.acme.example cdn.acme.example\tpage\t0");
    text += "\nc\tnecessary\ta\nc\tperformance\t\nc\ttargeting\ts";
    for at in 0..vendors {
        let category = ["performance", "targeting"][at % 2];
        write!(
            text,
            "\nv\tvendor-{at}\t{category}\tr\t1\t\t\tvendor{at}.example cdn.vendor{at}.example/js?id=G- \
             px{at}.net/*/collect{}\t_v{at}_id _v{at}_* local:v{at}.*",
            if at < 8 {
                format!(" tags.example/v{at}/")
            } else { String::new() }
        )
        .expect("a String takes everything");
    }
    text
}

fn record() -> Option<Record> {
    let ballot = "0123456789abcdef\t1\t1764000000\t1\ti\t0\tp\ten\tdeadbeef\n\n\
        c\tnecessary\t\ta\nc\tperformance\t1\t0\nc\ttargeting\t0\t0";
    Some(choose(ballot))
}

/// What is asked: of the last vendor that is granted, the last that is refused, and nobody.
fn questions(vendors: usize) -> Vec<(&'static str, Question, Verdict)> {
    let (granted, refused) = (vendors - 2, vendors - 1);
    let request = |text: String| Question::Request(text);
    vec![
        (
            "request, granted",
            request(format!("o\tcdn.vendor{granted}.example\t/js?v=2&id=G-1234")),
            Verdict::Allow,
        ),
        (
            "request, refused",
            request(format!("o\ta.b.c.px{refused}.net\t/en_US/collect?x=1")),
            Verdict::Refuse,
        ),
        (
            "request, shared host",
            request("o\ttags.example\t/v0/tag.js".into()),
            Verdict::Allow,
        ),
        (
            "request, claimed by nobody",
            request("\tone.two.three.four.five.six.example\t/path/to/a/picture.png?q=1".into()),
            Verdict::Refuse,
        ),
        (
            "request, the site's own",
            request("\twww.acme.example\t/path/to/a/picture.png?q=1".into()),
            Verdict::Allow,
        ),
        (
            "name, refused",
            Question::Name(format!("_v{refused}_session")),
            Verdict::Refuse,
        ),
        (
            "name, declared by nobody",
            Question::Name("session_of_the_site".into()),
            Verdict::Allow,
        ),
    ]
}

enum Question {
    Request(String),
    Name(String),
}

impl Question {
    fn ask(&self, session: &Session) -> Verdict {
        match self {
            Self::Request(text) => {
                let request = Request::read(black_box(text));
                session.request(Kind::Call, &request).verdict
            }
            Self::Name(name) => session.name(black_box(name)).verdict,
        }
    }
}

/// The lower quartile, the median and the upper quartile, in nanoseconds.
fn timed(question: &Question, session: &Session) -> [f64; 3] {
    let mut count = 1u32;
    let mut rounds = Vec::with_capacity(ROUNDS);
    while rounds.len() < ROUNDS {
        let began = Instant::now();
        for _ in 0..count {
            black_box(question.ask(session));
        }
        let took = began.elapsed();
        if took < ROUND / 2 {
            count *= 2;
            rounds.clear();
        } else {
            rounds.push(took.as_nanos() as f64 / f64::from(count));
        }
    }
    rounds.sort_by(f64::total_cmp);
    [1, 2, 3].map(|quarter| rounds[ROUNDS * quarter / 4])
}

fn main() {
    println!("Nanoseconds a verdict: median (middle half).");
    print!("{:<28}", "vendors");
    let texts = VENDORS.map(config);
    let sessions = [0, 1, 2].map(|at| {
        let mut session = Session::new();
        assert!(session.configure(&texts[at]), "the config is sound");
        session.handle(Event::Started {
            record: record(),
            gpc: false,
            now: NOW,
            prerendering: false,
        });
        session
    });
    for vendors in VENDORS {
        print!("{vendors:>24}");
    }
    println!();
    let mut slowest = 0f64;
    for at in 0..questions(VENDORS[0]).len() {
        print!("{:<28}", questions(VENDORS[0])[at].0);
        for (vendors, session) in VENDORS.into_iter().zip(&sessions) {
            let (what, question, expected) = questions(vendors).swap_remove(at);
            assert_eq!(question.ask(session), expected, "{what}, {vendors} vendors");
            let [low, median, high] = timed(&question, session);
            slowest = slowest.max(median);
            print!("{:>24}", format!("{median:.0} ({low:.0} to {high:.0})"));
        }
        println!();
    }
    println!("Slowest: {slowest:.0} ns.");
}
