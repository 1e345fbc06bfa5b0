import type { ReactNode } from "react";
import { useSmallPicture } from "../../data/pictures/use-small-picture.ts";
import type { Pictured } from "./entry-picture.tsx";
import styles from "./small-picture.module.css";

interface SmallPictureProps {
  readonly entry: Pictured;
  /** Stands there until there is a picture. */
  readonly children: ReactNode;
}

/** A file's picture. Decoration: the name says what it is. */
export function SmallPicture({ entry, children }: SmallPictureProps): ReactNode {
  const address = useSmallPicture(entry.id, entry.latest_version, 256);
  if (typeof address !== "string") return children;
  return <img className={styles.picture} src={address} alt="" draggable={false} data-small-picture />;
}
