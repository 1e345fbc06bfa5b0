import type { Weights } from "../work/operations.ts";

/** Lives before this seed are played as when they were first found worth keeping: without what was added since. */
export const secondEditionSeed = 20_000;
/** From here on lives are of very different lengths, each with some of all that can happen. */
export const thirdEditionSeed = 1_000_000;

/** From here on some devices have disks of other systems. */
export const fourthEditionSeed = 2_000_000;

/** From here on logins expire and end, and devices leave things out. */
export const fifthEditionSeed = 4_000_000;

/** From here on, on disks that take two spellings for one name, files are renamed over the other spelling of another's. */
export const sixthEditionSeed = 20_000_000;

/** Of the first two editions. */
export const earlyWeights: Weights = {
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
};

/** What people and programs do, in the third. */
export const workWeights: Weights = {
  create: 14,
  overwrite: 12,
  append: 5,
  truncate: 3,
  write_slowly: 4,
  save_by_rename: 8,
  swap: 5,
  file_to_folder: 4,
  folder_to_file: 4,
  rename: 8,
  move_file: 8,
  move_folder: 8,
  move_folder_and_edit: 6,
  remove: 7,
  remove_folder: 4,
  recreate: 5,
  copy_file: 4,
  copy_folder: 3,
  change_mode: 4,
  change_time: 4,
  link: 3,
  make_folder: 7,
  burst: 2,
  unpack: 3,
  check_out: 3,
  change_case: 3,
  change_ignore: 3,
  empty_all: 1,
};

/** What goes wrong there, and what is done at the server. */
export const mishapWeights: Weights = {
  disconnect: 8,
  crash: 10,
  restart: 5,
  restart_server: 4,
  edit_while_downloading: 6,
  restore_version: 6,
  jump_clock: 4,
  unmount: 4,
  replace_root: 3,
  fill_disk: 4,
  lock_file: 4,
  expire_cursors: 4,
};

/** What happens to logins, where devices have tokens. */
export const loginWeights: Weights = { outlast_token: 5, revoke_device: 4 };

/** What devices leave out and take in again. */
export const exclusionWeights: Weights = { exclude_add: 12, exclude_remove: 6 };

/** What is done on disks that take two spellings for one name. */
export const spellingWeights: Weights = { rename_over_spelling: 8 };
