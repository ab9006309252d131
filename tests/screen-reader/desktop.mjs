// A desktop for one run: an X server, a session bus and a home of its own, with a window manager, Orca with a
// synthesizer that makes no sound, and Firefox. Nothing of the machine's own is touched.
//
// Debian: apt-get install --no-install-recommends firefox-esr xvfb orca at-spi2-core dbus-daemon xdotool openbox
//   speech-dispatcher gsettings-desktop-schemas libglib2.0-bin

import { spawn, spawnSync } from "node:child_process";
import { closeSync, existsSync, openSync, readFileSync } from "node:fs";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";

export const sleep = (ms) => new Promise((done) => setTimeout(done, ms));

/** Runs a script again within a session of its own, and ends with it; within one it does nothing. */
export async function inSession(self) {
  if (process.env.SCREEN_READER_HOME) return;
  const home = await mkdtemp(path.join(tmpdir(), "screen-reader-"));
  await mkdir(path.join(home, "run"), { mode: 0o700 });
  const { DISPLAY, WAYLAND_DISPLAY, DBUS_SESSION_BUS_ADDRESS, AT_SPI_BUS_ADDRESS, ...env } = process.env;
  // The screen stands before the bus: the accessibility registry, which the bus starts, listens to its keyboard.
  const xvfb = spawn("Xvfb", ["-displayfd", "1", "-screen", "0", "1280x860x24", "-nolisten", "tcp"], {
    stdio: ["ignore", "pipe", "ignore"],
  });
  const display = await new Promise((done) => {
    let text = "";
    xvfb.stdout.on("data", (data) => {
      text += data;
      if (text.includes("\n")) done(`:${text.trim()}`);
    });
    for (const event of ["error", "exit"]) xvfb.on(event, () => done(""));
  });
  if (!display) {
    console.error("Xvfb does not start");
    process.exit(1);
  }
  const child = spawn("dbus-run-session", ["--", process.execPath, self], {
    stdio: "inherit",
    env: {
      ...env,
      DISPLAY: display,
      SCREEN_READER_HOME: home,
      HOME: home,
      XDG_RUNTIME_DIR: path.join(home, "run"),
      XDG_CONFIG_HOME: path.join(home, "config"),
      XDG_DATA_HOME: path.join(home, "data"),
      XDG_CACHE_HOME: path.join(home, "cache"),
      GSETTINGS_BACKEND: "keyfile",
      GNOME_ACCESSIBILITY: "1",
      ACCESSIBILITY_ENABLED: "1",
      MOZ_ENABLE_WAYLAND: "0",
      LANG: "C.UTF-8",
      LC_ALL: "C.UTF-8",
      SPEECHD_ADDRESS: `unix_socket:${path.join(home, "speechd.sock")}`,
    },
  });
  for (const signal of ["SIGINT", "SIGTERM"]) process.on(signal, () => child.kill(signal));
  const code = await new Promise((done) => {
    child.on("exit", (status) => done(status ?? 1));
    child.on("error", (error) => {
      console.error(`dbus-run-session: ${error.message}`);
      done(1);
    });
  });
  xvfb.kill();
  if (process.env.KEEP) console.log(`kept: ${home}`);
  else await rm(home, { recursive: true, force: true, maxRetries: 5, retryDelay: 300 });
  process.exit(code);
}

const HOME = process.env.SCREEN_READER_HOME ?? "";
const LOG = path.join(HOME, "orca.log");
const children = [];

function start(command, args) {
  const log = openSync(path.join(HOME, `${path.basename(command)}.out`), "a");
  // A group of its own: what it has started ends with it.
  const child = spawn(command, args, { stdio: ["ignore", log, log], detached: true });
  closeSync(log);
  child.on("error", (error) => console.error(`${command}: ${error.message}`));
  children.push(child);
}

/** Ends all that was started. */
export async function stop() {
  for (const child of children.reverse()) {
    if (child.exitCode !== null || child.signalCode !== null || !child.pid) continue;
    const ended = new Promise((done) => child.once("exit", done));
    for (const signal of ["SIGTERM", "SIGKILL"]) {
      try {
        process.kill(-child.pid, signal);
      } catch {}
      if ((await Promise.race([ended.then(() => true), sleep(4_000)])) === true) break;
    }
  }
}

