import { useState, type ReactNode } from "react";
import { useTranslation } from "react-i18next";
import type { VersionId, VersionState } from "@satchel/protocol";
import type { Entry } from "../../data/files/entry.ts";
import { isTooLarge, previewKindOf } from "../../data/preview/preview-kind.ts";
import { formatInstantFully } from "../../words/format.ts";
import { PreviewNote } from "../preview/preview-note.tsx";
import { ComparePictures } from "./compare-pictures.tsx";
import { CompareTexts } from "./compare-texts.tsx";
import styles from "./compare-view.module.css";

interface CompareViewProps {
  readonly entry: Entry;
  /** Newest first. */
  readonly versions: readonly VersionState[];
  readonly before: VersionState;
  readonly after: VersionState;
}

/** Two versions of a file beside each other, any two that the person chooses. */
export function CompareView({ entry, versions, ...first }: CompareViewProps): ReactNode {
  const { t } = useTranslation();
  const [before, setBefore] = useState(first.before);
  const [after, setAfter] = useState(first.after);
  const choose = (id: VersionId, set: (version: VersionState) => void): void => {
    const version = versions.find((one) => one.version === id);
    if (version) set(version);
  };
  return (
    <div className={styles.view}>
      <div className={styles.sides}>
        <VersionChoice
          label={t("versions.before")}
          versions={versions}
          chosen={before}
          onChoose={(id) => choose(id, setBefore)}
        />
        <VersionChoice
          label={t("versions.after")}
          versions={versions}
          chosen={after}
          onChoose={(id) => choose(id, setAfter)}
        />
      </div>
      <Comparison
        key={`${before.version} ${after.version}`}
        before={atVersion(entry, before)}
        after={atVersion(entry, after)}
      />
    </div>
  );
}

/** The file as it was. */
function atVersion(entry: Entry, { version, size, modified }: VersionState): Entry {
  return { ...entry, latest_version: version, size, modified };
}

interface ComparisonProps {
  readonly before: Entry;
  readonly after: Entry;
}

function Comparison({ before, after }: ComparisonProps): ReactNode {
  const kind = previewKindOf(after);
  if (kind === "image" && !isTooLarge(kind, Math.max(before.size, after.size)))
    return <ComparePictures before={before} after={after} />;
  if (kind === "text" || kind === "markdown" || kind === "table") return <CompareTexts before={before} after={after} />;
  return <PreviewNote reason="none" />;
}

interface VersionChoiceProps {
  readonly label: string;
  readonly versions: readonly VersionState[];
  readonly chosen: VersionState;
  readonly onChoose: (id: VersionId) => void;
}

function VersionChoice({ label, versions, chosen, onChoose }: VersionChoiceProps): ReactNode {
  const { i18n } = useTranslation();
  return (
    <label className={styles.choice}>
      <span>{label}</span>
      <select value={chosen.version} onChange={(event) => onChoose(event.target.value as VersionId)}>
        {versions.map(({ version, created }) => (
          <option key={version} value={version}>
            {formatInstantFully(created, i18n.language)}
          </option>
        ))}
      </select>
    </label>
  );
}
