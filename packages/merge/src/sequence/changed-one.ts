/** What a side changed something small to, such as the blanks around a value; never nothing if a side has something. Both changed it: the one that sorts first, whichever side that is. */
export function changedOne(base: string, mine: string, theirs: string): string {
  if (mine === theirs) return mine;
  if (mine === base) return theirs || mine;
  if (theirs === base) return mine || theirs;
  return mine < theirs ? mine || theirs : theirs || mine;
}
