/** Colours of the streams, as the style sheets number them. */
export const streamColorCount = 6;

/** The colour of a stream: the same for as long as it is on the page. */
export function colorOf(id: number): number {
  return ((id - 1) % streamColorCount) + 1;
}

/** The same as a value for SVG. */
export function strokeOf(id: number): string {
  return `var(--stream-${colorOf(id)})`;
}
