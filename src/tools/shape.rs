//! What a JSON value may be, as data, and the walk that finds every place where it is something else.
//!
//! The walk also prunes: what is wrong is left out of the config, so that the rest works.

use serde_json::{Map, Value};

use super::check::{Checker, Fault, join, kind, list, nearest};
use super::forms::Form;

/// What a value may be.
pub(super) enum Shape {
    /// Any value.
    Any,
    /// `true` or `false`.
    Flag,
    /// A whole number, from this one on.
    Count(u64),
    /// A text of a form.
    Text(Form),
    /// One of a closed list of texts.
    OneOf(&'static [&'static str]),
    /// A list.
    List(&'static Shape),
    /// An object whose keys are the writer's own.
    Map(Form, &'static Shape),
    /// An object with known keys.
    Object(&'static [Field]),
    /// An object that says by its key `do` which keys it has beside it.
    Step(&'static [(&'static str, &'static [Field])]),
    /// A text, or else something of the other shape.
    TextOr(Form, &'static Shape),
    /// Null, or else something of the other shape.
    NullOr(&'static Shape),
}

/// A key of an object.
pub(super) struct Field {
    pub key: &'static str,
    pub required: bool,
    /// What it is, for people: a sentence without its full stop.
    pub about: &'static str,
    pub shape: Shape,
}

impl Checker {
    /// Checks a value and prunes what is wrong inside it. `false` if the value itself is of no use.
    pub fn fits(&mut self, path: &str, value: &mut Value, shape: &Shape, about: &str) -> bool {
        let expected = match (shape, &mut *value) {
            (Shape::Any, _) | (Shape::Flag, Value::Bool(_)) => return true,
            (Shape::Count(least), Value::Number(number))
                if number.as_u64().is_some_and(|number| number >= *least) =>
            {
                return true;
            }
            (Shape::Text(form) | Shape::TextOr(form, _), Value::String(text)) => {
                return self.has_form(path, text, form);
            }
            (Shape::TextOr(_, other), value @ Value::Object(_)) => {
                return self.fits(path, value, other, about);
            }
            (Shape::OneOf(known), Value::String(text)) => return self.is_one_of(path, text, known),
            (Shape::List(member), Value::Array(members)) => {
                self.members(path, members, member, about);
                return true;
            }
            (Shape::Map(keys, member), Value::Object(object)) => {
                self.entries(path, object, keys, member);
                return true;
            }
            (Shape::Object(fields), Value::Object(object)) => {
                return self.fields(path, object, fields, &[]);
            }
            (Shape::Step(steps), Value::Object(object)) => return self.step(path, object, steps),
            (Shape::NullOr(_), Value::Null) => return true,
            (Shape::NullOr(other), value) => return self.fits(path, value, other, about),
            (Shape::Flag, _) => "true or false",
            (Shape::Count(_), Value::Number(_)) => {
                self.error(path, Fault::new(count_expected(shape)));
                return false;
            }
            (Shape::Count(_), _) => "a whole number",
            (Shape::Text(_) | Shape::OneOf(_), _) => "a text",
            (Shape::List(_), _) => "a list",
            (Shape::Map(..) | Shape::Object(_) | Shape::Step(_), _) => "an object",
            (Shape::TextOr(..), _) => "a text or an object",
        };
        let mut problem = format!("must be {expected}, not {}", kind(value));
        if !about.is_empty() {
            problem.push_str(": ");
            problem.push_str(about);
        }
        self.error(path, Fault::new(problem));
        false
    }

    /// Checks an object's keys and values and prunes. `also`: further keys, which others look after.
    /// `false` if a required one is missing or wrong.
    pub fn fields(
        &mut self,
        path: &str,
        object: &mut Map<String, Value>,
        fields: &[Field],
        also: &[&str],
    ) -> bool {
        let known = || fields.iter().map(|field| field.key).chain(also.to_vec());
        let mut usable = true;
        for field in fields {
            let path = join(path, field.key);
            let Some(value) = object.get_mut(field.key) else {
                if field.required {
                    self.error(path, missing(field.about));
                    usable = false;
                }
                continue;
            };
            if !self.fits(&path, value, &field.shape, field.about) {
                object.shift_remove(field.key);
                usable &= !field.required;
            }
        }
        let unknown: Vec<String> = object
            .keys()
            .filter(|key| !known().any(|known| known == key.as_str()))
            .cloned()
            .collect();
        for key in unknown {
            let fault = Fault::near(format!("unknown key \"{key}\""), nearest(&key, known()));
            self.error(join(path, &key), fault);
            object.shift_remove(&key);
        }
        usable
    }

    fn has_form(&mut self, path: &str, text: &str, form: &Form) -> bool {
        match (form.check)(text) {
            Ok(()) => true,
            Err(fault) => {
                self.error(path, fault);
                false
            }
        }
    }

    fn is_one_of(&mut self, path: &str, text: &str, known: &[&str]) -> bool {
        if known.contains(&text) {
            return true;
        }
        let fault = Fault::near(
            format!("\"{text}\" is not {}", list(known)),
            nearest(text, known.iter().copied()),
        );
        self.error(path, fault);
        false
    }

    fn members(&mut self, path: &str, members: &mut Vec<Value>, member: &Shape, about: &str) {
        let mut at = 0;
        members.retain_mut(|value| {
            let path = format!("{path}[{at}]");
            at += 1;
            self.fits(&path, value, member, about)
        });
    }

    fn entries(
        &mut self,
        path: &str,
        object: &mut Map<String, Value>,
        keys: &Form,
        member: &Shape,
    ) {
        object.retain(|key, value| {
            let path = join(path, key);
            self.has_form(&path, key, keys) & self.fits(&path, value, member, "")
        });
    }

    fn step(
        &mut self,
        path: &str,
        object: &mut Map<String, Value>,
        steps: &[(&str, &[Field])],
    ) -> bool {
        let known: Vec<_> = steps.iter().map(|(name, _)| *name).collect();
        let Some(what) = object.get("do").and_then(Value::as_str) else {
            let fault = missing(&format!("what the step does, {}", list(&known)));
            self.error(join(path, "do"), fault);
            return false;
        };
        match steps.iter().find(|(name, _)| *name == what) {
            Some((_, fields)) => self.fields(path, object, fields, &["do"]),
            None => {
                let what = what.to_owned();
                self.is_one_of(&join(path, "do"), &what, &known)
            }
        }
    }
}

/// Something that must be there is not.
pub(super) fn missing(about: &str) -> Fault {
    if about.is_empty() {
        Fault::new("is missing")
    } else {
        Fault::new(format!("is missing: {about}"))
    }
}

fn count_expected(shape: &Shape) -> String {
    match shape {
        Shape::Count(least) if *least > 0 => format!("must be a whole number from {least} on"),
        _ => "must be a whole number that is not negative".into(),
    }
}
