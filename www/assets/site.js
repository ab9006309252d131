// The company's own script: what a site does around its vendors, consent or not.

const german = document.documentElement.lang === "de";
const say = (english, deutsch) => (german ? deutsch : english);

/** A conversion, told to every vendor. Their functions are there from the start, whatever was chosen. */
document.querySelector("#quote")?.addEventListener("click", ({ currentTarget }) => {
  window.gtag("event", "generate_lead", { value: 189, currency: "EUR" });
  window.fbq("track", "Lead");
  window.twq("event", "tw-o1abc-lead", { value: 189 });
  window.lintrk("track", { conversion_id: 1234 });
  document.querySelector("#quoted").textContent = currentTarget.dataset.done;
});

document.querySelector("#signup")?.addEventListener("submit", (event) => {
  event.preventDefault();
  document.querySelector("#signed").textContent = say(
    "Thank you, you are on the list.",
    "Vielen Dank, Sie stehen auf der Liste.",
  );
});

/** Facebook's script is fetched when somebody wants to sign in with it, and not before. */
document.querySelector("#facebook")?.addEventListener("click", async () => {
  const status = document.querySelector("#signed");
  const consent = await window.portcullis.ready;
  if (!consent.allows({ vendor: "facebook-login" })) {
    status.textContent = say(
      "Signing in with Facebook needs functional cookies. You can allow them in the settings.",
      "Die Anmeldung mit Facebook braucht funktionelle Cookies. Sie können sie in den Einstellungen erlauben.",
    );
    consent.openPreferences();
    return;
  }
  try {
    await consent.load("facebook-login");
    window.FB.login(({ status: answer }) => {
      status.textContent =
        answer === "connected"
          ? say("Signed in with Facebook.", "Mit Facebook angemeldet.")
          : say("Not signed in.", "Nicht angemeldet.");
    });
  } catch {
    status.textContent = say("Facebook cannot be reached.", "Facebook ist nicht erreichbar.");
  }
});

/** The privacy policy shows what is chosen now. */
const list = document.querySelector("#choices");
if (list) {
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
  const words = {
    true: say("allowed", "erlaubt"),
    false: say("not allowed", "nicht erlaubt"),
    mixed: say("partly allowed", "teilweise erlaubt"),
  };
  const draw = () => {
    const { categories } = window.portcullis.choices;
    list.replaceChildren(
      ...Object.entries(categories).map(([id, state]) => {
        const item = document.createElement("li");
        item.textContent = `${names[id] ?? id}: ${words[state]}`;
        return item;
      }),
    );
  };
  window.portcullis.ready.then(draw);
  window.addEventListener("portcullis:change", draw);
}
