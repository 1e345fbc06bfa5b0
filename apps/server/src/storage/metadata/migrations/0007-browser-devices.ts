import type { ColumnTypes } from "./column-types.ts";

/** Which browser session a program's login was let in from: signing in to our own web app there again goes on with the device that is there. */
export function browserDevicesSchema({ text }: ColumnTypes): string[] {
  return [
    `ALTER TABLE devices ADD COLUMN browser_hash ${text}`,
    `CREATE INDEX devices_of_browser ON devices (browser_hash) WHERE browser_hash IS NOT NULL`,
  ];
}
