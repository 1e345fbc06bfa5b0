import type { SeededRandom } from "@satchel/testkit";

/** What people and programs do to a folder. */
const workKinds = [
  "create",
  "overwrite",
  "append",
  "truncate",
  "write_slowly",
  "save_by_rename",
  "swap",
  "file_to_folder",
  "folder_to_file",
  "rename",
  "move_file",
  "move_folder",
  "move_folder_and_edit",
  "remove",
  "remove_folder",
  "recreate",
  "copy_file",
  "copy_folder",
  "change_mode",
  "change_time",
  "link",
  "make_folder",
  "burst",
  "unpack",
  "check_out",
  "change_case",
  "change_ignore",
  "empty_all",
  "rename_over_spelling",
] as const;

/** What happens to devices and servers, or is done at a server. */
const mishapKinds = [
  "disconnect",
  "crash",
  "restart",
  "restart_server",
  "edit_while_downloading",
  "restore_version",
  "jump_clock",
  "unmount",
  "replace_root",
  "fill_disk",
  "lock_file",
  "expire_cursors",
  "restore_backup",
  "exclude_add",
  "exclude_remove",
  "revoke_device",
] as const;

/** The kinds of operations that a person does on a disk. */
export type WorkKind = (typeof workKinds)[number];
export type MishapKind = (typeof mishapKinds)[number];
/** `rest`: nothing more is done until all are in step, or for a while. `outlast_token`: nothing more is done for longer than an access token is good. */
export type OperationKind = WorkKind | MishapKind | "idle" | "rest" | "outlast_token";

/** How often each kind happens, compared with the others. */
export type Weights = Readonly<Partial<Record<OperationKind, number>>>;

/** One thing that happens. What exactly is decided when it does, from what there is then and from `draw`. */
export interface Operation {
  readonly device: number;
  readonly kind: OperationKind;
  readonly draw: number;
  /** Before the next one. */
  readonly pauseMs: number;
}

/** Operations of one life, on the devices that work; bursts and idle phases among them. */
export function drawOperations(
  random: SeededRandom,
  options: {
    readonly count: number;
    readonly workers: readonly number[];
    readonly devices: number;
    readonly weights: Weights;
  },
): Operation[] {
  const kinds = Object.entries(options.weights) as [OperationKind, number][];
  const total = kinds.reduce((sum, [, weight]) => sum + weight, 0);
  let isHasty = random.chance(0.5);
  return Array.from({ length: options.count }, () => {
    if (random.chance(0.1)) isHasty = !isHasty;
    let draw = random.below(total);
    const [kind] = kinds.find(([, weight]) => (draw -= weight) < 0) ?? ["idle"];
    const share = random.float();
    return {
      device: isMishap(kind) ? random.below(options.devices) : random.pick(options.workers),
      kind,
      draw: random.uint32(),
      pauseMs: isHasty ? Math.floor(share * share * 40) : Math.floor(share * share * share * 3000),
    };
  });
}

export function isMishap(kind: OperationKind): kind is MishapKind {
  return (mishapKinds as readonly OperationKind[]).includes(kind);
}

export function isWork(kind: OperationKind): kind is WorkKind {
  return (workKinds as readonly OperationKind[]).includes(kind);
}

export function describeOperation({ device, kind, draw, pauseMs }: Operation): string {
  return `{ device: ${device}, kind: "${kind}", draw: ${draw}, pauseMs: ${pauseMs} }`;
}
