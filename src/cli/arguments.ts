import { parseArgs, type ParseArgsConfig } from "node:util";

import { fail, reason, succeed, type Result } from "../core/failure.ts";

/** One option of a command: its help line, and what node:util needs to know. */
export type OptionSpec = {
  readonly type: "string" | "boolean";
  readonly multiple?: boolean;
  /** What stands after the option in the help, such as PORT. */
  readonly value?: string;
  readonly help: string;
};

/** The options of a command by name. */
export type OptionSpecs = Readonly<Record<string, OptionSpec>>;

/** What was typed: strings, flags and lists by option name. */
export type Typed = Readonly<Record<string, string | boolean | readonly (string | boolean)[] | undefined>>;

/** Under this name stand the words that are no options, for commands that take any. */
export const wordsName = "words";

/**
 * Reads a command's arguments; unknown options, missing values and stray words are refused in words.
 * @param takesWords whether words that are no options are taken, under `wordsName`
 */
export function readArguments(
  command: string,
  specs: OptionSpecs,
  args: readonly string[],
  takesWords = false,
): Result<Typed> {
  const options: NonNullable<ParseArgsConfig["options"]> = Object.fromEntries(
    Object.entries(specs).map(([name, { type, multiple }]) => [name, { type, multiple: multiple ?? false }]),
  );
  try {
    const read = parseArgs({ args: [...args], options, strict: true, allowPositionals: takesWords });
    return succeed(takesWords ? { ...read.values, [wordsName]: read.positionals } : read.values);
  } catch (error) {
    // node:util explains in a second sentence how to pass positionals, which few commands take.
    const [cause = ""] = reason(error).split(". ", 1);
    return fail({
      kind: "refused-input",
      what: "Reading the options",
      where: `streamgauge ${command}`,
      next: `See streamgauge ${command} --help.`,
      cause,
    });
  }
}

/** The options of a command, one line each. */
export function showOptions(specs: OptionSpecs): string {
  const left = Object.entries(specs).map(
    ([name, { value }]) => `  --${name}${value === undefined ? "" : ` ${value}`}`,
  );
  const width = Math.max(...left.map((text) => text.length)) + 2;
  return Object.values(specs)
    .map(({ help }, index) => `${(left[index] ?? "").padEnd(width)}${help}`)
    .join("\n");
}
