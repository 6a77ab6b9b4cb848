import type { Result } from "../core/failure.ts";

/** Where a command writes to. */
export type Terminal = {
  /** One or more whole lines on stdout. */
  readonly print: (text: string) => void;
  /** One or more whole lines on stderr. */
  readonly complain: (text: string) => void;
  /** Whether stdout shows colours. */
  readonly coloured: boolean;
};

/** A word after `streamgauge`. */
export type Command = {
  /** One line for the list of commands. */
  readonly about: string;
  readonly help: () => string;
  /** The exit code, or why it failed. */
  readonly run: (args: readonly string[], terminal: Terminal) => Promise<Result<number>>;
};
