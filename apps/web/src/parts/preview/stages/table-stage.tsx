import { useMemo, type ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { parseTable } from "../../../data/preview/parse-table.ts";
import type { StageProps } from "../stage-props.ts";
import { TextContent } from "./text-content.tsx";
import styles from "./table-stage.module.css";

/** Comma-separated values as a table. */
export function TableStage(props: StageProps): ReactNode {
  return <TextContent {...props}>{(text) => <Table text={text} />}</TextContent>;
}

function Table({ text }: { readonly text: string }): ReactNode {
  const { t } = useTranslation();
  const { rows, isCut } = useMemo(() => parseTable(text), [text]);
  const [header = [], ...body] = rows;
  return (
    <>
      <table className={styles.table}>
        <thead>
          <tr>
            <th aria-label={t("preview.row")} />
            {header.map((cell, index) => (
              <th key={index} scope="col">
                {cell}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {body.map((row, index) => (
            <tr key={index}>
              <th scope="row">{index + 1}</th>
              {row.map((cell, column) => (
                <td key={column} data-number={isNumber(cell) || undefined}>
                  {cell}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
      {isCut ? <p className={styles.cut}>{t("preview.cutRows", { count: body.length })}</p> : null}
    </>
  );
}

function isNumber(cell: string): boolean {
  return /^\s*[-+]?[\d.,]*\d\s*%?$/.test(cell);
}
