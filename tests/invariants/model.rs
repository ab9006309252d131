//! What is granted, worked out a second time: only what was said last, and the rules in words.

use std::collections::BTreeMap;

use portcullis::consent::Regime;
use proptest::prelude::*;

use crate::site::{CATEGORIES, CONTAINER, NEWER, NEWER_SINCE, VENDORS};

/// A page's circumstances.
#[derive(Clone, Debug)]
pub struct Setting {
    pub regime: Regime,
    pub gpc: bool,
    pub revision: u32,
    pub prerendering: bool,
    /// What an earlier visit stored: answers for the three categories, under which revision, so many
    /// days ago.
    pub stored: Option<([bool; 3], u32, u64)>,
}

pub fn setting() -> impl Strategy<Value = Setting> {
    let regime =
        prop_oneof![3 => Just(Regime::OptIn), 2 => Just(Regime::OptOut), 1 => Just(Regime::Notice)];
    let stored = proptest::option::of((any::<[bool; 3]>(), 1..6u32, 0..400u64));
    (
        regime,
        any::<bool>(),
        1..6u32,
        prop::bool::weighted(0.1),
        stored,
    )
        .prop_map(|(regime, gpc, revision, prerendering, stored)| Setting {
            regime,
            gpc,
            revision,
            prerendering,
            stored,
        })
}

/// What was said last, and the rules in words.
pub struct Model {
    pub setting: Setting,
    pub started: bool,
    pub visible: bool,
    /// Answers by category and by vendor, once there is a choice that holds.
    pub choice: Option<Choice>,
}

#[derive(Clone, Default)]
pub struct Choice {
    pub categories: BTreeMap<usize, bool>,
    pub vendors: BTreeMap<usize, bool>,
    pub revision: u32,
    /// It was made while the browser's signal was on.
    pub with_gpc: bool,
}

impl Model {
    pub fn category(&self, at: usize) -> bool {
        if at == 0 {
            return true;
        }
        if !self.visible {
            return false;
        }
        let sale = at == 3;
        let overruled = self.choice.as_ref().is_some_and(|choice| choice.with_gpc);
        if self.setting.regime != Regime::OptIn && self.setting.gpc && sale && !overruled {
            return false;
        }
        match self
            .choice
            .as_ref()
            .and_then(|choice| choice.categories.get(&at))
        {
            Some(answer) => *answer,
            None => self.setting.regime != Regime::OptIn,
        }
    }

    pub fn vendor(&self, at: usize) -> bool {
        let category = VENDORS[at].1;
        if category == 0 {
            return true;
        }
        if !self.visible {
            return false;
        }
        let by_category = if at == CONTAINER {
            self.category(1) || self.category(3)
        } else {
            self.category(category)
        };
        let overruled = self.choice.as_ref().is_some_and(|choice| choice.with_gpc);
        let opted_out =
            self.setting.regime != Regime::OptIn && self.setting.gpc && category == 3 && !overruled;
        let Some(choice) = &self.choice else {
            return by_category;
        };
        match choice.vendors.get(&at) {
            Some(answer) => *answer && !opted_out,
            // I-7: in an opt-in regime consent covers what was shown.
            None if at == NEWER
                && self.setting.regime == Regime::OptIn
                && choice.revision < NEWER_SINCE =>
            {
                false
            }
            None => by_category,
        }
    }

    pub fn decide(
        &mut self,
        categories: &[(usize, bool)],
        vendors: &[(usize, bool)],
        afresh: bool,
    ) {
        let mut choice = Choice {
            revision: self.setting.revision,
            with_gpc: self.setting.gpc,
            ..Choice::default()
        };
        for at in 1..CATEGORIES.len() {
            let said = categories.iter().find(|(of, _)| *of == at);
            choice
                .categories
                .insert(at, said.map_or_else(|| self.category(at), |(_, on)| *on));
        }
        if let (Some(before), false) = (&self.choice, afresh) {
            for (&at, &on) in &before.vendors {
                let switched_off = categories.contains(&(VENDORS[at].1, false));
                if !(on && switched_off) {
                    choice.vendors.insert(at, on);
                }
            }
        }
        choice.vendors.extend(vendors.iter().copied());
        self.choice = Some(choice);
    }
}
