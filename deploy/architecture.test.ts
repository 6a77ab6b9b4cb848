import { spawnSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";

import { afterAll, beforeAll, describe, expect, it } from "vitest";

// The compiler and lint settings of the project, over a small house whose rooms hold one file each: every canary below has
// to die of the arrow it breaks, and the house without canaries has to stand.

const root = join(import.meta.dirname, "..");
const settings = [
  "tsconfig.base.json",
  "src/core/tsconfig.json",
  "src/media/tsconfig.json",
  "src/media/tsconfig.workers.json",
  "src/app/tsconfig.json",
  "src/server/tsconfig.json",
  "src/cli/tsconfig.json",
  ".oxlintrc.json",
];

const rooms: Readonly<Record<string, string>> = {
  "src/core/room.ts": "export const core: number = 1;",
  "src/media/room.ts": 'import { core } from "../core/room.ts";\nexport const media: number = core;',
  "src/media/room.worker.ts": 'import { core } from "../core/room.ts";\npostMessage(core);',
  "src/app/room.tsx": 'import { media } from "../media/room.ts";\nexport const app: number = media;',
  "src/server/room.ts": 'import { core } from "../core/room.ts";\nexport const server: number = core;',
  "src/cli/room.ts": 'import { server } from "../server/room.ts";\nexport const cli: number = server;',
};

const arrows: readonly (readonly [from: string, to: string])[] = [
  ["src/core/to-media.ts", "../media/room.ts"],
  ["src/core/to-server.ts", "../server/room.ts"],
  ["src/media/to-app.ts", "../app/room.tsx"],
  ["src/media/to-server.ts", "../server/room.ts"],
  ["src/app/to-server.ts", "../server/room.ts"],
  ["src/server/to-media.ts", "../media/room.ts"],
  ["src/server/to-app.ts", "../app/room.tsx"],
  ["src/server/to-cli.ts", "../cli/room.ts"],
  ["src/cli/to-media.ts", "../media/room.ts"],
  ["src/cli/to-app.ts", "../app/room.tsx"],
];

const globals: readonly (readonly [file: string, use: string])[] = [
  ["src/core/document.ts", "document.title"],
  ["src/core/timer.ts", "setTimeout(() => undefined, 1)"],
  ["src/core/process.ts", "process.pid"],
  ["src/core/monotonic.ts", "performance.now()"],
  ["src/core/wasm.ts", "WebAssembly.Module"],
  ["src/core/newer.ts", "Promise.withResolvers()"],
  ["src/media/process.ts", "process.pid"],
  ["src/media/document.worker.ts", "document.title"],
  ["src/server/document.ts", "document.title"],
];

const banned: readonly (readonly [file: string, source: string, rule: string])[] = [
  ["src/core/wall-clock.ts", "export const nowMs: number = Date.now();", "no-restricted-globals"],
  ["src/core/chance.ts", "export const chance: number = Math.random();", "no-restricted-properties"],
  ["src/core/package.ts", 'export { useState } from "react";', "no-restricted-imports"],
  ["src/media/package.ts", 'export { default } from "simple-peer";', "no-restricted-imports"],
  ["src/app/package.ts", 'export { WebSocket } from "ws";', "no-restricted-imports"],
  ["src/server/package.ts", 'export { useState } from "react";', "no-restricted-imports"],
  ["src/core/any.ts", "export const thing: any = 1;", "no-explicit-any"],
  [
    "src/media/floating.ts",
    "export function go(video: HTMLVideoElement): void {\n  video.play();\n}",
    "no-floating-promises",
  ],
];

let house: string;
let compiled: string;
let linted: string;

function put(file: string, text: string): void {
  mkdirSync(dirname(join(house, file)), { recursive: true });
  writeFileSync(join(house, file), `${text}\n`);
}

function compile(): string {
  const projects = settings.filter((file) => /^src.*tsconfig/.test(file));
  const tsc = join(root, "node_modules/typescript/bin/tsc");
  return spawnSync(process.execPath, [tsc, "-b", "--pretty", "false", ...projects], {
    cwd: house,
    encoding: "utf8",
  }).stdout;
}

beforeAll(() => {
  house = mkdtempSync(join(tmpdir(), "streamgauge-house-"));
  for (const file of settings) cpSync(join(root, file), join(house, file));
  mkdirSync(join(house, "node_modules"));
  for (const name of ["@types", "vite", "react", "simple-peer", "ws"]) {
    symlinkSync(join(root, "node_modules", name), join(house, "node_modules", name));
  }
  for (const [file, text] of Object.entries(rooms)) put(file, text);
  for (const [file, to] of arrows) put(file, `export * from "${to}";`);
  for (const [file, use] of globals) put(file, `export const used: unknown = ${use};`);
  for (const [file, text] of banned) put(file, text);
  compiled = compile();
  const oxlint = join(root, "node_modules/oxlint/bin/oxlint");
  const lint = spawnSync(process.execPath, [oxlint, "--type-aware", "--format", "unix", "src"], {
    cwd: house,
    encoding: "utf8",
    env: { ...process.env, OXLINT_TSGOLINT_PATH: join(root, "node_modules/.bin/tsgolint") },
  });
  linted = lint.stdout;
}, 60_000);

afterAll(() => {
  rmSync(house, { recursive: true, force: true });
});

describe("the compiler", () => {
  it("lets the allowed arrows stand", () => {
    const said = compiled.split("\n").filter((line) => /\/room\.(?:worker\.)?tsx?\(/.test(line));
    expect(said).toEqual([]);
    expect(compiled).not.toBe("");
  });

  it.each(arrows)("refuses %s, which imports %s", (file) => {
    expect(compiled).toContain(`${file}(1,`);
  });

  it.each(globals)("refuses %s, which uses %s", (file) => {
    expect(compiled).toContain(`${file}(1,`);
  });
});

describe("the linter", () => {
  it.each(banned.map(([file, , rule]) => [file, rule]))("refuses %s by %s", (file, rule) => {
    const said = linted.split("\n").filter((line) => line.includes(`${file}:`));
    expect(said.join("\n")).toContain(rule);
  });
});
