import { toSenderUs, type SenderUs } from "../clock/instants.ts";

/** What the QR in a frame says. Format 1; README.md in this folder is the specification. */
export type Marker = {
  /** Which run the frame belongs to: integer, 0 to 999999. */
  readonly runNumber: number;
  /** Counts up by one per frame within a run: integer, 0 to 99999999. */
  readonly frameId: number;
  /** Sender clock when the frame's picture was finished; 16 digits of epoch microseconds. */
  readonly captureTimeUs: SenderUs;
};

/**
 * What a QR's text turned out to be. `broken`: as long as a marker and all digits, but it does not hold together;
 * `why` says what is wrong, in the user's words. `foreign`: a QR that is not ours.
 */
export type PayloadReading =
  | { readonly kind: "marker"; readonly marker: Marker }
  | { readonly kind: "broken"; readonly why: string }
  | { readonly kind: "foreign" };

/** First digit of every payload written here. */
export const payloadFormat = 1;
/** Greatest run number that fits its six digits. */
export const maxRunNumber = 999_999;
/** Greatest frame id that fits its eight digits: 19 days at 60 frames a second. */
export const maxFrameId = 99_999_999;

/** Prime, so that every wrong digit and every two swapped digits change the remainder. */
const checkPrime = 997;
const bodyDigitCount = 31;
/** The numeric capacity of a version 2 QR at level H (ISO/IEC 18004, table 7). */
const allDigits = /^\d{34}$/;

function checkDigitsOf(body: string): string {
  let remainder = 0;
  for (let index = 0; index < body.length; index += 1) {
    remainder = (remainder * 10 + (body.charCodeAt(index) - 48)) % checkPrime;
  }
  return String(remainder).padStart(3, "0");
}

function digits(value: number, digitCount: number, name: string): string {
  if (!Number.isSafeInteger(value) || value < 0 || value >= 10 ** digitCount) {
    throw new RangeError(`${name} ${value} does not fit ${digitCount} digits`);
  }
  return String(value).padStart(digitCount, "0");
}

/**
 * Writes a marker as the 34 digits of format 1.
 * @throws RangeError when a number is negative, not an integer or too long: a bug of the caller
 */
export function writePayload(marker: Marker): string {
  const body =
    String(payloadFormat) +
    digits(marker.runNumber, 6, "run number") +
    digits(marker.frameId, 8, "frame id") +
    digits(marker.captureTimeUs, 16, "capture time");
  return body + checkDigitsOf(body);
}

/** Reads the text of any QR. Never throws, whatever the text. */
export function readPayload(text: string): PayloadReading {
  if (!allDigits.test(text)) return { kind: "foreign" };
  const body = text.slice(0, bodyDigitCount);
  if (checkDigitsOf(body) !== text.slice(bodyDigitCount)) {
    return { kind: "broken", why: "the marker's check digits do not agree with its numbers" };
  }
  if (body.charAt(0) !== String(payloadFormat)) {
    return {
      kind: "broken",
      why: `the marker is of format ${body.charAt(0)}; this page reads format ${payloadFormat}`,
    };
  }
  const captureUs = Number(body.slice(15, 31));
  if (!Number.isSafeInteger(captureUs)) {
    return { kind: "broken", why: "the marker's capture time lies beyond the year 2255" };
  }
  return {
    kind: "marker",
    marker: {
      runNumber: Number(body.slice(1, 7)),
      frameId: Number(body.slice(7, 15)),
      captureTimeUs: toSenderUs(captureUs),
    },
  };
}
