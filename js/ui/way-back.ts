// The floating way back: a button in a host of its own after the body, the last stop of the keyboard.

import css from "#glue/style/way-back.css";
import type { Consent } from "../types.ts";
import type { Assets } from "./assets.ts";
import { language, settingsName } from "./language.ts";
import { page } from "./page.ts";
import { direction } from "./records.ts";
import { sheet } from "./sheet.ts";

/** A portcullis, in a square of 24. */
const ICON = "M4 21V8c0-3 3.6-5 8-5s8 2 8 5v13M4 11h16M4 16h16M8 5.5V22M12 4v18M16 5.5V22";

const drawing = (name: string) => page.createElementNS("http://www.w3.org/2000/svg", name);

/** Draws the button. */
export async function wayBack(consent: Consent, assets: Assets): Promise<{ close(): void }> {
  const { config, openPreferences } = consent;
  // Nobody looks for it before the page is there.
  if (!page.body) await new Promise((parsed) => addEventListener("DOMContentLoaded", parsed));
  const tag = language(config, assets);
  const name = await settingsName(consent, assets, tag);
  const host = page.createElement("portcullis-way-back");
  host.lang = tag;
  host.dir = direction(tag);
  host.dataset.scheme = config.interface?.scheme ?? "auto";
  const root = host.attachShadow({ mode: "open" });
  root.adoptedStyleSheets = [sheet(css, config.interface?.theme)];
  const button = page.createElement("button");
  button.title = name;
  button.setAttribute("part", "way-back");
  button.dataset.action = "settings";
  button.onclick = () => openPreferences();
  const path = drawing("path");
  path.setAttribute("d", ICON);
  const icon = drawing("svg");
  icon.append(path);
  button.append(icon);
  root.append(button);
  page.documentElement.append(host);
  return { close: () => host.remove() };
}
