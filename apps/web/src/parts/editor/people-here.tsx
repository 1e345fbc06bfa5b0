import type { ReactNode } from "react";
import type { Person } from "../../data/live/people.ts";
import { useEditorWords } from "../../words/editor/use-editor-words.ts";
import { personColour } from "./text/person-colours.ts";
import styles from "./editor.module.css";

/** So many have room beside a name; the others are counted. */
const maxShown = 4;

/** Who else has the text open, each account once. */
export function PeopleHere({ people }: { readonly people: readonly Person[] }): ReactNode {
  const { t } = useEditorWords();
  const each = [...new Map(people.map((person) => [person.account, person])).values()];
  if (each.length === 0) return null;
  const left = each.length - maxShown;
  return (
    <ul className={styles.people} aria-label={t("people")}>
      {each.slice(0, maxShown).map(({ account, name, colour }) => (
        <li key={account} style={{ background: personColour(colour) }} title={name}>
          <span aria-hidden>{Array.from(name)[0]?.toUpperCase()}</span>
          <span className="visually-hidden">{name}</span>
        </li>
      ))}
      {left > 0 ? (
        <li
          title={each
            .slice(maxShown)
            .map(({ name }) => name)
            .join(", ")}
        >
          +{left}
        </li>
      ) : null}
    </ul>
  );
}
