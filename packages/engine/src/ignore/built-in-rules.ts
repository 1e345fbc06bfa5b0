/**
 * What is left out everywhere unless a `.satchelignore` takes it in again (`!Thumbs.db`): what systems keep for themselves in folders, and files with which programs mark that
 * another one is open. Nothing that a person could have named so on purpose.
 */
export const builtInRules: readonly string[] = [
  // macOS
  ".DS_Store",
  ".Spotlight-V100/",
  ".TemporaryItems/",
  ".Trashes/",
  ".fseventsd/",
  // Windows
  "Thumbs.db",
  "ehthumbs.db",
  "desktop.ini",
  "$RECYCLE.BIN/",
  "System Volume Information/",
  // Linux, and its network and user-space file systems
  ".Trash-[0-9]*/",
  "lost+found/",
  ".nfs[0-9a-f]*",
  ".fuse_hidden*",
  // Vim's swap files, Emacs' lock and autosave files, the lock files of office suites
  ".*.sw[a-p]",
  ".#*",
  "\\#*\\#",
  "~$*",
  ".~lock.*#",
];

/**
 * Finds the paths that a built-in rule may be about: those with a name on the way that begins as a rule does, up to its first wildcard. Nearly no path is one, and this asks a twentieth of what the rules themselves ask.
 */
export const mayBeBuiltIn = new RegExp(`(?:^|/)(?:${builtInRules.map(literalStart).join("|")})`);

function literalStart(rule: string): string {
  const literal = /^(?:\\.|[^*?[\\/])*/.exec(rule)?.[0] ?? "";
  return RegExp.escape(literal.replaceAll(/\\(.)/g, "$1"));
}
