import { useEffect, type ReactNode } from "react";
import { Link, useLocation } from "wouter";
import { FolderX } from "lucide-react";
import { useTranslation } from "react-i18next";
import { currentAddress } from "../data/base-path.ts";
import { addressOf, namesOf, pathOfAddress } from "../data/files/path.ts";
import { useFolderId } from "../data/files/use-folder.ts";
import { FolderPane } from "../parts/folder/folder-pane.tsx";

/** The folder that the address names. */
export function FilesPage(): ReactNode {
  const { t } = useTranslation();
  // Drawn again at each change of address; the browser's own has every name escaped by itself.
  useLocation();
  const path = pathOfAddress(currentAddress());
  const folderId = useFolderId(path);
  const name = namesOf(path).at(-1) ?? t("files.title");
  useEffect(() => {
    document.title = `${name} · ${t("app.name")}`;
  }, [name, t]);
  if (folderId === undefined) return <p className="empty">{t("app.loading")}</p>;
  if (folderId === null) return <NoSuchFolder />;
  return <FolderPane key={folderId} folderId={folderId} path={path} />;
}

function NoSuchFolder(): ReactNode {
  const { t } = useTranslation();
  return (
    <div className="empty">
      <FolderX size={48} strokeWidth={1.4} aria-hidden />
      <h2>{t("files.notFoundTitle")}</h2>
      <p>{t("files.notFoundLead")}</p>
      <Link to={addressOf("")} className="button">
        {t("files.backToFiles")}
      </Link>
    </div>
  );
}
