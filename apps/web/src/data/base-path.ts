/** The path that the server is reached below, without a slash at the end, such as `/satchel`; empty for most. The server writes it into the page (`http/web-app.ts`). */
export const basePath = readBasePath();

/** The server that this page came from. */
export const serverUrl = location.origin + basePath;

/** Where the app is, as its own addresses have it. */
export function currentAddress(): string {
  return location.pathname.slice(basePath.length);
}

function readBasePath(): string {
  const told = document.querySelector<HTMLMetaElement>("meta[name=satchel-base]")?.content ?? "./";
  return told === "./" ? "" : told.replace(/\/$/, "");
}
