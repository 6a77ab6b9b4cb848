/** Pixels of the PNG per CSS pixel of the page, so that it stands up to print. */
const sharpness = 2;
const gapPx = 8;

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

/** Draws charts under each other on the page's ground as one PNG; null when the browser refuses to draw them. */
export async function drawChartsPng(charts: readonly SVGSVGElement[]): Promise<Blob | null> {
  const boxes = charts.map((chart) => chart.getBoundingClientRect());
  const widthPx = Math.max(0, ...boxes.map((box) => box.width));
  const heightPx = boxes.reduce((sum, box) => sum + box.height + gapPx, gapPx);
  const canvas = document.createElement("canvas");
  canvas.width = Math.round(widthPx * sharpness);
  canvas.height = Math.round(heightPx * sharpness);
  const context = canvas.getContext("2d");
  if (context === null || charts.length === 0) return null;
  context.fillStyle = getComputedStyle(document.documentElement).backgroundColor;
  context.fillRect(0, 0, canvas.width, canvas.height);
  context.scale(sharpness, sharpness);
  let topPx = gapPx;
  for (const [index, chart] of charts.entries()) {
    const box = boxes[index];
    const picture = await toPicture(chart);
    if (box === undefined || picture === null) return null;
    context.drawImage(picture, 0, topPx, box.width, box.height);
    topPx += box.height + gapPx;
  }
  return new Promise((resolve) => {
    canvas.toBlob(resolve, "image/png");
  });
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
