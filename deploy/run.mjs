import { spawn } from "node:child_process";

import { root } from "./prepare.mjs";

/**
 * Runs a program to its end and keeps what it says.
 * @param {string} command
 * @param {readonly string[]} args
 * @param {{ readonly env?: NodeJS.ProcessEnv, readonly show?: boolean, readonly inherit?: boolean }} options `show` also prints as it goes, on
 *   stderr; `inherit` has the program print there by itself, also while this process is busy, and keeps nothing
 * @returns {Promise<{ readonly code: number, readonly said: string }>} code 127 when it could not be started
 */
export function run(command, args, { env = process.env, show = false, inherit = false } = {}) {
  return new Promise((resolve) => {
    const words = inherit ? 2 : "pipe";
    const child = spawn(command, args, { cwd: root, env, stdio: ["ignore", words, words] });
    let said = "";
    const keep = (text) => {
      said += text;
      if (show) process.stderr.write(text);
    };
    child.stdout?.setEncoding("utf8").on("data", keep);
    child.stderr?.setEncoding("utf8").on("data", keep);
    child.on("error", (error) => resolve({ code: 127, said: error.message }));
    child.on("close", (code) => resolve({ code: code ?? 1, said }));
  });
}

/** The arguments that start a package's command with this Node. */
export function tool(path, ...args) {
  return [process.execPath, [`node_modules/${path}`, ...args]];
}
