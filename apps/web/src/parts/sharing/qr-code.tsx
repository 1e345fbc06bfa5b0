import { useMemo, type ReactNode } from "react";
import { encodeQR } from "qr";
import styles from "./sharing.module.css";

interface QrCodeProps {
  readonly text: string;
  readonly label: string;
}

/** The text as a picture that cameras read: dark on light in either theme, with the margin that readers want. */
export function QrCode({ text, label }: QrCodeProps): ReactNode {
  const { size, path } = useMemo(() => {
    const rows = encodeQR(text, "raw", { ecc: "medium" });
    const dots = rows.flatMap((row, y) => row.flatMap((isDark, x) => (isDark ? [`M${x} ${y}h1v1h-1z`] : [])));
    return { size: rows.length, path: dots.join("") };
  }, [text]);
  return (
    <svg
      className={styles.code}
      viewBox={`0 0 ${size} ${size}`}
      role="img"
      aria-label={label}
      shapeRendering="crispEdges"
    >
      <path d={path} fill="#000" />
    </svg>
  );
}
