// c15t on a page without a framework. Its plain client draws nothing, so its own banner comes with its React package;
// set up as its quickstart and its script loader's page tell, with nothing on a server.

import { ConsentBanner, ConsentDialog, ConsentManagerProvider } from "@c15t/react";
import { createElement } from "react";
import { createRoot } from "react-dom/client";
import "@c15t/react/styles.css";

const options = {
  mode: "offline",
  overrides: { country: "DE", language: "en" },
  consentCategories: ["necessary", "measurement"],
  legalLinks: { privacyPolicy: { href: "/privacy" } },
  scripts: window.c15tTags.map((src, at) => ({ id: `tag-${at}`, src, category: "measurement" })),
};
const root = document.createElement("div");
document.body.append(root);
createRoot(root).render(
  createElement(
    ConsentManagerProvider,
    { options },
    createElement(ConsentBanner, { legalLinks: ["privacyPolicy"] }),
    createElement(ConsentDialog),
  ),
);
