import { useEffect, useRef, useState, type ReactNode, type RefObject } from "react";
import { TextLayer, type PDFDocumentProxy, type PDFPageProxy } from "pdfjs-dist";
import { useTranslation } from "react-i18next";
import styles from "./pdf-stage.module.css";

/** Pages this far from the window are drawn already. */
const drawnAhead = "800px";
/** A canvas has at most so many pixels: beyond, browsers draw nothing. */
const maxPixels = 16_000_000;
/** Of a page whose own isn't known yet: A4. */
const usualRatio = 1.414;
const usualWidthPx = 800;
const marginPx = 32;

interface PdfPageProps {
  readonly document: PDFDocumentProxy;
  readonly number: number;
  readonly scale: number;
}

/** One page: its room at once, its drawing and its text when it comes near. */
export function PdfPage({ document, number, scale }: PdfPageProps): ReactNode {
  const { t } = useTranslation();
  const frame = useRef<HTMLDivElement>(null);
  const isNear = useIsNear(frame);
  const [page, setPage] = useState<PDFPageProxy>();
  useEffect(() => {
    if (!isNear) return;
    document
      .getPage(number)
      .then(setPage)
      .catch((error: unknown) => reportError(error));
  }, [document, number, isNear]);
  const size = page?.getViewport({ scale: 1 });
  const width = `calc(min(100cqw - ${marginPx}px, ${usualWidthPx}px) * ${scale})`;
  const aspectRatio = size ? `${size.width} / ${size.height}` : `1 / ${usualRatio}`;
  return (
    <div
      ref={frame}
      className={styles.page}
      style={{ width, aspectRatio }}
      role="group"
      aria-label={t("preview.page", { number })}
    >
      {page && isNear ? <Drawing key={scale} page={page} /> : null}
    </div>
  );
}

function Drawing({ page }: { readonly page: PDFPageProxy }): ReactNode {
  const canvas = useRef<HTMLCanvasElement>(null);
  const text = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const [surface, layer] = [canvas.current, text.current];
    if (!surface || !layer) return undefined;
    const shown = page.getViewport({ scale: surface.clientWidth / page.getViewport({ scale: 1 }).width });
    const sharpness = Math.min(devicePixelRatio, Math.sqrt(maxPixels / (shown.width * shown.height)));
    const drawn = page.getViewport({ scale: shown.scale * sharpness });
    surface.width = Math.floor(drawn.width);
    surface.height = Math.floor(drawn.height);
    const drawing = page.render({ canvas: surface, viewport: drawn });
    layer.style.setProperty("--total-scale-factor", String(shown.scale));
    const writing = new TextLayer({ textContentSource: page.streamTextContent(), container: layer, viewport: shown });
    Promise.all([drawing.promise, writing.render()]).catch((error: unknown) => {
      if (!(error instanceof Error) || !/cancel|abort/i.test(error.name)) reportError(error);
    });
    return () => {
      drawing.cancel();
      writing.cancel();
      layer.replaceChildren();
    };
  }, [page]);
  return (
    <>
      <canvas ref={canvas} aria-hidden />
      <div ref={text} className={styles.words} />
    </>
  );
}

function useIsNear(frame: RefObject<HTMLElement | null>): boolean {
  const [isNear, setNear] = useState(false);
  useEffect(() => {
    const element = frame.current;
    if (!element) return undefined;
    const root = element.parentElement;
    const observer = new IntersectionObserver(([seen]) => setNear(seen?.isIntersecting ?? false), {
      root,
      rootMargin: drawnAhead,
    });
    observer.observe(element);
    return () => observer.disconnect();
  }, [frame]);
  return isNear;
}
