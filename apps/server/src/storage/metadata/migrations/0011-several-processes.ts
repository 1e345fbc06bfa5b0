import type { ColumnTypes } from "./column-types.ts";

/** Which process does which job, and which commits the bus has yet to be told of. */
export function severalProcessesSchema({ text, int }: ColumnTypes): string[] {
  return [
    `CREATE TABLE leases (
      name ${text} NOT NULL PRIMARY KEY,
      holder ${text} NOT NULL,
      ends_at_ms ${int} NOT NULL
    )`,
    `CREATE TABLE outbox (
      workspace_id ${text} NOT NULL,
      sequence ${int} NOT NULL,
      sequence_before ${int} NOT NULL,
      epoch ${text} NOT NULL,
      made_at_ms ${int} NOT NULL,
      PRIMARY KEY (workspace_id, sequence)
    )`,
  ];
}
