/**
 * The same for names that a person may take for each other: the skeleton of Unicode's UTS 39, for the alphabet that names are made of (ASCII letters, digits and `._@+-`), without case.
 * Migration 0002 says the same in SQL.
 */
export function nameSkeleton(name: string): string {
  return name
    .toLowerCase()
    .replaceAll("0", "o")
    .replaceAll("1", "l")
    .replaceAll("i", "l")
    .replaceAll("m", "rn")
    .replaceAll("w", "vv");
}
