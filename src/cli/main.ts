import { isatty } from "node:tty";

import { runCommandLine } from "./command-line.ts";

const { stdout, stderr, env } = process;

process.exitCode = await runCommandLine(process.argv.slice(2), {
  print: (text) => stdout.write(`${text}\n`),
  complain: (text) => stderr.write(`${text}\n`),
  coloured: isatty(1) && env["NO_COLOR"] === undefined,
});