/** All that Orca has said so far, as the synthesizer got it: `·` is "middle dot" there. */
export function spoken() {
  if (!existsSync(LOG)) return [];
  const said = [];
  let isNew = false;
  for (const line of readFileSync(LOG, "utf8").split("\n")) {
    const output = /SPEECH OUTPUT: '(.*?)'(?: voice=\w+)?(?: ?\{.*)?$/.exec(line)?.[1];
    const read = /SPEECH DISPATCHER: Speaking '<speak>(.*?)<\/speak>'/.exec(line)?.[1];
    if (output !== undefined) {
      isNew = plain(output) !== "";
      if (isNew) said.push(plain(output));
    } else if (read !== undefined) {
      const text = plain(read.replace(/<[^>]*>/g, ""));
      if (isNew) said[said.length - 1] = text;
      else if (text) said.push(text);
      isNew = false;
    }
  }
  return said;
}
const plain = (text) =>
  text.replace(/&amp;/g, "&").replace(/&lt;/g, "<").replace(/&gt;/g, ">").replace(/\s+/g, " ").trim();

/** One call of xdotool; a search may find nothing. */
export const xdotool = (...args) => {
  const { status, stdout, stderr } = spawnSync("xdotool", args, { encoding: "utf8", timeout: 10_000 });
  if (status !== 0 && args[0] !== "search") throw new Error(`xdotool ${args.join(" ")}: ${stderr}`);
  return stdout.trim();
};

/** Waits until something is so. */
export async function until(what, is, limit = 60_000) {
  for (const begun = Date.now(); Date.now() - begun < limit; ) {
    const got = await is();
    if (got) return got;
    await sleep(400);
  }
  throw new Error(`${what}: not within ${limit / 1000} s`);
}
export const version = (command) =>
  `${spawnSync(command, ["--version"], { encoding: "utf8", timeout: 20_000 }).stdout ?? ""}`.trim();

/** Starts the window manager, a silent synthesizer and Orca. */
export async function startOrca() {
  start("openbox", []);

  // Accessibility is on, for whoever asks the session.
  for (const [schema, key] of [
    ["org.gnome.desktop.interface", "toolkit-accessibility"],
    ["org.gnome.desktop.a11y.applications", "screen-reader-enabled"],
  ])
    spawnSync("gsettings", ["set", schema, key, "true"], { timeout: 10_000 });

  // A synthesizer that makes no sound: what is spoken is in Orca's log.
  const speech = path.join(HOME, "speechd");
  await mkdir(path.join(speech, "modules"), { recursive: true });
  await writeFile(
    path.join(speech, "speechd.conf"),
    'LogLevel 1\nAudioOutputMethod "libao"\nAddModule "silent" "sd_generic" "silent.conf"\nDefaultModule silent\n',
  );
  await writeFile(
    path.join(speech, "modules", "silent.conf"),
    'GenericExecuteSynth "sleep 0.6"\nGenericCmdDependency "true"\nAddVoice "en" "MALE1" "en"\nDefaultVoice "en"\n',
  );
  start("speech-dispatcher", [
    ...["--run-single", "--timeout", "0", "--config-dir", speech, "--log-dir", HOME],
    ...["--communication-method", "unix_socket", "--socket-path", path.join(HOME, "speechd.sock")],
    ...["--pid-file", path.join(HOME, "speechd.pid")],
  ]);
  await until("speech-dispatcher", () => existsSync(path.join(HOME, "speechd.sock")), 15_000);

  // Orca writes its log in blocks; here each line is wanted when it is written.
  const customs = path.join(process.env.XDG_DATA_HOME, "orca");
  await mkdir(customs, { recursive: true });
  await writeFile(
    path.join(customs, "orca-customizations.py"),
    // And it would read all of the page aloud, which other speech breaks off wherever it happens to be.
    [
      "from orca import debug, settings",
      "if debug.debugFile: debug.debugFile.reconfigure(line_buffering=True)",
      "settings.sayAllOnLoad = False",
      "settings.enableKeyEcho = False",
      "",
    ].join("\n"),
  );
  start("orca", ["--debug-file", LOG, "--disable=braille", "--disable=braille-monitor"]);
  await until("Orca", () => spoken().length > 0, 40_000);
}

/** Starts Firefox at an address. */
export async function startFirefox(site) {
  const profile = path.join(HOME, "profile");
  await mkdir(profile);
  const preferences = {
    "accessibility.force_disabled": -1,
    "browser.shell.checkDefaultBrowser": false,
    "browser.aboutwelcome.enabled": false,
    "browser.startup.homepage_override.mstone": "ignore",
    "browser.newtab.preload": false,
    "browser.newtabpage.enabled": false,
    "browser.tabs.warnOnClose": false,
    "datareporting.policy.dataSubmissionEnabled": false,
    "datareporting.policy.dataSubmissionPolicyBypassNotification": true,
    "toolkit.telemetry.enabled": false,
    "trailhead.firstrun.didSeeAboutWelcome": true,
    "termsofuse.bypassNotification": true,
    "browser.preonboarding.enabled": false,
    "app.update.enabled": false,
    "extensions.update.enabled": false,
    "network.captive-portal-service.enabled": false,
    "network.connectivity-service.enabled": false,
    "services.settings.server": "data:,#remote-settings-dummy/v1",
    "browser.safebrowsing.malware.enabled": false,
    "browser.safebrowsing.phishing.enabled": false,
    "browser.translations.automaticallyPopup": false,
    "dom.ipc.processCount": 1,
  };
  await writeFile(
    path.join(profile, "user.js"),
    Object.entries(preferences)
      .map(([name, value]) => `user_pref(${JSON.stringify(name)}, ${JSON.stringify(value)});\n`)
      .join(""),
  );
  start("firefox-esr", ["--profile", profile, "--no-remote", "--new-instance", site]);
}
