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
