/** Colours of people, one for each number of `personColours`: at 4.5:1 on the paper of its theme, and so is the paper on it. */
const colours = [
  "light-dark(#1f5593, #9cc3f2)",
  "light-dark(#8b2f5c, #f0a3c4)",
  "light-dark(#2c6437, #9fd4a6)",
  "light-dark(#8a4b12, #e9b681)",
  "light-dark(#5d4a9c, #c3b2f5)",
  "light-dark(#0f6265, #7fd3d2)",
  "light-dark(#a8281c, #ff9a8c)",
  "light-dark(#5c5f12, #d3d67a)",
] as const;

/** As CSS has it. */
export function personColour(colour: number): string {
  return colours[colour] ?? colours[0];
}
