import { useCallback, useEffect, useRef } from "react";
import type { LiveText } from "./live-text.ts";
import { unsentTexts } from "./unsent-texts.ts";

/** Whatever takes the editor away: words that the server has not confirmed are kept, to be asked about. Answers with how the person gives them up. */
export function useUnsent(live: LiveText | undefined, name: string): () => void {
  const latest = useRef({ name, isGivenUp: false });
  latest.current.name = name;
  useEffect(() => {
    const { current } = latest;
    return () => {
      const state = live?.state();
      if (state?.shared && !state.isKept && !current.isGivenUp)
        unsentTexts.keep({ name: current.name, words: state.shared.words });
    };
  }, [live]);
  return useCallback(() => {
    latest.current.isGivenUp = true;
  }, []);
}
