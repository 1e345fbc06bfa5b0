const storageKey = "satchel.single-keys";

/** Whether single keys, such as `n`, do something (WCAG 2.2, 2.1.4: they can be turned off). */
export function singleKeysAreOn(): boolean {
  return localStorage.getItem(storageKey) !== "off";
}

export function turnSingleKeys(on: boolean): void {
  if (on) localStorage.removeItem(storageKey);
  else localStorage.setItem(storageKey, "off");
}
