/** What a number with a unit measures. */
export type Dimension = "duration" | "rate" | "share" | "size" | "number";

/** A unit that people write, what it measures, and its factor to the dimension's base: ms, kbit/s, 0..1, bytes, 1. */
type Unit = { readonly dimension: Dimension; readonly factor: number };

const units: Readonly<Record<string, Unit>> = {
  us: { dimension: "duration", factor: 0.001 },
  ms: { dimension: "duration", factor: 1 },
  s: { dimension: "duration", factor: 1000 },
  min: { dimension: "duration", factor: 60_000 },
  h: { dimension: "duration", factor: 3_600_000 },
  "bit/s": { dimension: "rate", factor: 0.001 },
  "kbit/s": { dimension: "rate", factor: 1 },
  "Mbit/s": { dimension: "rate", factor: 1000 },
  "%": { dimension: "share", factor: 0.01 },
  bytes: { dimension: "size", factor: 1 },
  kB: { dimension: "size", factor: 1000 },
  MB: { dimension: "size", factor: 1_000_000 },
  GB: { dimension: "size", factor: 1_000_000_000 },
};

/** What to write for each dimension, for refusals. */
export const dimensionWords: Readonly<Record<Dimension, string>> = {
  duration: "a duration with its unit, such as 500 ms, 8 s or 2 min",
  rate: "a rate with its unit, such as 800 kbit/s or 2 Mbit/s",
  share: "a share in percent, such as 1 %",
  size: "a size with its unit, such as 5 MB",
  number: "a number without a unit",
};

/** The patterns of the same, for the JSON Schema that editors read. */
export const dimensionPatterns: Readonly<Record<Exclude<Dimension, "number">, RegExp>> = {
  duration: /^\d+(?:\.\d+)? ?(?:us|ms|s|min|h)$/,
  rate: /^\d+(?:\.\d+)? ?(?:bit\/s|kbit\/s|Mbit\/s)$/,
  share: /^\d+(?:\.\d+)? ?%$/,
  size: /^\d+(?:\.\d+)? ?(?:bytes|kB|MB|GB)$/,
};

const quantityPattern = /^(?<number>-?\d+(?:\.\d+)?)(?: ?(?<unit>[A-Za-z%/]+))?$/;

/** A number read with its unit, in the base of its dimension: ms, kbit/s, 0..1, bytes, or as it is. */
export type Quantity = { readonly dimension: Dimension; readonly value: number };

/** Reads `500 ms`, `1 %`, `2 Mbit/s`, `80`; null where it is none or the unit is unknown. */
export function readQuantity(text: string): Quantity | null {
  const { number, unit } = quantityPattern.exec(text.trim())?.groups ?? {};
  if (number === undefined) return null;
  if (unit === undefined) return { dimension: "number", value: Number(number) };
  if (!Object.hasOwn(units, unit)) return null;
  const known = units[unit];
  return known === undefined
    ? null
    : { dimension: known.dimension, value: clean(Number(number) * known.factor) };
}

/** Takes out what binary fractions add: 1.1 s is 1100 ms, not 1100.0000000000002. */
function clean(value: number): number {
  return Number(value.toPrecision(15));
}

/** Reads a quantity of one dimension in its base unit; null where it is another or none. */
export function readIn(dimension: Dimension, text: string): number | null {
  const quantity = readQuantity(text);
  return quantity !== null && quantity.dimension === dimension ? quantity.value : null;
}
