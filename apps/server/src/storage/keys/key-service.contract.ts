import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { readFile } from "node:fs/promises";
import { test, type TestContext } from "node:test";
import { parseKeyService } from "./key-service-setting.ts";
import { openKeyPlaces } from "./master-key.fixture.ts";
import { rotateMasterKey, type KeyPlaces } from "./master-key.ts";
import { keyServiceHolder } from "./master-key-holder.ts";

type Environment = Readonly<Record<string, string>>;

/** A key service, with one key in it that we may encrypt and decrypt with, and nothing else. */
export interface KeyServiceUnderTest {
  /** As `SATCHEL_KMS` has it. */
  readonly setting: string;
  /** The variables that let us in. */
  readonly environment: Environment;
  /** Those of somebody whom the service doesn't know. */
  readonly strangers: Environment;
  /** A setting that names a key which isn't there, or not ours to use. */
  readonly foreignSetting: string;
  /** Makes a new version of the service's own key. */
  turn(): Promise<void>;
}

/** What the server relies on in a key service, whoever made it. */
export function testKeyService(name: string, start: (t: TestContext) => Promise<KeyServiceUnderTest>): void {
  test(`[SE54] ${name} wraps and unwraps, also what it wrapped before it turned its own key`, async (t) => {
    const { setting, environment, turn } = await start(t);
    const service = parseKeyService(setting, environment);
    const key = randomBytes(32);
    const wrapped = [await service.wrap(key), await service.wrap(key)];
    assert.notEqual(wrapped[0], wrapped[1]);
    await turn();
    wrapped.push(await service.wrap(key));
    for (const each of wrapped) assert.deepEqual(Uint8Array.from(await service.unwrap(each)), Uint8Array.from(key));
  });

  test(`[SE54] ${name} refuses strangers, other keys and what it never wrapped, and that is told`, async (t) => {
    const { setting, foreignSetting, environment, strangers } = await start(t);
    const service = parseKeyService(setting, environment);
    const key = randomBytes(32);
    const wrapped = await service.wrap(key);
    const refused = { name: "KeyServiceError", message: /answered 4\d\d: \S+/ };
    for (const other of [parseKeyService(setting, strangers), parseKeyService(foreignSetting, environment)]) {
      await assert.rejects(other.wrap(key), refused);
      await assert.rejects(other.unwrap(wrapped), refused);
    }
    for (const altered of [alterBase64(wrapped), wrapped.slice(0, -8)])
      await assert.rejects(service.unwrap(altered), refused, altered);
  });

  test(`[SE53] ${name} takes the master key over and turns it, and then the disk holds no usable key`, async (t) => {
    const { setting, environment, strangers, turn } = await start(t);
    const { directory, places, file, use } = await openKeyPlaces(t);
    assert.ok(await use(places, "before"));
    const service = parseKeyService(setting, environment);
    const path = directory.join("master.wrapped.json");
    const served: KeyPlaces = { ...places, holder: keyServiceHolder(path, service) };
    await assert.rejects(use(served, "too soon"), /still lies in .*master\.key: run `satchel admin key rotate`/);
    const plain = (await file.read())[0] ?? assert.fail();
    const status = await rotateMasterKey(served);
    assert.deepEqual(status, { keptBy: service.name, dataKeys: 2, currentDataKey: 2 });
    assert.equal(file.exists(), false);
    assert.ok(await use(served, "after", "before"));
    const [key] = await served.holder.read();
    const kept = await readFile(path, "utf8");
    for (const secret of [plain, key ?? assert.fail()])
      for (const encoding of ["hex", "base64"] as const)
        assert.ok(!kept.includes(Buffer.from(secret).toString(encoding)));
    const thief = { ...served, holder: keyServiceHolder(path, parseKeyService(setting, strangers)) };
    await assert.rejects(use(thief, "nothing"), /answered 4\d\d/);
    await turn();
    assert.ok(await use(served, "between", "after", "before"));
    await rotateMasterKey(served);
    assert.notEqual(await readFile(path, "utf8"), kept);
    assert.ok(await use(served, "later", "between", "after", "before"));
  });
}

/** With one letter of it changed, far enough from the end to count. */
function alterBase64(wrapped: string): string {
  const at = wrapped.length - 12;
  return `${wrapped.slice(0, at)}${wrapped[at] === "A" ? "B" : "A"}${wrapped.slice(at + 1)}`;
}
