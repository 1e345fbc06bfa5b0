/** The scenarios, each with what it does in A. */
export const scenarioTitles = {
  s1: "add one big file",
  s2: "add 10,000 small files in 1,000 folders",
  s3: "edit 4 KiB, beside the 10,000 files",
  s4: "overwrite 1 MiB in the middle of the big file",
  s5: "insert 1 byte at the front of the big file",
  s6: "rename a folder with 2,000 files",
  s7: "move the big file to another folder",
  s8: "100,000 files: add, edit, rest, restart; join with the same files on both sides",
  s9: "delete the 10,000 files",
} as const;

export type ScenarioId = keyof typeof scenarioTitles;

/** The ids in order. */
export const scenarioIds = Object.keys(scenarioTitles) as ScenarioId[];

/** Whether a word names a scenario. */
export function isScenarioId(word: string): word is ScenarioId {
  return Object.hasOwn(scenarioTitles, word);
}
