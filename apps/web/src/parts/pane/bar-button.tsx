import type { ReactNode } from "react";

interface BarButtonProps {
  readonly words: string;
  readonly onClick: () => void;
  readonly children: ReactNode;
}

/** A button of a bar above what is shown: an icon, whose words are told by a tooltip and to screen readers. */
export function BarButton({ words, onClick, children }: BarButtonProps): ReactNode {
  return (
    <button type="button" className="button quiet icon" aria-label={words} title={words} onClick={onClick}>
      {children}
    </button>
  );
}
