// The service worker: lets the app open without the server. It is there for those who keep files offline. It never touches the API, and asks the server first for whatever may change, so that
// nobody is shown an old app while the server can be reached.

/** Servers below several paths of one host share its storage: each has a cache of its own, which the page names likewise (`kept-owner.ts`). */
const cacheName = `satchel-app${new URL(self.registration.scope).pathname.slice(0, -1)}`;
/** Parts of the app, with hashes in their names: the same name is the same content. */
const assets = new URL("assets/", self.registration.scope).pathname;
/** The one document, which the server gives at every address of the app's pages. */
const documentAddress = new URL("files", self.registration.scope).href;
const assetList = new URL("asset-list.json", self.registration.scope).href;
/** Beside the document, what is at the top and needed to open. */
const others = ["icon.svg", "manifest.webmanifest"].map((name) => new URL(name, self.registration.scope).href);
/** What the app's addresses begin with (`routes.tsx`). Whatever else there is, the server makes itself. */
const appPages = /^(?:files|trash|shared|conflicts|notices|activity|search|settings|admin|welcome)(?:\/|$)/;

let keeping = Promise.resolve();

self.addEventListener("install", () => self.skipWaiting());
self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));
self.addEventListener("message", (event) => {
  if (event.data !== "keep the app") return;
  // One after the other: two at once would take each other's parts away.
  keeping = keeping.catch(() => undefined).then(keepApp);
  event.waitUntil(keeping);
});
self.addEventListener("fetch", (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (request.method !== "GET" || url.origin !== self.location.origin) return;
  if (url.pathname.startsWith(assets)) event.respondWith(fromCacheFirst(request));
  else if (others.includes(url.href)) event.respondWith(fromServerFirst(request, request.url));
  else if (request.mode === "navigate" && isAppPage(url)) event.respondWith(fromServerFirst(request, documentAddress));
});

function isAppPage(url) {
  const scope = new URL(self.registration.scope).pathname;
  return url.pathname.startsWith(scope) && appPages.test(url.pathname.slice(scope.length));
}

async function fromCacheFirst(request) {
  const cache = await caches.open(cacheName);
  return (await cache.match(request.url)) ?? fetch(request);
}

/** The server's answer, whatever it is; what was kept only where there is none. */
async function fromServerFirst(request, address) {
  try {
    return await fetch(request);
  } catch (error) {
    const kept = await (await caches.open(cacheName)).match(address);
    if (kept) return kept;
    throw error;
  }
}

/** Keeps the app as the server has it now: all of it, or what was kept before stays. Parts of earlier builds go. */
async function keepApp() {
  const names = await (await answerOf(assetList)).json();
  const page = await answerOf(documentAddress);
  const named = [...(await page.clone().text()).matchAll(/assets\/[\w.-]+(?=")/g)];
  if (!named.every(([name]) => names.includes(name))) throw new Error("another build came meanwhile");
  const wanted = names.map((name) => new URL(name, self.registration.scope).href);
  const cache = await caches.open(cacheName);
  for (const address of wanted) if (!(await cache.match(address))) await cache.put(address, await answerOf(address));
  for (const address of others) await cache.put(address, await answerOf(address));
  await cache.put(documentAddress, page);
  const known = new Set([...wanted, ...others, documentAddress]);
  for (const { url } of await cache.keys()) if (!known.has(url)) await cache.delete(url);
}

async function answerOf(address) {
  const answer = await fetch(address, { cache: address.includes("/assets/") ? "default" : "no-cache" });
  if (!answer.ok || answer.redirected) throw new Error(`${address} could not be kept (${answer.status})`);
  return answer;
}
