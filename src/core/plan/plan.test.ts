import { readFileSync } from "node:fs";
import { join } from "node:path";

import { array, assert, constantFrom, integer, property, record } from "fast-check";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";

import { keeps, readBudget } from "./budget.ts";
import { expandPlan, readShard, showRun, takeShard } from "./expand.ts";
import { checkPlan, type Plan } from "./plan.ts";
import { readQuantity } from "./quantity.ts";

function planOf(text: string, environment: Readonly<Record<string, string>> = {}): Plan {
  const read = checkPlan(parse(text), environment);
  if (!read.ok) throw new Error(JSON.stringify(read.problems));
  return read.plan;
}

function problemsOf(text: string, environment: Readonly<Record<string, string>> = {}): readonly string[] {
  const read = checkPlan(parse(text), environment);
  return read.ok ? [] : read.problems.map(({ path, words }) => `${path.join(".")} ${words}`);
}

const head = "name: x\nduration: 8 s\n";
const direct = `${head}providers:\n  direct: { publish: { via: peer } }\n`;

describe("a plan", () => {
  it("reads settings with their units into those of the pages' addresses", () => {
    const plan = planOf(`${head}scene: { kind: builtin, size: 640x360, fps: 30 }
encoder: { codec: vp9, bitrate: 2 Mbit/s }
networks: { bad: { delay: 0.05 s, jitter: 5 ms, loss: 1 %, rate: 800 kbit/s } }
network: bad
providers:
  hls: { publish: { via: hls, segment: 1500 ms, part: 0.2 s, bitrate: 900 kbit/s }, play: { sync: 400 ms } }`);
    const [cell] = plan.cells;
    expect(cell?.network).toEqual({ name: "bad", delayMs: 50, jitterMs: 5, lossRatio: 0.01, rateKbps: 800 });
    expect(Object.fromEntries(cell?.providers[0]?.publish ?? [])).toEqual({
      scene: "builtin",
      size: "640x360",
      fps: "30",
      codec: "vp9",
      via: "hls",
      segment: "1.5",
      part: "200",
      kbps: "900",
    });
    expect(cell?.providers[0]?.play).toEqual([["sync", "0.4"]]);
  });

  it.each([
    [`${direct}colour: red`, "colour is not a key here; the keys are name"],
    ["name: x\nduration: 8\nproviders: {}", "duration takes a duration with its unit"],
    [`${direct}encoder: { bitrate: 800 ms }`, "encoder.bitrate takes a rate with its unit"],
    [`${direct}encoder: { bitrate: 800 }`, "encoder.bitrate takes a rate with its unit"],
    [`${direct}encoder: { codec: h266 }`, "encoder.codec takes h264, vp8, vp9 or av1"],
    [`${direct}scene: { kind: file }`, "scene.kind takes builtin, marker or camera"],
    [`${direct}repeats: 0`, "repeats takes a whole number from 1 to 1000"],
    [`${head}providers: {}`, "providers has no provider, so there is nothing to run"],
    [`${head}providers: { a: {} }`, "providers.a takes publish, or play with a url"],
    [`${direct}matrix: { encoder.codec: [] }`, "matrix.encoder.codec has no values, so the plan has no runs"],
    [`${direct}matrix: { encoder.codec: [vp8, h266] }`, "matrix.encoder.codec h266 takes h264"],
    [
      `${head}encoder: { codec: vp8 }\nproviders:\n  a: { publish: { via: hls } }`,
      "providers.a.publish.via hls carries h264, vp9, av1, and not vp8",
    ],
    [`${direct}matrix: { repeats: [1, 2] }`, "matrix.repeats belongs to the plan as a whole"],
    [`${direct}matrix: { name.first: [1] }`, "matrix.name.first belongs to the plan as a whole"],
    [`${direct}network: lossy`, "network is not among networks: none"],
    [`${direct}control: other`, "control is no provider of this plan: direct"],
    [`${direct}budgets: [latency.p95 < 500]`, "budgets.0 latency.p95 is compared with a duration"],
    [`${direct}budgets: [{ other: vmaf.mean > 80 }]`, "budgets.0 is for other, which is no provider"],
    ["just words", " takes a map with the keys name"],
  ])("that is wrong says where and what to write: %j", (text, words) => {
    expect(problemsOf(text).join("\n")).toContain(words);
  });

  const signed = `${head}providers:\n  a: { play: { url: "https://x.test/a", kind: whep, token: "\${TOKEN}" } }`;

  it("takes secrets from the environment alone", () => {
    expect(problemsOf(signed)).toEqual([
      "providers.a.play.token needs the environment variable TOKEN, which is not set",
    ]);
    expect(problemsOf(signed.replace("${TOKEN}", "abc"))).toEqual([
      "providers.a.play.token may be secret: write it as ${NAME} and set that variable",
    ]);
    expect(JSON.stringify(planOf(signed, { TOKEN: "s3cret" }))).not.toContain("s3cret");
  });

  it.each([
    ["token", "https://cdn.test/live.m3u8?token=abc"],
    ["hdnts", "https://cdn.test/live.m3u8?q=1&hdnts=exp~acl"],
    ["Key-Pair-Id", "https://cdn.test/live.m3u8?Key-Pair-Id=K1&Signature=${SIG}"],
    ["sig", "https://cdn.test/live.m3u8?sv=2024&sig=abc"],
  ])("refuses an address to play that holds %s itself: %s", (key, url) => {
    const words = `holds ${key}=..., which may be secret: write its value`;
    for (const of of [`play: { url: "${url}" }`, `publish: { via: whip, whip: "\${SIG}", play: "${url}" }`])
      expect(
        problemsOf(`${head}providers:\n  a: { ${of} }`, { SIG: "https://x.test/s" }).join("\n"),
      ).toContain(words);
  });

  it.each(["https://cdn.test/live.m3u8?quality=high", "https://cdn.test/a.m3u8?token=${T}", "${T}"])(
    "takes an address to play that holds no secret itself: %s",
    (url) => {
      expect(
        problemsOf(`${head}providers:\n  a: { play: { url: "${url}" } }`, { T: "https://x.test/a" }),
      ).toEqual([]);
    },
  );

  it("checks a secret's value without quoting it", () => {
    const [problem = ""] = problemsOf(signed, { TOKEN: "with a space" });
    expect(problem).toContain("takes bearer token");
    expect(problem).not.toContain("with a space");
  });

  it("as the documentation shows it is one", () => {
    const text = readFileSync(join(import.meta.dirname, "../../../bench/plans/README.md"), "utf8");
    const example = /```yaml\n(?<plan>.*?)```/s.exec(text)?.groups?.["plan"] ?? "";
    const plan = planOf(example, { WHIP_URL: "https://cdn.example/whip", WHIP_TOKEN: "t" });
    expect(plan.cells).toHaveLength(4);
    expect(plan.budgets).toHaveLength(3);
  });

  it("in JSON may name the schema that editors check it by", () => {
    const text = JSON.stringify({
      $schema: "../../public/plan.schema.json",
      name: "x",
      duration: "8 s",
      providers: { direct: { publish: { via: "peer" } } },
      matrix: { "encoder.codec": ["vp8", "vp9"] },
    });
    expect(planOf(text).cells).toHaveLength(2);
    expect(problemsOf(text.replace("../../public/plan.schema.json", "").replace('""', "1")).join()).toContain(
      "$schema takes the address of a JSON Schema",
    );
  });

  it("of the demo is one", () => {
    const text = readFileSync(join(import.meta.dirname, "../../../bench/plans/demo.yaml"), "utf8");
    expect(expandPlan(planOf(text))).toHaveLength(6);
  });
});

