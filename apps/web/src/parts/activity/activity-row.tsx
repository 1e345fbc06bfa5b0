import type { ReactNode } from "react";
import { ArrowRight, FilePen, FilePlus2, FolderPlus, RotateCcw, Trash2 } from "lucide-react";
import { Trans } from "react-i18next";
import type { ActivityRecord } from "@satchel/protocol";
import { useActivityWords } from "../../words/activity/use-activity-words.ts";
import { formatInstant } from "../../words/format.ts";
import { whoMade } from "../../words/who-made.ts";
import { Row } from "../pane/rows.tsx";

const icons = {
  created: FilePlus2,
  updated: FilePen,
  moved: ArrowRight,
  deleted: Trash2,
  restored: RotateCcw,
} as const;

/** Who did what to which entry, where and when. */
export function ActivityRow({ record }: { readonly record: ActivityRecord }): ReactNode {
  const { t, i18n } = useActivityWords();
  const { kind, name, name_before: before, device, path } = record;
  const said = kind === "moved" && before !== null ? "renamed" : kind;
  return (
    <Row
      icon={kind === "created" && record.type === "folder" ? FolderPlus : icons[kind]}
      title={
        <Trans
          t={t}
          i18nKey={said}
          values={{ who: whoMade(record, i18n.language) || t("somebody"), name, before: before ?? "" }}
          components={{ 1: <bdi /> }}
        />
      }
      facts={[
        formatInstant(record.at, i18n.language),
        t("on", { device: device ?? t("server") }),
        t("in", { folder: path.slice(1, Math.max(1, path.lastIndexOf("/"))) || t("allFiles") }),
      ]}
    />
  );
}
