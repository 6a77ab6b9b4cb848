/** Where a plot lies in its picture, CSS px. */
export type PlotArea = {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
};

/** A figure in words, in the colour of what it belongs to, as SVG writes it; not given: that of the page's words. */
export type CursorFigure = { readonly words: string; readonly color?: string };

/** A sample of a chart as a cursor meets it. */
export type CursorSample = {
  /** Where it is drawn, CSS px from the left of the picture. */
  readonly xPx: number;
  /** Where it is drawn, CSS px from the top; not given where all heights are equally near to it. */
  readonly yPx?: number;
  /** What stands at it: where it is, then each of its figures. */
  readonly figures: readonly CursorFigure[];
};

/** A place in a picture, CSS px from its left and top. */
export type CursorPlace = {
  readonly xPx: number;
  readonly yPx: number;
  /** Which sample was chosen, if one was: it is told by this from others drawn at the same place. */
  readonly index: number | null;
};

/**
 * Which sample is nearest to a place; null where none is within reach.
 * @param reachPx how far a sample may be
 */
export function nearestSample(
  samples: readonly CursorSample[],
  place: CursorPlace,
  reachPx: number,
): number | null {
  let nearest: { readonly index: number; readonly awayPx: number; readonly stepCount: number } | null = null;
  for (const [index, { xPx, yPx = place.yPx }] of samples.entries()) {
    const awayPx = Math.hypot(xPx - place.xPx, yPx - place.yPx);
    const stepCount = Math.abs(index - (place.index ?? index));
    const isNearer =
      nearest === null ||
      awayPx < nearest.awayPx ||
      (awayPx === nearest.awayPx && stepCount < nearest.stepCount);
    if (awayPx <= reachPx && isNearer) nearest = { index, awayPx, stepCount };
  }
  return nearest?.index ?? null;
}

/**
 * To which sample a key leads; null when the key is none of the cursor's, or there is no sample.
 * @param from the sample at which the cursor is; null: at none
 */
export function sampleByKey(key: string, from: number | null, sampleCount: number): number | null {
  const last = sampleCount - 1;
  if (last < 0) return null;
  switch (key) {
    case "ArrowLeft":
      return from === null ? last : Math.max(0, from - 1);
    case "ArrowRight":
      return from === null ? 0 : Math.min(last, from + 1);
    case "Home":
      return 0;
    case "End":
      return last;
    default:
      return null;
  }
}

/** All that stands at a sample, in one line. */
export function sampleWords({ figures }: CursorSample): string {
  return figures.map(({ words }) => words).join(", ");
}

/** A line of a figure's words. */
type CursorLine = Required<CursorFigure> & {
  /** Of no other line of the same figures. */
  readonly key: string;
};

/**
 * Figures as the lines they take: broken between words, and within one that is longer than a line.
 * @param mostChars characters of a line, at least 1
 */
export function linesOf(figures: readonly CursorFigure[], mostChars: number): readonly CursorLine[] {
  return figures.flatMap(({ words, color = "var(--ink)" }, figure) =>
    brokenUp(words, mostChars).map((part, line) => ({ key: `${figure} ${line}`, words: part, color })),
  );
}

function brokenUp(words: string, mostChars: number): readonly string[] {
  const lines: string[] = [];
  let line = "";
  for (const word of words.split(" ")) {
    const longer = line === "" ? word : `${line} ${word}`;
    if (longer.length <= mostChars) {
      line = longer;
      continue;
    }
    if (line !== "") lines.push(line);
    line = word;
    for (; line.length > mostChars; line = line.slice(mostChars)) lines.push(line.slice(0, mostChars));
  }
  return [...lines, line];
}
