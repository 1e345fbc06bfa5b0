import assert from "node:assert/strict";
import { test, type TestContext } from "node:test";
import type { AuditRecord, LoginResponse, Problem } from "@satchel/protocol";
import { generate } from "otplib";
import type { MailMessage } from "../../../features/mail/mailer.ts";
import type { SignUpPolicy } from "../../../features/identity/self-service/sign-up.ts";
import { call, passwordOf, startTestServer, type TestServer } from "../../test-server.fixture.ts";
import { TestBrowser } from "../test-browser.fixture.ts";

const password = "a good long password";

/** A server whose mail ends up in a list. */
async function startWithMail(t: TestContext, signUpPolicy: SignUpPolicy = "open") {
  const mail: MailMessage[] = [];
  const mailer = {
    send: async (message: MailMessage | undefined) => void (message && mail.push(message)),
    close: async () => {},
  };
  const server = await startTestServer(t, { mail: mailer, signUpPolicy });
  /** The link in the last message. */
  const link = (): string => /http\S+/.exec(mail.at(-1)?.text ?? "")?.[0] ?? assert.fail("there is no link");
  return { server, mail, link };
}

async function signIn(server: TestServer, user: string, language = "en"): Promise<TestBrowser> {
  const browser = new TestBrowser(server.url, language);
  await browser.open("/sign-in");
  await browser.submit({ user, password: passwordOf(user) });
  return browser;
}

const login = (server: TestServer, user: string, with_: string) =>
  call<LoginResponse & Problem>(`${server.url}/v1/auth/login`, "POST", {
    json: { user, password: with_, device_name: "d" },
  });

test("[ID60] an account is made by the link in the mail, and not before", async (t) => {
  const { server, mail, link } = await startWithMail(t);
  const browser = new TestBrowser(server.url, "de-AT");
  await browser.open("/sign-up");
  const sent = await browser.submit({ name: "Ann", email: "ann@example.org", password });
  assert.match(sent.text, /Sieh in deine Post/);
  assert.deepEqual([mail.length, mail[0]?.to], [1, "ann@example.org"]);
  assert.match(mail[0]?.subject ?? "", /Bestätige/);
  assert.equal((await login(server, "ann", password)).body.code, "wrong_credentials");
  await browser.open(link());
  const account = await browser.submit({});
  assert.match(account.text, /Angemeldet als Ann/);
  assert.equal((await login(server, "ann", password)).status, 200);
  assert.equal((await login(server, "ANN@example.org", password)).status, 200);
  await browser.open(link());
  assert.equal((await browser.submit({})).status, 410);
});

test("[ID60] whether an address has an account shows in its mailbox only; a taken or look-alike name shows at once", async (t) => {
  const { server, mail } = await startWithMail(t);
  await server.signUp("ann");
  const browser = new TestBrowser(server.url);
  const tryName = async (form: Record<string, string>) => {
    await browser.open("/sign-up");
    return await browser.submit({ name: "new", email: "new@example.org", password, ...form });
  };
  const known = await tryName({ email: "Ann@example.org" });
  const unknown = await tryName({});
  assert.equal(known.text.replaceAll(/[\w.]+@example/gi, ""), unknown.text.replaceAll(/[\w.]+@example/gi, ""));
  assert.deepEqual(
    mail.map(({ subject }) => subject),
    ["You have a Satchel account already", "Confirm your address for Satchel"],
  );
  await server.signUp("paul");
  for (const [form, text] of [
    [{ name: "PAU1" }, /looks like it, is taken/],
    [{ name: "a@b" }, /letters, digits/],
    [{ name: "paul." }, /at both ends/],
    [{ name: "_paul" }, /at both ends/],
    [{ email: "nobody" }, /no e-mail address/],
    [{ password: "password1" }, /guesses passwords/],
    [{ password: "short" }, /at least 8/],
    [{ name: "Fridolin", password: "fridolin2026" }, /first guess/],
  ] as const)
    assert.match((await tryName(form)).text, text);
  assert.equal(mail.length, 2);
});

