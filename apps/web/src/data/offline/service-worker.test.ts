import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { runInNewContext } from "node:vm";

const read = (path: string): string => readFileSync(new URL(path, import.meta.url), "utf8");

/** Whether the service worker of a Satchel at this scope answers what a browser asks for there. */
function openWorker(scope: string) {
  type Asked = { readonly request: object; readonly respondWith: () => void };
  const listeners = new Map<string, (event: Asked) => void>();
  const self = {
    registration: { scope },
    location: new URL(scope),
    addEventListener: (name: string, listener: (event: Asked) => void) => listeners.set(name, listener),
  };
  // What it would answer with isn't asked for here: nothing is kept, and there is no server.
  const away = (): Promise<never> => new Promise(() => undefined);
  runInNewContext(read("../../../public/sw.js"), { self, URL, Set, caches: { open: away }, fetch: away });
  return (path: string, { mode, method }: { readonly mode: string; readonly method: string }): boolean => {
    let isAnswered = false;
    const request = { url: new URL(path, scope).href, mode, method };
    listeners.get("fetch")?.({ request, respondWith: () => (isAnswered = true) });
    return isAnswered;
  };
}

const visit = { mode: "navigate", method: "GET" } as const;
const ask = { mode: "cors", method: "GET" } as const;

for (const scope of ["https://host.example/", "https://host.example/below/"])
  test(`[W24] the service worker answers for all pages of the app, and for nothing else (${scope})`, () => {
    const answers = openWorker(scope);
    const pages = [...read("../../pages/routes.tsx").matchAll(/path="\/(\w+)/g)].map(([, page]) => page ?? "");
    assert.ok(pages.length >= 10);
    for (const page of pages) assert.ok(answers(page, visit), page);
    for (const path of ["files/a/b.txt", "settings/devices"]) assert.ok(answers(path, visit), path);
    for (const path of [
      "",
      "v1/account",
      "s/abc",
      "sign-in",
      "account/keys",
      "oauth/authorize",
      "app/signed-in?code=1",
    ])
      assert.ok(!answers(path, visit), path);
    for (const path of ["v1/files/content", "files", "sw.js", "asset-list.json"]) assert.ok(!answers(path, ask), path);
    for (const path of ["assets/first.js", "icon.svg"]) assert.ok(answers(path, ask), path);
    assert.ok(!answers("files", { mode: "navigate", method: "POST" }));
    assert.ok(!answers("https://elsewhere.example/files", visit));
  });
