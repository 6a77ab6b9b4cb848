import type { Measured } from "../measured.ts";

/** How a unit is shown: its factor from what is kept, its digits after the point, and its word. */
type UnitStyle = { readonly factor: number; readonly digits: number; readonly word: string };

const styles: Readonly<Record<string, UnitStyle>> = {
  ms: { factor: 1, digits: 1, word: "ms" },
  ratio: { factor: 100, digits: 2, word: "%" },
  fps: { factor: 1, digits: 2, word: "fps" },
  "kbit/s": { factor: 1, digits: 0, word: "kbit/s" },
  count: { factor: 1, digits: 1, word: "" },
  "per hour": { factor: 1, digits: 1, word: "/h" },
  px: { factor: 1, digits: 0, word: "px" },
  score: { factor: 1, digits: 2, word: "" },
  dB: { factor: 1, digits: 2, word: "dB" },
};

function styleOf(unit: string): UnitStyle {
  return styles[unit] ?? { factor: 1, digits: 4, word: unit };
}

/** The unit as tables name it; empty for plain numbers. */
export function unitWord(unit: string): string {
  return styleOf(unit).word;
}

/** A value in the unit that people read, without the unit, one number of digits per unit. */
export function showNumber(value: number, unit: string): string {
  const { factor, digits } = styleOf(unit);
  const text = (value * factor).toFixed(digits);
  // Nothing is less than nothing by rounding.
  return Number(text) === 0 ? text.replace("-", "") : text;
}

/** A value with its unit. */
export function showValue(value: number, unit: string): string {
  return `${showNumber(value, unit)} ${unitWord(unit)}`.trimEnd();
}

/** A figure with its unit, or a dash where there is none; the reason stands elsewhere. */
export function showFigure(figure: Measured, unit: string): string {
  return figure.known ? showValue(figure.value, unit) : "–";
}