test("[ID61] by invitation, one link makes one account; closed, nobody makes one", async (t) => {
  const { server, mail } = await startWithMail(t, "invitation");
  const { signUp } = server.core.people;
  const options = {
    linkTo: (page: string, secret: string) => `${server.url}/${page}?secret=${secret}`,
    language: "en",
  } as const;
  const invitation = await signUp.invite("ann@example.org", options);
  assert.equal(mail[0]?.to, "ann@example.org");
  const browser = new TestBrowser(server.url);
  assert.equal((await browser.open("/sign-up")).status, 403);
  await browser.open(invitation);
  const account = await browser.submit({ name: "ann", email: "ann@example.org", password });
  assert.match(account.text, /not confirmed yet/);
  assert.equal((await new TestBrowser(server.url).open(invitation)).status, 403);
  await browser.open(/http\S+/.exec(mail.at(-1)?.text ?? "")?.[0] ?? "");
  assert.match((await browser.submit({})).text, /Address confirmed/);
  assert.doesNotMatch((await browser.open("/account")).text, /not confirmed yet/);
  const closed = await startWithMail(t, "closed");
  const late = await closed.server.core.people.signUp.invite(undefined, options);
  assert.equal(
    (await new TestBrowser(closed.server.url).open(new URL(late).pathname + new URL(late).search)).status,
    403,
  );
});

test("[ID62] a forgotten password is reset by a link, once, within an hour; all logins end, and the owner is told", async (t) => {
  const { server, mail, link } = await startWithMail(t);
  const ann = await server.signUp("ann");
  const inside = await signIn(server, "ann");
  const browser = new TestBrowser(server.url);
  const forgot = async (user: string) => {
    await browser.open("/reset");
    return (await browser.submit({ user })).text;
  };
  assert.equal(await forgot("nobody"), await forgot("ann"));
  assert.equal(mail.length, 1);
  const first = link();
  await forgot("ann@example.org");
  assert.equal((await browser.open(first)).status, 410);
  await browser.open(link());
  assert.match((await browser.submit({ password: "password1" })).text, /guesses passwords/);
  assert.match((await browser.submit({ password })).text, /was changed/);
  assert.equal((await ann.get("/v1/account")).body.code, "login_revoked");
  assert.match((await inside.open("/account")).text, /<h1>Sign in<\/h1>/);
  assert.equal((await login(server, "ann", password)).status, 200);
  assert.match(mail.at(-1)?.subject ?? "", /password was changed/);
  assert.equal((await browser.open(/http\S+/.exec(mail[1]?.text ?? "")?.[0] ?? "")).status, 410);
  await forgot("ann");
  server.moveClock(3_600_001);
  assert.equal((await browser.open(link())).status, 410);
});

test("[ID67] nobody's mailbox is filled: after five messages to one address the next ones wait", async (t) => {
  const { server, mail } = await startWithMail(t);
  await server.signUp("ann");
  const browser = new TestBrowser(server.url);
  const statuses: number[] = [];
  for (let i = 0; i < 8; i += 1) {
    await browser.open("/reset");
    statuses.push((await browser.submit({ user: "ann" })).status);
  }
  assert.deepEqual([statuses.filter((status) => status === 200).length, mail.length], [5, 5]);
  assert.equal(statuses.at(-1), 429);
  for (let i = 0; i < 8; i += 1) {
    await browser.open("/sign-up");
    await browser.submit({ name: `new-${i}`, email: "New@example.org", password });
  }
  assert.equal(mail.length, 10);
});

test("[ID63] a new password and a new address end every other login and are told to the address of before", async (t) => {
  const { server, mail, link } = await startWithMail(t);
  const ann = await server.signUp("ann");
  const browser = await signIn(server, "ann");
  await browser.open("/account/password");
  await browser.submit({ password });
  assert.match(browser.page?.text ?? "", /Signed in as ann/);
  assert.equal((await ann.get("/v1/account")).body.code, "login_revoked");
  assert.equal(mail.at(-1)?.to, "ann@example.org");
  const device = await login(server, "ann", password);
  await browser.open("/account/email");
  await browser.submit({ email: "new@example.org" });
  assert.equal(mail.at(-1)?.to, "new@example.org");
  const bearer = { headers: { authorization: `Bearer ${device.body.access_token}` } };
  assert.equal((await call(`${server.url}/v1/account`, "GET", bearer)).status, 200);
  await browser.open(link());
  await browser.submit({});
  assert.deepEqual([mail.at(-1)?.to, /changed/.test(mail.at(-1)?.subject ?? "")], ["ann@example.org", true]);
  assert.equal((await call<Problem>(`${server.url}/v1/account`, "GET", bearer)).body.code, "login_revoked");
  assert.match((await browser.open("/account")).text, /new@example\.org/);
});

