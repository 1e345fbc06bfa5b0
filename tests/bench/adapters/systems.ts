import type { System } from "./adapter.ts";
import { copySystem } from "./copy.ts";
import { rsyncSystem } from "./rsync.ts";
import { satchelSystem } from "./satchel.ts";
import { syncthingSystem } from "./syncthing.ts";
import { unisonSystem } from "./unison.ts";

/** All that can be measured, in the order of the tables. */
export const systems: readonly System[] = [satchelSystem, unisonSystem, syncthingSystem, rsyncSystem, copySystem];
