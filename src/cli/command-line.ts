import type { Command, Terminal } from "./command.ts";
import { compareCommand } from "./commands/compare.ts";
import { renderCommand } from "./commands/render.ts";
import { reportCommand } from "./commands/report.ts";
import { scoreCommand } from "./commands/score.ts";
import { startCommand } from "./commands/start.ts";
import { readVersion } from "./place.ts";
import { exitCodes, tellFailure } from "./words.ts";

const commands: Readonly<Record<string, Command>> = {
  start: startCommand,
  compare: compareCommand,
  report: reportCommand,
  render: renderCommand,
  score: scoreCommand,
};

function help(): string {
  const lines = Object.entries(commands).map(([name, { about }]) => `  ${name.padEnd(10)}${about}`);
  return [
    "streamgauge COMMAND [options]",
    "",
    ...lines,
    "",
    "  --help     show this, or a command's options after it",
    "  --version  show the version",
  ].join("\n");
}

/** Runs one command line and answers with its exit code: 0 done, 1 failed, 2 not understood. */
export async function runCommandLine(args: readonly string[], terminal: Terminal): Promise<number> {
  const [word, ...rest] = args;
  if (word === "--version") {
    terminal.print(await readVersion());
    return 0;
  }
  if (word === "--help") {
    terminal.print(help());
    return 0;
  }
  const command = word === undefined || !Object.hasOwn(commands, word) ? undefined : commands[word];
  if (command === undefined) {
    const typed = word === undefined ? "No command was given." : `There is no ${JSON.stringify(word)} here.`;
    terminal.complain(`${typed}\n\n${help()}`);
    return 2;
  }
  const outcome = await command.run(rest, terminal);
  if (outcome.ok) return outcome.value;
  terminal.complain(tellFailure(outcome.failure));
  return exitCodes[outcome.failure.kind];
}
