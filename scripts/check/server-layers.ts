import { isTestOnly } from "./repository-files.ts";

const SERVER = "apps/server/src/";
/** From the edge inwards; a layer imports itself and those after it. */
const LAYERS = ["http", "features", "storage"];
/** Where the parts are put together, and so the only place that knows all of them. */
const COMPOSER = "compose.ts";
/** What begins or administers what the composer put together: only these fetch from it, and no layer knows them. */
const STARTERS = ["admin", "start"];
/** The package's one entry: it hands out what others may use, implementations too, and picks none. */
const ENTRY = "index.ts";
/** What a layer may throw is for every layer above it to know. */
const ERRORS = /-errors?\.ts$/;
/** Storage stands in `storage/<interface>/`; an implementation is a folder in there, or a file named for memory. */
const IMPLEMENTATION = /^storage\/[^/]+\/([^/]+\/|memory-)/;

/**
 * What is wrong with an import between two modules of the server (paths from the root), or undefined: `http` calls
 * `features`, features use the interfaces in `storage`, and `compose.ts` alone picks implementations.
 */
export function serverLayerProblem(from: string, to: string): string | undefined {
  if (!from.startsWith(SERVER) || !to.startsWith(SERVER) || isTestOnly(from)) return undefined;
  const source = from.slice(SERVER.length);
  const target = to.slice(SERVER.length);
  if (source === COMPOSER || source === ENTRY) return undefined;
  if (target === ENTRY) return `imports ${target}: import the file that defines the thing`;
  if (target === COMPOSER) {
    const starts = STARTERS.includes(layerOf(source));
    return starts ? undefined : `imports ${target}: parts are handed what they use, and never fetch it`;
  }
  if (LAYERS.includes(layerOf(source)) && STARTERS.includes(layerOf(target))) {
    return `imports ${target}: what is started doesn't know who starts it`;
  }
  const sourceLayer = LAYERS.indexOf(layerOf(source));
  const targetLayer = LAYERS.indexOf(layerOf(target));
  if (targetLayer !== -1 && targetLayer < sourceLayer) {
    return `imports ${target}: ${layerOf(source)} must not know ${layerOf(target)}, the calls go the other way`;
  }
  if (layerOf(source) === "http" && layerOf(target) === "storage" && !ERRORS.test(target)) {
    return `imports ${target}: http calls features, which hold the rules that storage doesn't know`;
  }
  const implementation = IMPLEMENTATION.test(target) && layerOf(source) !== "storage";
  return implementation ? `imports ${target}: compose.ts alone picks implementations, use the interface` : undefined;
}

function layerOf(path: string): string {
  return path.split("/", 1)[0] ?? "";
}
