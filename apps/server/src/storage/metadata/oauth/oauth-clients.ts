import { ProblemError } from "@satchel/protocol";
import type { OAuthClient } from "../oauth-store.ts";
import type { SqlSession } from "../sql/sql-database.ts";

interface ClientRow {
  readonly client_id: string;
  readonly name: string;
  readonly redirect_uris: string;
  readonly created_at_ms: number;
}

const columns = "client_id, name, redirect_uris, created_at_ms";

export async function addClient(session: SqlSession, client: OAuthClient): Promise<void> {
  await session.run(`INSERT INTO oauth_clients (${columns}) VALUES ($1, $2, $3, $4)`, [
    client.id,
    client.name,
    JSON.stringify(client.redirectUris),
    client.createdAtMs,
  ]);
}

export async function findClient(session: SqlSession, id: string): Promise<OAuthClient | undefined> {
  const [row] = await session.all<ClientRow>(`SELECT ${columns} FROM oauth_clients WHERE client_id = $1`, [id]);
  return row && toClient(row);
}

export async function listClients(session: SqlSession): Promise<OAuthClient[]> {
  return (await session.all<ClientRow>(`SELECT ${columns} FROM oauth_clients ORDER BY name, client_id`)).map(toClient);
}

export async function removeClient(session: SqlSession, id: string): Promise<void> {
  if ((await session.run("DELETE FROM oauth_clients WHERE client_id = $1", [id])) === 0)
    throw new ProblemError("not_found", "There is no such client");
}

function toClient(row: ClientRow): OAuthClient {
  return {
    id: row.client_id,
    name: row.name,
    redirectUris: JSON.parse(row.redirect_uris) as string[],
    createdAtMs: row.created_at_ms,
  };
}
