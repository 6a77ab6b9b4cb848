/** Pixels of the PNG per CSS pixel of the page, so that it stands up to print. */
const sharpness = 2;
const gapPx = 8;
const leftPx = 12;
const lineHeightPx = 20;
/** From the left of a key's colour to its words. */
const keyTextPx = 16;
const wordsFont = "12px system-ui, sans-serif";

/** What of an element's look is written into the copy: an SVG drawn as a picture sees no style sheet of the page. */
const looks = [
  "fill",
  "fill-opacity",
  "stroke",
  "stroke-width",
  "stroke-opacity",
  "font-family",
  "font-size",
  "text-anchor",
  "opacity",
] as const;

/** What a colour of the charts stands for. */
export type ChartKey = {
  readonly label: string;
  /** As style sheets write it. */
  readonly color: string;
};

/** One chart as it is drawn: its picture, and the words above it, which say what it shows in which unit. */
type DrawnChart = {
  readonly picture: HTMLImageElement;
  readonly words: string;
  readonly widthPx: number;
  readonly heightPx: number;
};

/**
 * Draws charts under each other on the page's ground as one PNG, each below its caption; null when the browser refuses to draw
 * them, or there is none.
 * @param charts elements that hold an SVG, and a `figcaption` where they have one
 */
export async function drawChartsPng(
  charts: readonly Element[],
  keys: readonly ChartKey[] = [],
): Promise<Blob | null> {
  const drawn = await Promise.all(charts.map(toDrawnChart));
  const whole = drawn.filter((chart) => chart !== null);
  const canvas = document.createElement("canvas");
  const widthPx = Math.max(0, ...whole.map((chart) => chart.widthPx));
  const context = canvas.getContext("2d");
  if (context === null || whole.length === 0 || whole.length < drawn.length) return null;
  const keyLines = layOutKeys(context, keys, widthPx);
  const heightPx = whole.reduce(
    (sum, chart) => sum + lineHeightPx + chart.heightPx + gapPx,
    gapPx + keyLines.length * lineHeightPx,
  );
  layGround(context, widthPx, heightPx);
  const inkColor = getComputedStyle(document.body).color;
  for (const [index, line] of keyLines.entries())
    drawKeys(context, line, gapPx + (index + 0.5) * lineHeightPx, inkColor);
  let topPx = gapPx + keyLines.length * lineHeightPx;
  for (const chart of whole) {
    context.fillStyle = inkColor;
    context.fillText(chart.words, leftPx, topPx + lineHeightPx / 2, widthPx - 2 * leftPx);
    context.drawImage(chart.picture, 0, topPx + lineHeightPx, chart.widthPx, chart.heightPx);
    topPx += lineHeightPx + chart.heightPx + gapPx;
  }
  return new Promise((resolve) => {
    canvas.toBlob(resolve, "image/png");
  });
}

/** Gives a canvas its size and the page's ground, and readies it for words. */
function layGround(context: CanvasRenderingContext2D, widthPx: number, heightPx: number): void {
  const { canvas } = context;
  canvas.width = Math.round(widthPx * sharpness);
  canvas.height = Math.round(heightPx * sharpness);
  context.fillStyle = getComputedStyle(document.documentElement).backgroundColor;
  context.fillRect(0, 0, canvas.width, canvas.height);
  context.scale(sharpness, sharpness);
  context.font = wordsFont;
  context.textBaseline = "middle";
}

async function toDrawnChart(chart: Element): Promise<DrawnChart | null> {
  // Keys to colours are small pictures of their own.
  const [svg = null] = [...chart.querySelectorAll("svg")].toSorted(
    (one, other) => areaPx(other) - areaPx(one),
  );
  const picture = svg === null ? null : await toPicture(svg);
  if (svg === null || picture === null) return null;
  const { width, height } = svg.getBoundingClientRect();
  const caption = chart.querySelector("figcaption");
  // Buttons may stand in a caption as well: its words come first.
  const words = caption?.querySelector("span")?.textContent ?? caption?.textContent ?? "";
  return { picture, words, widthPx: width, heightPx: height };
}

function areaPx(element: Element): number {
  const { width, height } = element.getBoundingClientRect();
  return width * height;
}

type PlacedKey = ChartKey & { readonly xPx: number };

/** Places keys side by side, on as many lines as they take. */
function layOutKeys(
  context: CanvasRenderingContext2D,
  keys: readonly ChartKey[],
  widthPx: number,
): readonly (readonly PlacedKey[])[] {
  context.font = wordsFont;
  const lines: PlacedKey[][] = [];
  let xPx = Number.POSITIVE_INFINITY;
  for (const key of keys) {
    const keyWidthPx = keyTextPx + context.measureText(key.label).width + 2 * gapPx;
    if (xPx + keyWidthPx > widthPx) {
      lines.push([]);
      xPx = leftPx;
    }
    lines.at(-1)?.push({ ...key, xPx });
    xPx += keyWidthPx;
  }
  return lines;
}

function drawKeys(
  context: CanvasRenderingContext2D,
  keys: readonly PlacedKey[],
  yPx: number,
  inkColor: string,
): void {
  for (const { label, color, xPx } of keys) {
    context.fillStyle = toPlainColor(color);
    context.fillRect(xPx, yPx - 5, 10, 10);
    context.fillStyle = inkColor;
    context.fillText(label, xPx + keyTextPx, yPx);
  }
}

/** A canvas knows no custom property: the browser is asked what it comes to on this page. */
function toPlainColor(color: string): string {
  const probe = document.createElement("span");
  probe.style.color = color;
  document.body.append(probe);
  const plain = getComputedStyle(probe).color;
  probe.remove();
  return plain;
}

async function toPicture(chart: SVGSVGElement): Promise<HTMLImageElement | null> {
  const copy = withLooks(chart);
  const text = new XMLSerializer().serializeToString(copy);
  const url = URL.createObjectURL(new Blob([text], { type: "image/svg+xml" }));
  const picture = new Image();
  picture.src = url;
  try {
    await picture.decode();
    return picture;
  } catch {
    // Browsers say no more than that the picture cannot be drawn; the caller says so on the page.
    return null;
  } finally {
    URL.revokeObjectURL(url);
  }
}

/** A copy that carries its looks as attributes; style attributes would fall to the content security policy. */
function withLooks(chart: SVGSVGElement): SVGSVGElement {
  const copy = chart.cloneNode(true) as SVGSVGElement;
  const box = chart.getBoundingClientRect();
  copy.setAttribute("xmlns", "http://www.w3.org/2000/svg");
  copy.setAttribute("width", String(box.width));
  copy.setAttribute("height", String(box.height));
  const originals = [chart, ...chart.querySelectorAll<SVGElement>("*")];
  const copies = [copy, ...copy.querySelectorAll<SVGElement>("*")];
  for (const [index, original] of originals.entries()) {
    const style = getComputedStyle(original);
    const target = copies[index];
    if (target === undefined) continue;
    target.removeAttribute("style");
    target.removeAttribute("class");
    for (const look of looks) target.setAttribute(look, style.getPropertyValue(look));
  }
  return copy;
}
