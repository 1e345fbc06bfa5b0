import type { SeededRandom } from "@satchel/testkit";

/** What people and programs do to a folder, and what happens to devices, with how often. */
const weights = {
  create: 14,
  overwrite: 12,
  append: 6,
  truncate: 3,
  write_slowly: 4,
  save_by_rename: 8,
  swap: 4,
  file_to_folder: 3,
  folder_to_file: 2,
  rename: 6,
  move_file: 8,
  move_folder: 6,
  move_folder_and_edit: 5,
  remove: 7,
  remove_folder: 3,
  recreate: 4,
  copy_file: 3,
  copy_folder: 2,
  change_mode: 4,
  change_time: 4,
  link: 3,
  make_folder: 5,
  burst: 2,
  idle: 5,
  disconnect: 4,
  crash: 4,
  restart: 2,
  restart_server: 1,
} as const;

export type OperationKind = keyof typeof weights;

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
  options: { readonly count: number; readonly workers: readonly number[]; readonly devices: number },
): Operation[] {
  const kinds = Object.entries(weights) as [OperationKind, number][];
  const total = kinds.reduce((sum, [, weight]) => sum + weight, 0);
  let isHasty = random.chance(0.5);
  return Array.from({ length: options.count }, () => {
    if (random.chance(0.1)) isHasty = !isHasty;
    let draw = random.below(total);
    const [kind] = kinds.find(([, weight]) => (draw -= weight) < 0) ?? ["idle"];
    const share = random.float();
    return {
      device: isWork(kind) ? random.pick(options.workers) : random.below(options.devices),
      kind,
      draw: random.uint32(),
      pauseMs: isHasty ? Math.floor(share * share * 40) : Math.floor(share * share * share * 3000),
    };
  });
}

function isWork(kind: OperationKind): boolean {
  return !(["disconnect", "crash", "restart", "restart_server"] as OperationKind[]).includes(kind);
}

export function describeOperation({ device, kind, draw, pauseMs }: Operation): string {
  return `{ device: ${device}, kind: "${kind}", draw: ${draw}, pauseMs: ${pauseMs} }`;
}
