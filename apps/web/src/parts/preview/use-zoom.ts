import { useState } from "react";

const closest = 8;
const farthest = 0.25;
const stepFactor = 1.25;

/** How large something is shown: 1 is as large as fits. */
export interface Zoom {
  readonly scale: number;
  readonly closer: () => void;
  readonly farther: () => void;
  readonly fit: () => void;
  readonly toggle: () => void;
}

/** Begins anew with each thing that is shown. */
export function useZoom(shown: string): Zoom {
  const [state, set] = useState({ shown, scale: 1 });
  const scale = state.shown === shown ? state.scale : 1;
  const to = (wanted: number): void => set({ shown, scale: Math.min(closest, Math.max(farthest, wanted)) });
  return {
    scale,
    closer: () => to(scale * stepFactor),
    farther: () => to(scale / stepFactor),
    fit: () => to(1),
    toggle: () => to(scale === 1 ? 2.5 : 1),
  };
}
