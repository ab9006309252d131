// The company's own script: what a site does around its vendors, consent or not.

const german = document.documentElement.lang === "de";
const say = (english, deutsch) => (german ? deutsch : english);
const find = (selector) => document.querySelector(selector);

/** Calls a vendor's function. It is there from the start, whatever was chosen, but nothing here rests on it. */
const tell = (vendor, ...call) => window[vendor]?.(...call);

// The finish of the kettle.
find("#finish")?.addEventListener("change", ({ target }) => {
  find("#picture").src = `/assets/kettle-${target.value}.svg`;
});

// A conversion, told to every vendor that the site works with.
find("#quote")?.addEventListener("click", ({ currentTarget }) => {
  find("#quoted").textContent = currentTarget.dataset.done;
  tell("gtag", "event", "generate_lead", { value: 189, currency: "EUR" });
  tell("fbq", "track", "Lead");
  tell("twq", "event", "tw-o1abc-lead", { value: 189, currency: "EUR" });
  tell("lintrk", "track", { conversion_id: 1234 });
});

find("#signup")?.addEventListener("submit", (event) => {
  event.preventDefault();
  event.target.reset();
  find("#signed").textContent = say(
    "Thank you, you are on the list. (In this demonstration nothing was sent.)",
    "Vielen Dank, Sie stehen auf der Liste. (In dieser Vorführung wurde nichts versendet.)",
  );
});

// Facebook's script is fetched when somebody wants to sign in with it, and not before.
const facebook = find("#facebook");
const mayUseFacebook = () => window.portcullis.allows({ vendor: "facebook-login" });

facebook?.addEventListener("click", async () => {
  const status = find("#signed");
  const refused = find("#refused");
  const consent = await window.portcullis?.ready;
  if (!consent || !mayUseFacebook()) {
    status.textContent = "";
    refused.hidden = false;
    refused.focus();
    return;
  }
  refused.hidden = true;
  status.textContent = say("One moment …", "Einen Moment …");
  const unreachable = () => {
    status.textContent = say(
      "Facebook cannot be reached. Please use the form.",
      "Facebook ist nicht erreichbar. Bitte benutzen Sie das Formular.",
    );
  };
  try {
    await consent.load("facebook-login");
    window.FB.login(
      ({ status: answer }) => {
        status.textContent =
          answer === "connected"
            ? say("You are signed in with Facebook.", "Sie sind mit Facebook angemeldet.")
            : say("You are not signed in.", "Sie sind nicht angemeldet.");
      },
      { scope: "public_profile,email" },
    );
  } catch {
    unreachable();
  }
});

if (facebook) {
  window.addEventListener("portcullis:change", () => {
    if (find("#refused").hidden || !mayUseFacebook()) return;
    find("#refused").hidden = true;
    // The settings were opened from what is hidden now: the way on is the button above it.
    facebook.focus();
    find("#signed").textContent = say(
      "Thank you. You can now continue with Facebook.",
      "Vielen Dank. Sie können jetzt mit Facebook weitermachen.",
    );
  });
}

// The privacy policy shows what is chosen now.
const choices = find("#choices");
if (choices) {
  const names = say(
    {
      necessary: "Strictly necessary",
      performance: "Performance",
      functional: "Functional",
      targeting: "Targeting",
    },
    {
      necessary: "Unbedingt erforderlich",
      performance: "Leistung",
      functional: "Funktionell",
      targeting: "Werbung",
    },
  );
  const states = {
    true: say("allowed", "erlaubt"),
    false: say("not allowed", "nicht erlaubt"),
    mixed: say("partly allowed", "teilweise erlaubt"),
  };
  const draw = () => {
    const { categories, choices: chosen } = window.portcullis;
    choices.replaceChildren(
      ...categories.map(({ id, alwaysActive }) => {
        const always = alwaysActive !== undefined || id === "necessary";
        const row = document.createElement("div");
        const name = document.createElement("dt");
        const state = document.createElement("dd");
        name.textContent = names[id] ?? id;
        state.textContent = always ? say("always active", "immer aktiv") : states[chosen.categories[id]];
        row.append(name, state);
        return row;
      }),
    );
  };
  window.portcullis?.ready.then(draw);
  window.addEventListener("portcullis:change", draw);
}
