import type { ColumnTypes } from "./column-types.ts";

/** How often somebody tried to be somebody, and from where accounts were entered. Both are named by HMACs of names and addresses. */
export function attemptsSchema({ text, int }: ColumnTypes): string[] {
  return [
    `CREATE TABLE attempt_counts (
      counter ${text} NOT NULL PRIMARY KEY,
      failures ${int} NOT NULL,
      last_at_ms ${int} NOT NULL
    )`,
    `CREATE INDEX attempt_counts_by_age ON attempt_counts (last_at_ms)`,
    `CREATE TABLE known_networks (
      network ${text} NOT NULL PRIMARY KEY,
      account_id ${text},
      last_at_ms ${int} NOT NULL
    )`,
    `CREATE INDEX known_networks_of_account ON known_networks (account_id, last_at_ms)`,
    `CREATE INDEX known_networks_by_age ON known_networks (last_at_ms)`,
  ];
}