test("[ID64] what is sensitive asks for a proof of the last ten minutes", async (t) => {
  const { server } = await startWithMail(t);
  await server.signUp("ann");
  const browser = await signIn(server, "ann");
  const sensitive = ["/account/password", "/account/email", "/account/app", "/account/app-passwords"];
  for (const path of sensitive) assert.equal((await browser.open(path)).url.pathname, path);
  server.moveClock(600_001);
  assert.match((await browser.open("/account")).text, /Signed in as ann/);
  for (const path of sensitive) assert.match((await browser.open(path)).text, /prove it once more/);
  const back = await browser.submit({ password: passwordOf("ann") });
  assert.equal(back.url.pathname, "/account/app-passwords");
  const made = await browser.submit({ name: "Backup", scope: "files.write" });
  const secret = /([a-z2-7]{4}-){7}[a-z2-7]{4}/.exec(made.text)?.[0] ?? assert.fail();
  const headers = { authorization: `Basic ${Buffer.from(`ann:${secret}`).toString("base64")}` };
  assert.equal((await call(`${server.url}/v1/files/metadata?folder_id=root`, "GET", { headers })).status, 200);
});

test("[ID64] a second step is asked for after the password, and adding one shows recovery codes once", async (t) => {
  const { server } = await startWithMail(t);
  await server.signUp("ann");
  const browser = await signIn(server, "ann");
  const setUp = await browser.open("/account/app");
  const secret = /(?:[A-Z2-7]{4} ?){8}/.exec(setUp.text)?.[0].replaceAll(" ", "") ?? assert.fail();
  const code = () => generate({ secret, epoch: Math.floor(server.nowMs() / 1000) });
  assert.match((await browser.submit({ code: "000000" })).text, /code is wrong/);
  const codes = await browser.submit({ code: await code() });
  const [recovery = ""] = /([a-z2-7]{4}-){3}[a-z2-7]{4}/.exec(codes.text) ?? [];
  assert.notEqual(recovery, "");
  await browser.open("/account");
  await browser.submit({}, "/sign-out");
  await browser.submit({ user: "ann", password: passwordOf("ann") });
  assert.match(browser.page?.text ?? "", /One more step/);
  assert.match((await browser.submit({ code: "123456" })).text, /code is wrong/);
  assert.match((await browser.submit({ code: recovery })).text, /Signed in as ann/);
  server.moveClock(31_000);
  const other = await signIn(server, "ann");
  assert.match((await other.submit({ code: await code() })).text, /Signed in as ann/);
});

test("[ID68] whoever changes how an account is signed in to, the account's address is told", async (t) => {
  const { server, mail } = await startWithMail(t);
  const ann = await server.signUp("ann");
  const browser = await signIn(server, "ann");
  const setUp = await browser.open("/account/app");
  const secret = /(?:[A-Z2-7]{4} ?){8}/.exec(setUp.text)?.[0].replaceAll(" ", "") ?? assert.fail();
  await browser.submit({ code: "000000" });
  assert.equal(mail.length, 0);
  const code = () => generate({ secret, epoch: Math.floor(server.nowMs() / 1000) });
  await browser.submit({ code: await code() });
  await browser.open("/account");
  await browser.submit({}, "/account/recovery-codes");
  await browser.open("/account/app-passwords");
  await browser.submit({ name: "Backup", scope: "files.read" });
  await browser.open("/account");
  await browser.submit({}, "/account/app/remove");
  const wish = { name: "Phone", scopes: ["files.read"], password: passwordOf("ann") };
  assert.equal((await ann.post("/v1/app_passwords", wish, { "accept-language": "de" })).status, 200);
  assert.deepEqual(
    mail.map(({ text }) => /changed\. (.*)|geändert\. (.*)/.exec(text)?.slice(1).join("")),
    [
      "An authenticator app was added.",
      "New recovery codes were made, and the former ones work no more.",
      "A password for another program was made.",
      "The authenticator app was removed.",
      "Ein Passwort für ein anderes Programm wurde erzeugt.",
    ],
  );
  assert.ok(mail.every(({ to, text }) => to === "ann@example.org" && !text.includes(secret)));
});

