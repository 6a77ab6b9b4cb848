import type { Measured } from "../../core/measured.ts";

/** A figure ready to print: value, bound and unit, or why there is none. */
export type Figure =
  | { readonly known: true; readonly value: string; readonly bound: string | null; readonly unit: string }
  | { readonly known: false; readonly why: string };

/** Units as they are printed. One unit per row: a value never switches unit silently. */
export type Unit = "ms" | "s" | "fps" | "kbit/s" | "%" | "ppm" | "px" | "dB" | "MB" | "";

/** Prints a measured figure with fixed decimals. A bound of 0 (a count) prints none; one below the last decimal says so. */
export function toFigure(figure: Measured, unit: Unit, decimals: number): Figure {
  if (!figure.known) return { known: false, why: figure.why };
  return {
    known: true,
    value: minus(figure.value.toFixed(decimals)),
    bound: figure.bound === 0 ? null : toBound(figure.bound, decimals),
    unit,
  };
}

/** Prints a ratio 0..1 as percent. */
export function toPercent(figure: Measured, decimals: number): Figure {
  return toFigure(
    figure.known ? { ...figure, value: figure.value * 100, bound: figure.bound * 100 } : figure,
    "%",
    decimals,
  );
}

/** Prints a text or a count that is always known as a figure without bound. */
export function toKnown(value: string | number): Figure {
  return { known: true, value: String(value), bound: null, unit: "" };
}

/** Prints text as a figure without bound; null is missing for the reason given. */
export function toText(text: string | null, why: string): Figure {
  return text === null ? { known: false, why } : toKnown(text);
}

/** A whole figure as one line of text, for labels that are read aloud and for titles. */
export function figureWords(figure: Figure): string {
  if (!figure.known) return `not known: ${figure.why}`;
  const bound = figure.bound === null ? "" : ` ± ${figure.bound}`;
  return `${figure.value}${bound}${figure.unit === "" ? "" : ` ${figure.unit}`}`;
}

/** Bytes for people: kB below one MB, else MB with one decimal below 100. */
export function toBytes(bytes: number): string {
  if (bytes < 1e6) return `${Math.ceil(bytes / 1000)} kB`;
  const megabytes = bytes / 1e6;
  return `${megabytes.toFixed(megabytes < 100 ? 1 : 0)} MB`;
}

/** A length of time for people: `0:42`, `12:05`, `1:02:03`. */
export function toElapsed(elapsedMs: number): string {
  const seconds = Math.max(0, Math.floor(elapsedMs / 1000));
  const hours = Math.floor(seconds / 3600);
  const minutes = Math.floor(seconds / 60) % 60;
  return hours === 0
    ? `${minutes}:${twoDigits(seconds % 60)}`
    : `${hours}:${twoDigits(minutes)}:${twoDigits(seconds % 60)}`;
}

/** Local time of day of epoch microseconds, `14:03:09`. */
export function toTimeOfDay(epochUs: number): string {
  const date = new Date(epochUs / 1000);
  return [date.getHours(), date.getMinutes(), date.getSeconds()].map(twoDigits).join(":");
}

/** Local date and time of epoch microseconds, `2026-11-21 14:03`. */
export function toDateTime(epochUs: number): string {
  const date = new Date(epochUs / 1000);
  const day = [date.getFullYear(), twoDigits(date.getMonth() + 1), twoDigits(date.getDate())].join("-");
  return `${day} ${twoDigits(date.getHours())}:${twoDigits(date.getMinutes())}`;
}

function twoDigits(count: number): string {
  return String(count).padStart(2, "0");
}

function toBound(bound: number, decimals: number): string {
  const least = 10 ** -decimals;
  return bound < least / 2 ? `<${least.toFixed(decimals)}` : bound.toFixed(decimals);
}

function minus(text: string): string {
  return /^-0(?:\.0*)?$/.test(text) ? text.slice(1) : text.replace("-", "−");
}
