/** Characters of a word that are compared; nobody types more of one. */
const maxCompared = 64;

/**
 * How many slips lie between what was typed and a word, or its beginning that fits best: wrong, missing and extra characters, and neighbours that changed places, one each.
 * Right up to `most`; what is more is at least `most + 1`.
 * (Optimal string alignment distance, https://en.wikipedia.org/wiki/Damerau–Levenshtein_distance)
 */
export function slipsTo(typed: string, word: string, most: number): number {
  const from = Array.from(typed).slice(0, maxCompared);
  const to = Array.from(word).slice(0, from.length + most);
  let [beforeLast, last]: [number[], number[]] = [[], Array.from({ length: to.length + 1 }, (_, index) => index)];
  for (const [row, character] of from.entries()) {
    const next = [row + 1];
    for (const [column, other] of to.entries()) {
      const isSame = character === other;
      let cost = Math.min((last[column] ?? 0) + (isSame ? 0 : 1), (last[column + 1] ?? 0) + 1, (next[column] ?? 0) + 1);
      const changedPlaces = row > 0 && column > 0 && character === to[column - 1] && from[row - 1] === other;
      if (changedPlaces) cost = Math.min(cost, (beforeLast[column - 1] ?? 0) + 1);
      next.push(cost);
    }
    [beforeLast, last] = [last, next];
  }
  return Math.min(...last);
}
