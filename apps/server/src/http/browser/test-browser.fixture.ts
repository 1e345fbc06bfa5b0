import assert from "node:assert/strict";

/** A page as a browser has it. */
export interface OpenPage {
  readonly url: URL;
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
}

/** As many as browsers follow. */
const maxRedirects = 20;

/** A browser without scripts: it keeps cookies, follows redirects as far as they stay on the server, and fills in forms. */
export class TestBrowser {
  readonly #base: string;
  readonly #cookies = new Map<string, { value: string; path: string }>();
  readonly #language: string;
  page: OpenPage | undefined;

  constructor(base: string, language = "en") {
    this.#base = base;
    this.#language = language;
  }

  /** Opens an address of the server, or one that is elsewhere, which is where it stops. */
  open(path: string): Promise<OpenPage> {
    return this.#go(new URL(path, this.#base), undefined);
  }

  /** Sends the page's form that goes to `action` (or its first), with what the page put into it and what `fields` say. */
  async submit(fields: Record<string, string>, action?: string): Promise<OpenPage> {
    const page = this.page ?? assert.fail("no page is open");
    const forms = [...page.text.matchAll(/<form\b([^>]*)>([\s\S]*?)<\/form>/g)].filter(([, head = ""]) =>
      /method="post"/.test(head),
    );
    const form = forms.find(([, head = ""]) => action === undefined || attribute(head, "action") === action);
    assert.ok(form, `there is no form for ${action ?? "anything"}: ${page.text.slice(0, 3000)}`);
    const [, head = "", body = ""] = form;
    const filled = new URLSearchParams();
    for (const [input = ""] of body.matchAll(/<input\b[^>]*>/g)) {
      const name = attribute(input, "name");
      const isChosen = !/type="radio"/.test(input) || / checked/.test(input);
      if (name !== undefined && isChosen) filled.set(name, attribute(input, "value") ?? "");
    }
    for (const [name, value] of Object.entries(fields)) filled.set(name, value);
    return await this.#go(new URL(attribute(head, "action") ?? "", page.url), filled);
  }

  /** The value of a cookie, by a part of its name. */
  cookie(part: string): string | undefined {
    return [...this.#cookies].find(([name]) => name.includes(part))?.[1].value;
  }

  forget(part: string): void {
    for (const name of this.#cookies.keys()) if (name.includes(part)) this.#cookies.delete(name);
  }

  async #go(to: URL, form: URLSearchParams | undefined): Promise<OpenPage> {
    let url = to;
    let body = form;
    for (let i = 0; i < maxRedirects; i += 1) {
      if (url.origin !== new URL(this.#base).origin)
        return (this.page = { url, status: 0, headers: new Headers(), text: "" });
      const response = await this.fetch(url, body);
      const location = response.headers.get("location");
      if (location === null) {
        const text = await response.text();
        return (this.page = { url, status: response.status, headers: response.headers, text });
      }
      await response.arrayBuffer();
      url = new URL(location, url);
      body = undefined;
    }
    assert.fail(`too many redirects, the last to ${url.href}`);
  }

  /** One request, with the cookies and what a browser says of it. */
  async fetch(url: URL, form?: URLSearchParams, headers: Record<string, string> = {}): Promise<Response> {
    const cookies = [...this.#cookies].filter(([, { path }]) => url.pathname.startsWith(path));
    const response = await fetch(url, {
      method: form === undefined ? "GET" : "POST",
      redirect: "manual",
      headers: {
        cookie: cookies.map(([name, { value }]) => `${name}=${value}`).join("; "),
        "accept-language": this.#language,
        "user-agent": "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0",
        ...(form !== undefined && { origin: url.origin, "sec-fetch-site": "same-origin" }),
        ...headers,
      },
      ...(form !== undefined && { body: form }),
    });
    for (const cookie of response.headers.getSetCookie()) this.#keep(cookie);
    return response;
  }

  #keep(cookie: string): void {
    const [pair = "", ...attributes] = cookie.split(/; */);
    const [name = "", ...value] = pair.split("=");
    const find = (wanted: string) =>
      attributes.find((one) => one.toLowerCase().startsWith(`${wanted}=`))?.split("=")[1];
    const expires = find("expires");
    const isOver = find("max-age") === "0" || (expires !== undefined && Date.parse(expires) < Date.now());
    if (isOver) this.#cookies.delete(name);
    else this.#cookies.set(name, { value: value.join("="), path: find("path") ?? "/" });
  }
}

function attribute(tag: string, name: string): string | undefined {
  return new RegExp(`\\b${name}="([^"]*)"`)
    .exec(tag)?.[1]
    ?.replaceAll(/&#(\d+);/g, (_, code: string) => String.fromCharCode(Number(code)));
}
