import type { ReactNode } from "react";
import type { UseInfiniteQueryResult, UseQueryResult } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";

interface LoadedProps<Data> {
  readonly query: UseQueryResult<Data> | UseInfiniteQueryResult<Data>;
  readonly children: (data: Data) => ReactNode;
}

/** What was asked for, once it is there; until then that it is on its way, or that it failed and can be asked for again. */
export function Loaded<Data>({ query, children }: LoadedProps<Data>): ReactNode {
  const { t } = useTranslation();
  if (query.data !== undefined) return children(query.data);
  if (!query.isError) return <p aria-busy="true">{t("app.loading")}</p>;
  const again = (): void => {
    query.refetch().catch((error: unknown) => reportError(error));
  };
  return (
    <div role="alert">
      <p>{t("app.failed")}</p>
      <button type="button" className="button" onClick={again}>
        {t("files.retry")}
      </button>
    </div>
  );
}