test("[ID68] of one kind of change an hour has two messages, of which the second says that more may follow, and none of another kind is lost", async (t) => {
  const { server, mail } = await startWithMail(t);
  await server.signUp("ann");
  const { people } = server.core;
  const ann = await people.proof.prove({ user: "ann", password: passwordOf("ann") });
  const tell = (change: "app_password" | "passkey_added") => people.notices.wayInChanged(ann, change, "en");
  await Promise.all(Array.from({ length: 10 }, () => tell("app_password")));
  await tell("passkey_added");
  const last = mail.filter(({ text }) => text.includes("further changes of this kind are not told"));
  assert.deepEqual([mail.length, last.length], [3, 1]);
  assert.match(mail.at(-1)?.text ?? "", /A passkey was added/);
  server.moveClock(3600_001);
  await tell("app_password");
  assert.deepEqual([mail.length, mail.at(-1)?.text.includes("further")], [4, false]);
});

test("[ID68] whose second factors an administrator removes is told, and finds it in their audit log", async (t) => {
  const { server, mail } = await startWithMail(t);
  const password = passwordOf("root");
  const root = { name: "root", email: "root@example.org", password, isAdmin: true, quotaBytes: null };
  await server.core.accounts.add(root);
  const [admin, ann] = [await server.signIn("root"), await server.signUp("ann")];
  const path = `/v1/admin/accounts/${ann.login.account_id}/reset_sign_in`;
  const removals = () => mail.filter(({ text }) => text.includes("An administrator removed"));
  assert.equal((await admin.post(path, { remove_factors: false })).status, 200);
  assert.deepEqual(removals(), []);
  assert.equal((await admin.post(path, { remove_factors: true })).status, 200);
  assert.deepEqual(
    removals().map(({ to }) => to),
    ["ann@example.org"],
  );
  const { body } = await ann.get<{ records: AuditRecord[] }>("/v1/audit");
  const resets = body.records.filter(({ action }) => action === "sign_in_reset");
  assert.deepEqual(
    resets.map(({ detail }) => detail?.["factors"]),
    ["removed", "kept"],
  );
});

test("[ID65] a form of another site is refused, and nobody is sent elsewhere after signing in", async (t) => {
  const { server } = await startWithMail(t);
  await server.signUp("ann");
  const browser = await signIn(server, "ann");
  const form = new URLSearchParams({ id: "x" });
  for (const headers of [
    { "sec-fetch-site": "cross-site" },
    { "sec-fetch-site": "same-site" },
    { "sec-fetch-site": "none" },
  ] as const)
    assert.equal((await browser.fetch(new URL("/account/devices/remove", server.url), form, headers)).status, 403);
  const plain = await fetch(`${server.url}/sign-in`, { method: "POST", body: form, redirect: "manual" });
  assert.equal(plain.status, 403);
  for (const next of [
    "//evil.example.org",
    "https://evil.example.org",
    "/\\evil.example.org",
    "/a\nb",
    "javascript:x",
  ]) {
    const other = new TestBrowser(server.url);
    await other.open(`/sign-in?next=${encodeURIComponent(next)}`);
    const { url } = await other.submit({ user: "ann", password: passwordOf("ann"), next });
    assert.equal(url.href, `${server.url}/account`, next);
  }
});

test("[ID66] devices, programs and browsers are listed with their last use, and signed out from the account's page", async (t) => {
  const { server } = await startWithMail(t);
  const ann = await server.signUp("ann");
  assert.equal((await ann.get("/v1/account")).status, 200);
  const browser = await signIn(server, "ann");
  const other = await signIn(server, "ann");
  const page = await browser.open("/account");
  assert.match(page.text, /Firefox on Linux/);
  assert.match(page.text, /last seen \w+ \d+, \d{4}/);
  await browser.submit({}, "/account/devices/remove");
  assert.equal((await ann.get("/v1/account")).body.code, "login_revoked");
  await browser.open("/account");
  await browser.submit({}, "/account/browsers/remove");
  assert.match((await other.open("/account")).text, /<h1>Sign in<\/h1>/);
  server.moveClock(31 * 86_400_000);
  assert.match((await browser.open("/account")).text, /<h1>Sign in<\/h1>/);
});
