import { posix } from "node:path";

/** What is started when somebody signs in at this machine. */
export interface LoginStart {
  /** Told apart from those of other homes: letters, digits, dashes. */
  readonly name: string;
  readonly program: readonly [string, ...string[]];
  readonly folder: string;
  /** The device's home. */
  readonly home: string;
}

/** How a system is told to start it: by a file, which on Linux a link enables, or by a value in the registry. */
export type LoginEntry =
  | { readonly kind: "file"; readonly path: string; readonly text: string; readonly link: string | undefined }
  | { readonly kind: "registry"; readonly key: string; readonly name: string; readonly value: string };

/** Where the person's own settings are. */
export interface PersonalPlaces {
  readonly homeDirectory: string;
  /** `$XDG_CONFIG_HOME`, if that is set. */
  readonly configDirectory: string | undefined;
}

/** Undefined for a system that has no such thing that is known here. */
export function loginEntry(
  platform: NodeJS.Platform,
  start: LoginStart,
  places: PersonalPlaces,
): LoginEntry | undefined {
  switch (platform) {
    case "linux":
      return systemdUnit(start, places);
    case "darwin":
      return launchAgent(start, places);
    case "win32":
      return runKey(start);
    default:
      return undefined;
  }
}

/** A unit of the person's own service manager; the link is what `systemctl --user enable` makes. */
function systemdUnit(start: LoginStart, { homeDirectory, configDirectory }: PersonalPlaces): LoginEntry {
  const units = posix.join(configDirectory ?? posix.join(homeDirectory, ".config"), "systemd/user");
  const file = `${start.name}.service`;
  const text = `[Unit]
Description=Satchel keeps a folder the same on all devices

[Service]
ExecStart=${syncCommand(start).map(quoteForSystemd).join(" ")}
Restart=on-failure
RestartSec=30
# Wrong usage, or a login that was revoked: trying again helps nobody.
RestartPreventExitStatus=2 3

[Install]
WantedBy=default.target
`;
  return { kind: "file", path: posix.join(units, file), text, link: posix.join(units, "default.target.wants", file) };
}

/** systemd.syntax(7): a word in quotes, in which it expands `%` and `$` unless they are doubled. It takes either sign of a line's end for one. */
function quoteForSystemd(word: string): string {
  const escaped = word
    .replaceAll(/["\\]/g, String.raw`\$&`)
    .replaceAll("\n", String.raw`\n`)
    .replaceAll("\r", String.raw`\r`);
  return `"${escaped.replaceAll("%", "%%").replaceAll("$", "$$$$")}"`;
}

/** launchd.plist(5) */
function launchAgent(start: LoginStart, { homeDirectory }: PersonalPlaces): LoginEntry {
  const label = `dev.satchel.${start.name}`;
  const words = syncCommand(start).map((word) => `    <string>${escapeXml(word)}</string>\n`);
  const text = `<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE plist PUBLIC "-//Apple//DTD PLIST 1.0//EN" "http://www.apple.com/DTDs/PropertyList-1.0.dtd">
<plist version="1.0">
<dict>
  <key>Label</key>
  <string>${label}</string>
  <key>ProgramArguments</key>
  <array>
${words.join("")}  </array>
  <key>RunAtLoad</key>
  <true/>
  <key>ThrottleInterval</key>
  <integer>30</integer>
  <key>KeepAlive</key>
  <dict>
    <key>SuccessfulExit</key>
    <false/>
  </dict>
</dict>
</plist>
`;
  const path = posix.join(homeDirectory, "Library/LaunchAgents", `${label}.plist`);
  return { kind: "file", path, text, link: undefined };
}

function escapeXml(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}

/** In the background, since what this key starts in a terminal has a window. */
function runKey(start: LoginStart): LoginEntry {
  const words = [...start.program, "start", start.folder, "--home", start.home];
  return {
    kind: "registry",
    key: String.raw`HKCU\Software\Microsoft\Windows\CurrentVersion\Run`,
    name: start.name,
    value: words.map(quoteForWindows).join(" "),
  };
}

/** As CommandLineToArgvW reads it: backslashes count only before a quote. */
function quoteForWindows(word: string): string {
  return `"${word.replaceAll(/(\\*)"/g, String.raw`$1$1\"`).replace(/\\+$/, "$&$&")}"`;
}

function syncCommand({ program, folder, home }: LoginStart): string[] {
  return [...program, "sync", folder, "--home", home, "--background"];
}
