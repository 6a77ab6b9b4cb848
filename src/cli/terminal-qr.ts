import { create } from "qrcode";

/** Light modules around the code; readers want four (ISO/IEC 18004 section 6.3.8), phones are content with two. */
const quietModules = 2;
const blackOnWhite = "\u001B[38;5;16m\u001B[48;5;231m";
const plain = "\u001B[0m";

/** What a code is drawn in: black on white whatever the terminal's colours are, or these, which suits light text on a dark ground. */
export type QrInk = "black-on-white" | "terminal";

/** Draws a QR code in half-block characters, two modules a line. */
export function drawQr(text: string, ink: QrInk): string {
  const { modules } = create(text, { errorCorrectionLevel: "L" });
  const { size, data } = modules;
  const isBlackOnWhite = ink === "black-on-white";
  const isDark = (row: number, column: number): boolean =>
    row >= 0 && row < size && column >= 0 && column < size && data[row * size + column] === 1;
  const lines: string[] = [];
  for (let row = -quietModules; row < size + quietModules; row += 2) {
    let line = "";
    for (let column = -quietModules; column < size + quietModules; column += 1) {
      line += block(isDark(row, column) === isBlackOnWhite, isDark(row + 1, column) === isBlackOnWhite);
    }
    lines.push(isBlackOnWhite ? `${blackOnWhite}${line}${plain}` : line);
  }
  return lines.join("\n");
}

function block(upper: boolean, lower: boolean): string {
  if (upper) return lower ? "█" : "▀";
  return lower ? "▄" : " ";
}