describe("the runs of a plan", () => {
  const swept = `${direct}  hls: { publish: { via: hls } }
repeats: 3
matrix: { encoder.bitrate: [800 kbit/s, 2 Mbit/s], network: [none, bad] }
networks: { bad: { delay: 50 ms } }
`;

  it("are numbered in an order that neither seed nor shard changes", () => {
    const byNumber = (seed: number): readonly string[] =>
      expandPlan(planOf(`${swept}seed: ${seed}`))
        .toSorted((one, other) => one.number - other.number)
        .map(showRun);
    expect(byNumber(1)).toEqual(byNumber(99));
    expect(byNumber(1)[0]).toBe("1\trepeat=1\tdirect\tencoder.bitrate=800 kbit/s network=none");
    expect(byNumber(1)[23]).toBe("24\trepeat=3\thls\tencoder.bitrate=2 Mbit/s network=bad");
  });

  it("are shuffled by the seed, but one repeat ends before the next begins", () => {
    const runs = expandPlan(planOf(swept));
    expect(runs.map(({ repeat }) => repeat)).toEqual([1, 2, 3].flatMap((repeat) => Array(8).fill(repeat)));
    expect(expandPlan(planOf(`${swept}seed: 2`))).not.toEqual(runs);
    expect(expandPlan(planOf(swept))).toEqual(runs);
  });

  it("fall into shards that together are the plan, whatever their count", () => {
    const runs = expandPlan(planOf(swept));
    assert(
      property(integer({ min: 1, max: 30 }), (count) => {
        const shards = Array.from({ length: count }, (_, at) => takeShard(runs, { index: at + 1, count }));
        expect(
          shards
            .flat()
            .map(({ number }) => number)
            .toSorted((a, b) => a - b),
        ).toEqual(runs.map((_, at) => at + 1));
        const sizes = shards.map(({ length }) => length);
        expect(Math.max(...sizes) - Math.min(...sizes)).toBeLessThanOrEqual(1);
      }),
    );
  });

  it("measure all providers at once where the plan says together", () => {
    const runs = expandPlan(planOf(`${swept}order: together`));
    expect(runs).toHaveLength(12);
    expect(runs[0]?.providers.map(({ name }) => name)).toEqual(["direct", "hls"]);
  });

  it.each(["0/3", "4/3", "1", "1/0", "a/b", "-1/2"])("have no shard %s", (text) => {
    expect(readShard(text)).toBeNull();
  });
});

