import type { DeviceId } from "@satchel/protocol";
import type { Device } from "../identity-store.ts";
import type { SqlSession } from "../sql/sql-database.ts";
import { insertDevice } from "./devices.ts";

/** See SignInStore.createAppPassword. */
export async function createAppPassword(
  session: SqlSession,
  { secretHash, device }: { readonly secretHash: string; readonly device: Device },
): Promise<void> {
  await insertDevice(session, device);
  await session.run("INSERT INTO app_passwords (secret_hash, device_id) VALUES ($1, $2)", [secretHash, device.id]);
}

export async function findAppPassword(
  session: SqlSession,
  secretHash: string,
): Promise<{ deviceId: DeviceId } | undefined> {
  const sql = "SELECT device_id FROM app_passwords WHERE secret_hash = $1";
  const [row] = await session.all<{ device_id: DeviceId }>(sql, [secretHash]);
  return row && { deviceId: row.device_id };
}
