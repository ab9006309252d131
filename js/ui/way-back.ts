// The floating way back: a button in a host of its own after the body, the last stop of the keyboard.

import css from "#glue/style/way-back.css";
import labels from "#glue/way-back.js";
import type { Consent } from "../types.ts";
import type { Assets } from "./assets.ts";
import { direction, language } from "./language.ts";
import { bodyReady, sheet } from "./sheet.ts";

const TAG = "portcullis-way-back";
const SVG = "http://www.w3.org/2000/svg";
/** A portcullis. */
const ICON = "M4 21V8c0-3 3.6-5 8-5s8 2 8 5v13M4 11h16M4 16h16M8 5.5V22M12 4v18M16 5.5V22";

/** Draws the button. */
export async function wayBack(
  { config, openPreferences }: Consent,
  assets: Assets,
): Promise<{ remove(): void }> {
  await bodyReady();
  const tag = language(config, assets);
  const host = document.createElement(TAG);
  host.lang = tag;
  host.dir = direction(tag);
  host.dataset.scheme = config.interface?.scheme ?? "auto";
  const root = host.attachShadow({ mode: "open" });
  root.adoptedStyleSheets = [sheet(css, config)];
  const button = document.createElement("button");
  button.type = "button";
  button.dataset.action = "settings";
  button.setAttribute("part", "way-back");
  button.setAttribute(
    "aria-label",
    config.interface?.texts?.[tag]?.["banner.settings"] ?? labels[tag] ?? labels.en,
  );
  button.title = button.ariaLabel ?? "";
  const icon = document.createElementNS(SVG, "svg");
  icon.setAttribute("viewBox", "0 0 24 24");
  icon.setAttribute("aria-hidden", "true");
  const path = document.createElementNS(SVG, "path");
  path.setAttribute("d", ICON);
  icon.append(path);
  button.append(icon);
  button.addEventListener("click", () => openPreferences());
  root.append(button);
  document.documentElement.append(host);
  return host;
}
