/** How long a saved blob's URL stands: browsers read it after the click, at their own time. */
const blobUrlLifeMs = 60_000;

/** Hands a blob to the user as a download. */
export function saveBlob(blob: Blob, fileName: string): void {
  const url = URL.createObjectURL(blob);
  const anchor = document.createElement("a");
  anchor.href = url;
  anchor.download = fileName;
  anchor.click();
  setTimeout(() => URL.revokeObjectURL(url), blobUrlLifeMs);
}
