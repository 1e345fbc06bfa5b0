/** The sizes that small pictures are made in: pixels of the longer side. The first is for lists, the second to look at. */
export const previewSizes = [256, 1024] as const;
/** The one to look at. */
export const [, largePreview] = previewSizes;
export type PreviewSize = (typeof previewSizes)[number];
