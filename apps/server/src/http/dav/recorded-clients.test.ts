import assert from "node:assert/strict";
import { test, type TestContext } from "node:test";
import type { Metadata } from "@satchel/protocol";
import { passwordOf, startTestServer } from "../test-server.fixture.ts";
import { davClient, lockInfo } from "./dav-client.fixture.ts";

/** A server, and a program that calls itself so, signed in by an app password. */
async function startProgram(t: TestContext, userAgent: string) {
  const server = await startTestServer(t);
  const ann = await server.signUp("ann");
  const { body } = await ann.post<{ password: string }>("/v1/app_passwords", {
    name: userAgent,
    scopes: ["files.write"],
    password: passwordOf("ann"),
  });
  const authorization = `Basic ${Buffer.from(`ann:${body.password}`).toString("base64")}`;
  const program = davClient(server.url, { "user-agent": userAgent, authorization });
  const unsigned = davClient(server.url, { "user-agent": userAgent });
  return { server, ann, program, unsigned };
}

test("[WD19] Finder mounts, copies a file with its ._ file under locks, and sets it aside and saves it anew", async (t) => {
  const { ann, program, unsigned } = await startProgram(t, "WebDAVFS/3.0.0 (03008000) Darwin/25.1.0 (arm64)");
  assert.equal((await unsigned("OPTIONS", "/")).headers.get("dav"), "1, 2, 3");
  assert.equal((await unsigned("PROPFIND", "/", { headers: { depth: "0" } })).status, 401);
  const look = `<?xml version="1.0" encoding="utf-8"?><D:propfind xmlns:D="DAV:"><D:prop><D:getlastmodified/><D:getcontentlength/><D:creationdate/><D:resourcetype/></D:prop></D:propfind>`;
  const find = (path: string, depth = "0") =>
    program("PROPFIND", path, { headers: { depth, "content-type": "text/xml" }, body: look });
  assert.equal((await find("/")).status, 207);
  const quota = `<?xml version="1.0"?><D:propfind xmlns:D="DAV:"><D:prop><D:quota-available-bytes/><D:quota-used-bytes/><D:quota/><D:quotaused/></D:prop></D:propfind>`;
  assert.match((await program("PROPFIND", "/", { headers: { depth: "0" }, body: quota })).text, /quota-used-bytes>0</);

  // It makes the file empty first, locks it, writes it under the lock in pieces of no announced length, and lets go.
  for (const name of ["photo.jpg", "._photo.jpg"]) {
    assert.equal((await find(`/${name}`)).status, 404);
    assert.equal((await program("PUT", `/${name}`, { body: "" })).status, 201);
    const locked = await program("LOCK", `/${name}`, {
      headers: { depth: "0", timeout: "Second-600", "content-type": `text/xml; charset="utf-8"` },
      body: lockInfo({ owner: "<href xmlns='DAV:'>http://www.apple.com/webdav_fs/</href>" }),
    });
    assert.equal(locked.status, 200);
    const token = locked.headers.get("lock-token") ?? "";
    assert.match(locked.text, /apple\.com\/webdav_fs/);
    const content = `content of ${name}`;
    const put = await program("PUT", `/${name}`, {
      headers: { if: `(${token})`, "x-expected-entity-length": `${content.length}` },
      body: content,
    });
    assert.equal(put.status, 204);
    assert.equal(
      (await program("LOCK", `/${name}`, { headers: { if: `(${token})`, timeout: "Second-600" } })).status,
      200,
    );
    assert.match((await find(`/${name}`)).text, new RegExp(`getcontentlength>${content.length}<`));
    assert.equal((await program("UNLOCK", `/${name}`, { headers: { "lock-token": token } })).status, 204);
    assert.equal((await program("GET", `/${name}`)).text, content);
  }

  // Saving a document: a folder for what is new, the old one aside, the new one in its place, the old one away.
  const destination = (path: string) => ({ headers: { destination: `/dav${path}`, overwrite: "T" } });
  assert.equal((await program("MKCOL", "/.TemporaryItems")).status, 201);
  assert.equal((await program("PUT", "/.TemporaryItems/photo.jpg", { body: "edited" })).status, 201);
  assert.equal((await program("MOVE", "/photo.jpg", destination("/photo.jpg.sb-1"))).status, 201);
  assert.equal((await program("MOVE", "/.TemporaryItems/photo.jpg", destination("/photo.jpg"))).status, 201);
  assert.equal((await program("DELETE", "/photo.jpg.sb-1")).status, 204);
  assert.equal((await program("DELETE", "/.TemporaryItems")).status, 204);
  assert.equal((await program("GET", "/photo.jpg")).text, "edited");
  const { body } = await ann.get<Metadata>("/v1/files/metadata?folder_id=root");
  assert.deepEqual(
    body.entries?.map(({ name }) => name),
    ["._photo.jpg", "photo.jpg"],
  );
});

