import { execFileSync } from "node:child_process";
import { cpSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";

const repository = join(import.meta.dirname, "../..");

export interface DebianParts {
  /** With the package installed in its `node_modules`, and all that it needs beside it. */
  readonly installed: string;
  /** The Node that runs it, which goes along: Debian has older ones. */
  readonly node: string;
  readonly version: string;
  /** Of Debian's: `amd64`, `arm64`. */
  readonly architecture: string;
}

/** Lays out and builds the Debian package of a server and its command: program, Node, hardened unit, manual, completions. @returns the package's path */
export function buildDebian(parts: DebianParts, folder: string): string {
  const name = `satchel_${parts.version}_${parts.architecture}`;
  const root = join(folder, name);
  rmSync(root, { recursive: true, force: true });
  const at = (path: string): string => join(root, path);
  const write = (path: string, text: string, mode = 0o644): void => {
    mkdirSync(dirname(at(path)), { recursive: true });
    writeFileSync(at(path), text, { mode });
  };
  cpSync(join(parts.installed, "node_modules"), at("usr/lib/satchel/node_modules"), {
    recursive: true,
    verbatimSymlinks: true,
    filter: (path) => !path.includes("/node_modules/.bin"),
  });
  mkdirSync(at("usr/lib/satchel/bin"), { recursive: true });
  cpSync(parts.node, at("usr/lib/satchel/bin/node"), { dereference: true });
  write("usr/bin/satchel", launcher, 0o755);
  mkdirSync(at("usr/share/doc"), { recursive: true });
  symlinkSync("../../lib/satchel/node_modules/satchel/docs", at("usr/share/doc/satchel"));
  // Where people may sign up at once there is one server; several processes of one have the other unit.
  const unit = readFileSync(join(repository, "deploy/systemd/satchel@.service"), "utf8");
  write("usr/lib/systemd/system/satchel@.service", unit.replace("/usr/bin/env satchel", "/usr/bin/satchel"));
  const say = (...words: string[]): string =>
    execFileSync(at("usr/lib/satchel/bin/node"), [launched(root), ...words], { encoding: "utf8" });
  write("usr/share/man/man1/satchel.1", say("manual"));
  write("usr/share/bash-completion/completions/satchel", say("completion", "bash"));
  write("usr/share/zsh/vendor-completions/_satchel", say("completion", "zsh"));
  write("usr/share/fish/vendor_completions.d/satchel.fish", say("completion", "fish"));
  write("DEBIAN/control", control(parts));
  write("DEBIAN/postinst", postinst, 0o755);
  write("DEBIAN/prerm", prerm, 0o755);
  const target = join(folder, `${name}.deb`);
  execFileSync("dpkg-deb", ["--build", "--root-owner-group", "-Zxz", "-z1", root, target], { stdio: "pipe" });
  rmSync(root, { recursive: true, force: true });
  return target;
}

function launched(root: string): string {
  return join(root, "usr/lib/satchel/node_modules/satchel/bin/satchel.mjs");
}

/** The Node of the package, by its place: it works wherever the package is unpacked. */
const launcher = `#!/bin/sh
here=$(dirname "$(readlink -f "$0")")/../lib/satchel
exec "$here/bin/node" "$here/node_modules/satchel/bin/satchel.mjs" "$@"
`;

function control({ version, architecture }: DebianParts): string {
  return `Package: satchel
Version: ${version}
Architecture: ${architecture}
Maintainer: Satchel <packages@satchel.dev>
Section: net
Priority: optional
Depends: libc6, libstdc++6, adduser
Recommends: poppler-utils
Description: a folder that is the same on every device, through a server of your own
 Server, command line and sync client in one program. A server of one's own:
 systemctl enable --now satchel@main
`;
}

/** The account that the unit runs as. Nothing is started: its operator says where it is to listen first. */
const postinst = `#!/bin/sh
set -e
if [ "$1" = configure ]; then
  adduser --system --group --quiet --home /var/lib/satchel satchel
  mkdir -p /etc/satchel
  if [ -d /run/systemd/system ]; then systemctl daemon-reload || true; fi
fi
`;

/** What was kept stays where it is. */
const prerm = `#!/bin/sh
set -e
if [ "$1" = remove ] && [ -d /run/systemd/system ]; then systemctl stop 'satchel@*' || true; fi
`;