describe("quantities", () => {
  it.each([
    ["500 ms", "duration", 500],
    ["1.1s", "duration", 1100],
    ["2 min", "duration", 120_000],
    ["2 Mbit/s", "rate", 2000],
    ["0.5 %", "share", 0.005],
    ["80", "number", 80],
    ["5 MB", "size", 5_000_000],
  ])("%s is a %s of %d", (text, dimension, value) => {
    expect(readQuantity(text)).toEqual({ dimension, value });
  });

  it.each(["", "ms", "5 parsecs", "1,5 s", "5 ms ms", "0x10 ms", "NaN s", "5 constructor"])(
    "%j is none",
    (text) => {
      expect(readQuantity(text)).toBeNull();
    },
  );
});

describe("budgets", () => {
  it.each([
    ["latency.p95 < 500 ms", { measure: "latency.p95", comparator: "<", limit: 500, regression: null }],
    ["vmaf.mean > 80", { measure: "vmaf.mean", comparator: ">", limit: 80, regression: null }],
    ["freeze.ratio<1%", { measure: "freeze.ratio", comparator: "<", limit: 0.01, regression: null }],
    [
      "regression(latency.p95) < 10 % vs last 5",
      { measure: "latency.p95", comparator: "<", limit: 0.1, regression: { lastCount: 5 } },
    ],
  ])("%s reads as written", (text, expected) => {
    expect(readBudget(text, null)).toMatchObject({ ok: true, budget: expected });
  });

  it.each([
    "latency < 5 ms",
    "latency.p95 = 5 ms",
    "vmaf.mean > 80 ms",
    "regression(latency.p95) < 5 ms vs last 5",
    "regression(latency.p95) < 5 % vs last 0",
    "",
  ])("%j is refused", (text) => {
    expect(readBudget(text, null).ok).toBe(false);
  });

  it("never throw, whatever is written", () => {
    const words = constantFrom(
      "latency.p95",
      "<",
      ">",
      "500",
      "ms",
      "%",
      "regression(",
      ")",
      "vs last",
      "5",
      " ",
    );
    assert(
      property(record({ parts: array(words) }), ({ parts }) => {
        expect(typeof readBudget(parts.join(""), null).ok).toBe("boolean");
      }),
    );
  });

  it("hold or break by their comparator", () => {
    expect([keeps(1, "<", 1), keeps(1, "<=", 1), keeps(2, ">", 1), keeps(1, ">=", 2)]).toEqual([
      false,
      true,
      true,
      false,
    ]);
  });
});
