import { mkdtemp, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { describe, expect, it } from "vitest";

import { readPlanFile, readPlanText } from "./plan-file.ts";

function refusalOf(text: string): string {
  const read = readPlanText(text, "plan.yaml", {});
  return read.ok ? "" : `${read.failure.where} ${read.failure.next}`;
}

const good = "name: x\nduration: 8 s\nproviders:\n  direct:\n    publish: { via: peer }\n";

describe("a plan's file", () => {
  it("may be JSON as well", () => {
    const json = JSON.stringify({
      name: "x",
      duration: "8 s",
      providers: { direct: { publish: { via: "peer" } } },
    });
    expect(readPlanText(json, "plan.json", {}).ok).toBe(true);
    expect(readPlanText(good, "plan.yaml", {}).ok).toBe(true);
  });

  it("that is wrong names the line of every problem", () => {
    const words = refusalOf(
      `${good}      colour: red\n`.replace("8 s", "8").replace("{ via: peer }", "\n      via: peer"),
    );
    expect(words).toContain("plan.yaml:2: duration takes a duration");
    expect(words).toContain("plan.yaml:7: providers.direct.publish.colour is not a key here");
    expect(words).toContain("Correct these 2 problems");
  });

  it("that is no YAML says where", () => {
    expect(refusalOf("name: [x\nduration: 8 s\n")).toMatch(/^plan\.yaml:\d+:\d+: /);
  });

  it("with a tower of references is refused, not unfolded", () => {
    const tower = ["a0: &a0 [x,x,x,x,x,x,x,x,x]"];
    for (let level = 1; level < 9; level += 1)
      tower.push(`a${level}: &a${level} [${`*a${level - 1},`.repeat(9)}]`);
    expect(refusalOf(tower.join("\n"))).toContain("references");
  });

  it("that cannot be read, or is far too long, is refused", async () => {
    const directory = await mkdtemp(join(tmpdir(), "streamgauge-plan-"));
    const path = join(directory, "long.yaml");
    await writeFile(path, "#".repeat(1_000_001));
    expect(await readPlanFile(path, {})).toMatchObject({ ok: false, failure: { kind: "refused-input" } });
    expect(await readPlanFile(directory, {})).toMatchObject({ ok: false });
    expect(await readPlanFile(join(directory, "none.yaml"), {})).toMatchObject({ ok: false });
  });
});
