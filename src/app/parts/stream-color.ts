/** Colours of things side by side, as the style sheets number them. */
const streamColorCount = 6;

/** The colour of the nth thing side by side, from 1: the same for as long as it is on the page. */
export function colorOf(nth: number): number {
  return ((nth - 1) % streamColorCount) + 1;
}

/** The same as a value for SVG. */
export function strokeOf(nth: number): string {
  return `var(--stream-${colorOf(nth)})`;
}
