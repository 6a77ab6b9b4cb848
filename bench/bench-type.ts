/** How a benchmark is run. */
export type BenchOptions = {
  /** A short look instead of a measurement to quote. */
  readonly quick: boolean;
  /** How long a benchmark that watches something go on is to do so; null: as long as it takes by itself. */
  readonly minutes: number | null;
  /** Says what is going on; goes to stderr. */
  readonly progress: (text: string) => void;
};

/**
 * One benchmark. A file bench/NAME.ts exports it as `bench`, and `npm run bench -- NAME` finds it. What it answers is plain
 * JSON with units in the names; a list of records is printed as a table.
 */
export type Bench = {
  readonly name: string;
  /** One line: what is measured, and on what. */
  readonly about: string;
  readonly run: (options: BenchOptions) => Promise<Readonly<Record<string, unknown>>>;
};
