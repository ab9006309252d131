//! From a decision to the record that holds from then on.
//!
//! The gate only reads records: writing one takes what a page view does not need. It is done where choices
//! are made, in the module that comes with the banner, and the gate takes the record in.

use super::choices::{Answers, is_word, push};
use super::record::Record;
use crate::fields::{cut, field, fields, owned, split};

/// Writes the record of a decision. `ballot` is lines, fields separated by tabs:
///
/// ```text
/// id  counter  now  revision  regime  gpc  source  language  shown
/// kept  objections
/// c  id  decided  stands
/// v  id  decided  category  objected
/// ```
///
/// The first line is what the record says before its answers, as `docs/record.md` has it; what a record
/// cannot hold is left out of it. `kept` and `objections`: the vendors' answers and the objections of the record that held
/// so far; nothing, where the decision is about everything, since Accept All and Reject All forget single answers.
///
/// Then every category and every vendor, with what was decided about it: `1`, `0`, or nothing. `stands`: the
/// category is granted now (`1`), is not (`0`), or is always active (`a`). `category`: what was decided about
/// the vendor's category. `objected`: whether the visitor objects to its legitimate interest. What the decision
/// leaves out keeps its present state.
pub fn choose(ballot: &str) -> Record {
    let mut parts = [""; 3];
    split(ballot, b'\n', &mut parts);
    let [head, before, lines] = parts;
    let (kept, objections) = cut(before, b'\t');
    let mut out = owned("1");
    for said in fields(head, b'\t') {
        out.push('.');
        out.push_str(if is_word(said) { said } else { "" });
    }
    for wanted in ["c", "v"] {
        out.push('.');
        for line in fields(lines, b'\n') {
            let mut parts = [""; 5];
            split(line, b'\t', &mut parts);
            let [kind, id, decided, more, _] = parts;
            if kind != wanted || more == "a" || !is_word(id) {
                continue;
            }
            let granted = match decided {
                "1" => true,
                "0" => false,
                _ if kind == "c" => more == "1",
                _ => match Answers(kept).get(id) {
                    // A category that is switched on keeps what was refused one by one; one that is
                    // switched off keeps nothing that was granted one by one.
                    Some(granted) if !(granted && more == "0") => granted,
                    _ => continue,
                },
            };
            push(&mut out, id, granted);
        }
    }
    out.push('.');
    for line in fields(lines, b'\n') {
        let id = field(line, b'\t', 1);
        let stands = match field(line, b'\t', 4) {
            "" => Answers(objections).get(id).is_some(),
            objected => objected == "1",
        };
        if stands && line.starts_with('v') && is_word(id) {
            push(&mut out, id, true);
        }
    }
    Record::finish(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    const HEAD: &str = "0123456789abcdef\t1\t1764000000\t4\ti\t0\tp\tde-AT\tdeadbeef";

    /// The answers of a record; lines as words with spaces between their fields.
    fn chosen(kept: &str, lines: &[&str]) -> String {
        let lines = lines.join("\n").replace(' ', "\t");
        let record = choose(&format!("{HEAD}\n{kept}\n{lines}"));
        assert_eq!(Record::read(record.as_str()).as_ref(), Some(&record));
        format!("{}.{}", record.categories().0, record.vendors().0)
    }

    #[test]
    fn everything_is_said_of_a_choice() {
        let lines = "c\tnecessary\t\ta\nc\tperformance\t1\t0\nv\tx\t0\t1";
        let record = choose(&format!("{HEAD}\n\n{lines}"));
        let expected = "1.0123456789abcdef.1.1764000000.4.i.0.p.de-AT.deadbeef.performance.!x..";
        assert!(record.as_str().starts_with(expected), "{}", record.as_str());
    }

    #[test]
    fn what_is_left_out_keeps_its_state() {
        assert_eq!(
            chosen("", &["c a  1", "c b  0", "c n  a", "v x  "]),
            "a~!b."
        );
        assert_eq!(chosen("", &["c a 0 1", "c b 1 0", "v x 1 0"]), "!a~b.x");
    }

    #[test]
    fn a_category_takes_grants_along_and_leaves_refusals() {
        let kept = "x~!y";
        assert_eq!(chosen(kept, &["c a  1", "v x  ", "v y  "]), "a.x~!y");
        assert_eq!(chosen(kept, &["c a 0 1", "v x  0", "v y  0"]), "!a.!y");
        assert_eq!(chosen(kept, &["c a 1 0", "v x  1", "v y  1"]), "a.x~!y");
        assert_eq!(chosen(kept, &["c a 0 1", "v x 1 0", "v y 0 0"]), "!a.x~!y");
    }

    #[test]
    fn objections_are_choices_of_their_own() {
        let of = |before: &str, lines: &[&str]| {
            let lines = lines.join("\n").replace(' ', "\t");
            let record = choose(&format!("{HEAD}\n{before}\n{lines}"));
            assert_eq!(Record::read(record.as_str()).as_ref(), Some(&record));
            record.objections().0.to_owned()
        };
        let said = ["c a  1", "v x   1", "v y   0", "v z   "];
        assert_eq!(of("", &said), "x");
        assert_eq!(of("\ty~z", &said), "x~z");
        assert_eq!(of("y\t", &["v y 0  "]), "");
    }

    #[test]
    fn what_a_record_cannot_hold_is_left_out() {
        let head = "0123456789abcdef\t1\t1764000000\t4\ti\t0\tp\ta.b\tx y";
        let record = choose(&format!("{head}\n\nc\ta\t0\t0"));
        assert!(record.as_str().contains(".p...!a."), "{}", record.as_str());
        assert!(Record::read(record.as_str()).is_some());
        // An id that reads as two answers would grant what nobody was asked about.
        let odd = ["c a 1 0", "v x~y 0 1", "v !x 0 1", "v x.y 0 1", "v z 0 1"];
        assert_eq!(chosen("", &odd), "a.!z");
    }
}
