/** The folder in which the person at a device stays; '' where nobody keeps to any. */
export function homeOf(life: { readonly isApart: boolean }, device: { readonly name: string }): string {
  return life.isApart ? `of ${device.name}` : "";
}
