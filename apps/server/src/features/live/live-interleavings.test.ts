import assert from "node:assert/strict";
import { test } from "node:test";
import { setImmediate as turn } from "node:timers/promises";
import { mergeTexts } from "@satchel/merge";
import { seededRandom, type SeededRandom } from "@satchel/testkit";
import { TestServer, TestWriter } from "./live-world.fixture.ts";

/** Each part is a test of its own, so that none takes long on a busy machine. */
const parts = 8;
const livesPerPart = 125;
const stepsPerLife = 60;
const start = "base1 base2 base3\nbase4 base5\nbase6 base7 base8 base9\n";

/** A synced folder with an editor: it knows a version, changes its copy, and saves it when it likes. */
class Desktop {
  base: { readonly id: string; readonly text: string };
  text: string;
  /** Words that were put in and taken out since the last save. */
  typed = new Set<string>();
  removed = new Set<string>();
  /** Conflicted copies. */
  readonly copies: string[] = [];
  readonly #server: TestServer;

  constructor(server: TestServer) {
    this.#server = server;
    this.base = server.file.head;
    this.text = this.base.text;
  }

  get isUnsaved(): boolean {
    return this.text !== this.base.text;
  }

  /** As a device does it: an edit of the latest version is committed, and one of an older version merged. Answers with what is not in the file, because that could not be: it is in a conflicted copy. [EN110] */
  sync(): Pick<Desktop, "typed" | "removed"> | undefined {
    const { file, session } = this.#server;
    const { head } = file;
    if (!this.isUnsaved) [this.base, this.text] = [head, head.text];
    else if (head.id === this.base.id) this.base = file.commit(this.text);
    else {
      const sides = { base: this.base.text, mine: this.text, theirs: head.text };
      const merged = mergeTexts("prose", sides);
      if (merged.outcome === "conflict") {
        this.copies.push(this.text);
        [this.base, this.text] = [head, head.text];
        return this.#saved();
      }
      file.commit(this.text);
      file.commit(merged.text);
      // The device has its own content still, until it fetches the merge.
      this.base = { id: "own", text: this.text };
    }
    this.#saved();
    session?.look();
    return undefined;
  }

  #saved(): Pick<Desktop, "typed" | "removed"> {
    const { typed, removed } = this;
    [this.typed, this.removed] = [new Set(), new Set()];
    return { typed, removed };
  }
}

class Life {
  readonly random: SeededRandom;
  readonly server = new TestServer(start);
  readonly desktop = new Desktop(this.server);
  readonly writers = [new TestWriter("ann", 1), new TestWriter("bob", 2)];
  readonly typed = new Set(start.match(/\w+/g));
  /** With who did it. */
  readonly removed = new Map<string, Set<string>>();
  #count = 0;

  constructor(seed: number) {
    this.random = seededRandom(`live ${seed}`);
  }

  async play(): Promise<void> {
    await this.server.open();
    for (let step = 0; step < stepsPerLife; step += 1) {
      await this.#step();
      if (this.random.chance(0.5)) await turn();
    }
    await this.#end();
  }

  async #step(): Promise<void> {
    const { random, server, desktop } = this;
    const writer = random.pick(this.writers);
    const dice = random.below(100);
    if (dice < 30) this.#type(writer.name, writer.text, (at, words) => writer.type(at, words));
    else if (dice < 35) this.#remove(writer.name, writer.text, (at, length) => writer.remove(at, length));
    else if (dice < 60) writer.deliver();
    else if (dice < 65) writer.disconnect();
    else if (dice < 72) this.#connect(writer);
    else if (dice < 80) this.#type("desktop", desktop.text, (at, words) => this.#write(at, 0, words));
    else if (dice < 82) this.#remove("desktop", desktop.text, (at, length) => this.#write(at, length, ""));
    else if (dice < 90) this.#sync();
    else if (dice < 97) server.clock.advance(random.below(4000));
    else if (dice < 98) server.file.losesAnswers = random.chance(0.5);
    else {
      server.kill();
      server.file.losesAnswers = false;
      await server.open();
    }
  }

  #connect(writer: TestWriter): void {
    if (this.server.room && !writer.isConnected) writer.connect(this.server.room);
  }

  /** What went into a conflicted copy, is in the file only if others typed or removed it, too. */
  #sync(): void {
    const aside = this.desktop.sync();
    if (!aside) return;
    const copy = new Set(this.desktop.copies.at(-1)?.match(/\w+/g));
    for (const word of aside.typed) {
      assert.ok(copy.has(word) || aside.removed.has(word));
      this.typed.delete(word);
    }
    for (const word of aside.removed) this.removed.get(word)?.delete("desktop");
  }

  #write(at: number, remove: number, words: string): void {
    const { desktop } = this;
    desktop.text = desktop.text.slice(0, at) + words + desktop.text.slice(at + remove);
  }

  /** A new word, between two that are there. */
  #type(who: string, text: string, insert: (at: number, words: string) => void): void {
    const places = [...text.matchAll(/\b|^|$/gm)].map(({ index }) => index);
    const word = `w${(this.#count += 1)}`;
    this.typed.add(word);
    if (who === "desktop") this.desktop.typed.add(word);
    insert(this.random.pick(places), ` ${word} `);
  }

  #remove(who: string, text: string, remove: (at: number, length: number) => void): void {
    const words = [...text.matchAll(/\w+/g)];
    if (words.length === 0) return;
    const { index, 0: word } = this.random.pick(words);
    const by = this.removed.get(word) ?? new Set();
    this.removed.set(word, by.add(who));
    if (who === "desktop") this.desktop.removed.add(word);
    remove(index, word.length);
  }

  /** All come back, and nothing more is done. */
  async #end(): Promise<void> {
    const { server, writers } = this;
    server.file.losesAnswers = false;
    for (let round = 0; round < 200; round += 1) {
      for (const writer of writers) this.#connect(writer);
      while (writers.map((writer) => writer.deliver()).includes(true));
      await server.session?.settle();
      this.#sync();
      server.clock.advance(3000);
      await server.session?.settle();
      if (this.isEqual && round > 3) return;
    }
  }

  get texts(): string[] {
    const { server, desktop, writers } = this;
    return [server.file.head.text, server.session?.text ?? "", desktop.text, ...writers.map(({ text }) => text)];
  }

  get isEqual(): boolean {
    return new Set(this.texts).size === 1 && this.writers.every(({ sent, kept }) => sent === kept);
  }
}

for (let part = 0; part < parts; part += 1) {
  const [first, last] = [part * livesPerPart + 1, (part + 1) * livesPerPart];
  test(`[LV8] of two who type live and one who saves from a folder each word is there exactly once, in lives ${first} to ${last} with deaths of the server`, async () => {
    for (let seed = first; seed <= last; seed += 1) await live(seed);
  });
}

async function live(seed: number): Promise<void> {
  const life = new Life(seed);
  await life.play();
  assert.ok(life.isEqual, `seed ${seed}: not in step\n${life.texts.join("\n---\n")}`);
  const words = life.texts[0]?.match(/\w+/g) ?? [];
  assert.deepEqual(
    words.toSorted(),
    [...life.typed].filter((word) => (life.removed.get(word)?.size ?? 0) === 0).toSorted(),
    `seed ${seed}`,
  );
  assert.deepEqual(life.server.file.aside, [], `seed ${seed}`);
  assert.deepEqual(
    life.server.failures.filter((error) => !String(error).includes("lost")),
    [],
  );
  life.server.kill();
}
