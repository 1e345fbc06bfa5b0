import type { ReactNode } from "react";

/** The bag. Decoration: the name stands beside it. */
export function BrandMark({ size }: { readonly size: number }): ReactNode {
  return <img src="/icon.svg" width={size} height={size} alt="" />;
}
