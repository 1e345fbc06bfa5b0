/** Saves bytes that the page has as a file of the person's. */
export function saveBytes(name: string, bytes: Uint8Array, mediaType: string): void {
  const url = URL.createObjectURL(new Blob([bytes.slice()], { type: mediaType }));
  const link = document.createElement("a");
  link.href = url;
  link.download = name;
  link.click();
  // The download has begun when the click returns; the address is needed no more after the next task.
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
}
