import { existsSync } from "node:fs";

/** Names another browser of Chromium's family. */
const BROWSER_VARIABLE = "SATCHEL_CHROMIUM";
const usual = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];

/** The program of a browser that tests can drive; undefined when there is none. */
export function findBrowser(env: Readonly<Record<string, string | undefined>> = process.env): string | undefined {
  const named = env[BROWSER_VARIABLE];
  return (named === undefined || named === "" ? usual : [named]).find((path) => existsSync(path));
}

/** The same. @throws when there is none, saying how to get it */
export function browserOrThrow(): string {
  const path = findBrowser();
  if (path !== undefined) return path;
  throw new Error(
    `There is no browser for tests. On Debian: \`apt-get install chromium\`; \`npm test\` does it as root or with sudo; or name one by ${BROWSER_VARIABLE}.`,
  );
}