test("[WD19] Windows's Explorer makes a folder, locks what isn't there yet, writes it, and sets its times", async (t) => {
  const { ann, program, unsigned } = await startProgram(t, "Microsoft-WebDAV-MiniRedir/10.0.26100");
  const options = await unsigned("OPTIONS", "/");
  assert.deepEqual([options.status, options.headers.get("ms-author-via")], [200, "DAV"]);
  assert.equal((await unsigned("PROPFIND", "/", { headers: { depth: "0" } })).status, 401);
  assert.equal((await program("PROPFIND", "/", { headers: { depth: "0", "content-length": "0" } })).status, 207);
  assert.equal((await program("PROPFIND", "/New%20folder", { headers: { depth: "0" } })).status, 404);
  assert.equal((await program("MKCOL", "/New%20folder", { headers: { "content-length": "0" } })).status, 201);
  assert.equal(
    (
      await program("MOVE", "/New%20folder", {
        headers: { destination: "http://other-name/dav/Texts", overwrite: "F" },
      })
    ).status,
    201,
  );

  const path = "/Texts/Letter.docx";
  assert.equal((await program("PUT", path, { body: "" })).status, 201);
  assert.equal((await program("DELETE", path)).status, 204);
  const locked = await program("LOCK", path, {
    headers: { timeout: "Second-3600", "content-type": `text/xml; charset="utf-8"` },
    body: lockInfo({ owner: "<D:href xmlns:D='DAV:'>PC\\ann</D:href>" }),
  });
  assert.equal(locked.status, 201);
  const token = locked.headers.get("lock-token") ?? "";
  const under = { if: `(${token})` };
  assert.equal((await program("PUT", path, { body: "" })).status, 423);
  assert.equal((await program("HEAD", path)).headers.get("content-length"), "0");
  assert.equal((await program("PUT", path, { headers: under, body: "Dear Bob" })).status, 204);
  const times = `<?xml version="1.0" encoding="utf-8" ?><D:propertyupdate xmlns:D="DAV:" xmlns:Z="urn:schemas-microsoft-com:"><D:set><D:prop><Z:Win32CreationTime>Sat, 03 Jan 2026 10:00:00 GMT</Z:Win32CreationTime><Z:Win32LastAccessTime>Sat, 03 Jan 2026 10:00:02 GMT</Z:Win32LastAccessTime><Z:Win32LastModifiedTime>Sat, 03 Jan 2026 10:00:01 GMT</Z:Win32LastModifiedTime><Z:Win32FileAttributes>00000020</Z:Win32FileAttributes></D:prop></D:set></D:propertyupdate>`;
  const patched = await program("PROPPATCH", path, { headers: under, body: times });
  assert.equal(patched.status, 207);
  assert.doesNotMatch(patched.text, /HTTP\/1.1 [45]/);
  assert.equal((await program("UNLOCK", path, { headers: { "lock-token": token } })).status, 204);
  const listed = await program("PROPFIND", "/Texts", { headers: { depth: "1", translate: "f" } });
  assert.match(listed.text, /<Win32FileAttributes xmlns="urn:schemas-microsoft-com:">00000020</);
  assert.match(listed.text, /<d:getlastmodified>Sat, 03 Jan 2026 10:00:01 GMT</);
  const { body: found } = await ann.get<{ file_id: string }>("/v1/files/resolve?path=/Texts/Letter.docx");
  const { body } = await ann.get<Metadata>(`/v1/files/metadata?file_id=${found.file_id}`);
  assert.equal(body.size, 8);
});
