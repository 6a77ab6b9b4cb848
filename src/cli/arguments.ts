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

/** Reads a command's arguments; unknown options, missing values and stray words are refused in words. */
export function readArguments(command: string, specs: OptionSpecs, args: readonly string[]): Result<Typed> {
  const parsed = parse(command, specs, args, { allowPositionals: false });
  return parsed.ok ? succeed(parsed.value.values) : parsed;
}

/** Reads a command's arguments where words may stand among the options, such as the name of a file. */
export function readWordsAndArguments(
  command: string,
  specs: OptionSpecs,
  args: readonly string[],
): Result<{ readonly values: Typed; readonly words: readonly string[] }> {
  return parse(command, specs, args, { allowPositionals: true });
}

function parse(
  command: string,
  specs: OptionSpecs,
  args: readonly string[],
  { allowPositionals }: Pick<ParseArgsConfig, "allowPositionals">,
): Result<{ readonly values: Typed; readonly words: readonly string[] }> {
  const options: NonNullable<ParseArgsConfig["options"]> = Object.fromEntries(
    Object.entries(specs).map(([name, { type, multiple }]) => [name, { type, multiple: multiple ?? false }]),
  );
  try {
    const { values, positionals } = parseArgs({
      args: [...args],
      options,
      strict: true,
      allowPositionals: allowPositionals === true,
    });
    return succeed({ values, words: positionals });
  } catch (error) {
    // node:util explains in a second sentence how to pass positionals, which most commands do not take.
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

/** The text given with an option; null where the option was not. */
export function textOf(typed: Typed, name: string): string | null {
  const value = typed[name];
  return typeof value === "string" ? value : null;
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
