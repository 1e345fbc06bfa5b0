// The package brings no types of its own; these are the two functions that `advisories.ts` uses.
declare module "semver" {
  /** Negative if the first version comes before the second, positive if after. Throws for what is no version. */
  export function compare(a: string, b: string): number;
  /** The version in its usual form; null for what is none. */
  export function valid(version: string): string | null;
}
