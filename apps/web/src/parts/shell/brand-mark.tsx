import type { ReactNode } from "react";
import { serverUrl } from "../../data/base-path.ts";

/** The bag. Decoration: the name stands beside it. */
export function BrandMark({ size }: { readonly size: number }): ReactNode {
  return <img src={`${serverUrl}/icon.svg`} width={size} height={size} alt="" />;
}
