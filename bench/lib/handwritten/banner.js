// A banner as one writes it by hand: it asks, remembers, and starts what was marked. Nothing else.

const started = () => {
  for (const held of document.querySelectorAll('script[type="text/plain"]')) {
    const script = document.createElement("script");
    script.src = held.src;
    document.head.append(script);
  }
};

const decide = (answer) => {
  document.cookie = `handwritten=${answer}; Path=/; Max-Age=15552000; SameSite=Lax`;
  document.querySelector("#banner").remove();
  if (answer === "yes") started();
};

const button = (id, text, answer) => {
  const made = document.createElement("button");
  made.id = id;
  made.textContent = text;
  made.onclick = () => decide(answer);
  return made;
};

if (document.cookie.includes("handwritten=yes")) started();
else if (!document.cookie.includes("handwritten=no")) {
  const banner = document.createElement("section");
  banner.id = "banner";
  const words = document.createElement("p");
  words.textContent = "We use cookies to see how the site is used.";
  banner.append(words, button("reject", "Reject all", "no"), button("accept", "Accept all", "yes"));
  document.body.prepend(banner);
}
