import { z } from "zod";
import type { Presence } from "./live-wire.ts";

/** Colours that others are told apart by. */
export const personColours = 8;

/** The largest number that documents and places are known by: 32 bits. */
export const maxClient = 2 ** 32 - 1;

/** A selection, by relative positions of Yjs, as JSON: it stays with the words that it is at. */
const cursorSchema = z.object({ anchor: z.unknown(), head: z.unknown() });
export type Cursor = z.infer<typeof cursorSchema>;

const stateSchema = z.object({
  user: z.object({ name: z.string(), account: z.string() }),
  cursor: cursorSchema.nullish().catch(null),
});

/** Somebody else who has the text open. One person may be there twice, in two windows. */
export interface Person {
  readonly client: number;
  readonly name: string;
  readonly account: string;
  /** Below {@link personColours}; one colour for all windows of an account. */
  readonly colour: number;
  /** Undefined while they are not in the text. */
  readonly cursor: Cursor | undefined;
}

/** Who else is in a session, as far as it was told. */
export class People {
  readonly #present = new Map<number, Person & { readonly clock: number }>();
  /** By account, in the order in which they came. */
  readonly #colours = new Map<string, number>();

  list(): readonly Person[] {
    return [...this.#present.values()];
  }

  hear(present: readonly Presence[]): void {
    for (const { client, clock, state } of present) {
      const known = this.#present.get(client);
      if (known && known.clock >= clock) continue;
      const said = stateSchema.safeParse(parse(state));
      if (!said.success) this.#present.delete(client);
      else this.#present.set(client, { client, clock, ...this.#personOf(said.data) });
    }
  }

  /** The connection is gone: whether they are there isn't known any more. */
  clear(): void {
    this.#present.clear();
  }

  #personOf({ user: { name, account }, cursor }: z.infer<typeof stateSchema>): Omit<Person, "client"> {
    const colour = this.#colours.get(account) ?? this.#colours.size % personColours;
    this.#colours.set(account, colour);
    return { name, account, colour, cursor: cursor ?? undefined };
  }
}

function parse(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    return undefined;
  }
}
