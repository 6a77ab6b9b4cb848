/** A number to choose among the usual ones, or none: what it then is. */
export type NumberChoice = {
  /** All on offer, with the one in use if it is none of the usual. */
  readonly offer: (value: number | null) => readonly { readonly value: string; readonly label: string }[];
  readonly toText: (value: number | null) => string;
  readonly fromText: (text: string) => number | null;
};

const none = "auto";

const toText = (value: number | null): string => (value === null ? none : String(value));

function createChoice(usual: readonly number[], unit: string): NumberChoice {
  return {
    offer: (value) =>
      [...new Set([none, ...usual.map(toText), toText(value)])].map((text) => ({
        value: text,
        label: text === none ? "Auto" : `${text} ${unit}`,
      })),
    toText,
    fromText: (text) => (text === none ? null : Number(text)),
  };
}

/** Jitter buffer targets; none leaves it to the browser. */
export const bufferChoice: NumberChoice = createChoice([0, 50, 100, 200, 500, 1000], "ms");

/** Distances from the live edge; none leaves it to the stream. */
export const syncChoice: NumberChoice = createChoice([0.4, 1, 3, 6, 12], "s");
