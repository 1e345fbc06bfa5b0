import type { ReactNode } from "react";
import type { PersonAt } from "../../data/presence/present-people.ts";
import { usePresenceWords } from "../../words/presence/use-presence-words.ts";
import styles from "./present-avatars.module.css";

/** So many have room beside a name; the others are counted. */
const maxShown = 3;

/** Who else has a file open, small. */
export function PresentAvatars({ people }: { readonly people: readonly PersonAt[] }): ReactNode {
  const { t } = usePresenceWords();
  const sentences = people.map(({ user, device, doing }) =>
    doing === "viewing" ? t("viewing", { user, device }) : t("editing", { user, device }),
  );
  const left = people.length - maxShown;
  return (
    <span className={styles.people} role="img" aria-label={sentences.join(", ")} title={sentences.join("\n")}>
      {people.slice(0, maxShown).map(({ user, doing }) => (
        <span key={user} data-editing={doing !== "viewing"} aria-hidden>
          {Array.from(user)[0]?.toUpperCase()}
        </span>
      ))}
      {left > 0 ? <span aria-hidden>+{left}</span> : null}
    </span>
  );
}
