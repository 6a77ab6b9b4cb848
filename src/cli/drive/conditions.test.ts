import type { Page } from "playwright";
import { describe, expect, it } from "vitest";

import { showConditions } from "../../core/runs/conditions.ts";
import type { NetworkConditions } from "../../core/runs/run.ts";
import { browserConditions } from "./browser-network.ts";
import { emulateNetwork, netemArguments, openNetwork } from "./conditions.ts";
import { openDevicePage } from "./launch.ts";
import { openNamespace, type RunProgram } from "./namespace.ts";

const bad: NetworkConditions = { name: "bad", delayMs: 50, jitterMs: 5, lossRatio: 0.01, rateKbps: 2000 };

const streams = [{ provider: "direct", road: "webrtc" }] as const;

/** A kernel that does what it is told, except what `refuses` finds. */
function kernel(refuses: (command: string) => boolean): { readonly run: RunProgram; readonly did: string[] } {
  const did: string[] = [];
  return {
    did,
    run: (program, args) => {
      const command = [program, ...args].join(" ");
      if (refuses(command)) return Promise.reject(new Error("Error: Specified qdisc kind is unknown."));
      did.push(command);
      return Promise.resolve("");
    },
  };
}

describe("network conditions", () => {
  it("are written as tc-netem(8) has them", () => {
    expect(netemArguments(bad).join(" ")).toBe(
      "netem limit 20000 delay 50ms 5ms distribution normal loss 1% rate 2000kbit",
    );
    expect(netemArguments({ ...bad, delayMs: null, jitterMs: null, lossRatio: null }).join(" ")).toBe(
      "netem limit 20000 rate 2000kbit",
    );
  });

  it("that change nothing are made by nobody", async () => {
    const asked = { name: "none", delayMs: null, jitterMs: null, lossRatio: null, rateKbps: 0 };
    const network = await openNetwork({ asked, isLocal: true, streams, browserPath: "/bin/true", number: 1 });
    expect(network.applied).toEqual({ asked, by: "none", limits: [] });
  });

  it("are made by the browser where the kernel has no netem, and the result says so and what is lacking", async () => {
    const { run } = kernel((command) => command.startsWith("tc"));
    const network = await openNetwork({
      asked: bad,
      isLocal: true,
      streams,
      browserPath: "/bin/true",
      number: 1,
      run,
    });
    expect(network.applied.by).toBe("browser");
    expect(network.applied.limits.join("; ")).toMatch(/no jitter/);
  });

  it.each([
    [
      ["webrtc"],
      "delay 50 ms, loss 1 %, rate 2000 kbit/s, by the browser; not made: jitter 5 ms",
      /no jitter/,
    ],
    [
      ["webrtc", "http"],
      "delay 50 ms, rate 2000 kbit/s, by the browser; not made: jitter 5 ms, loss 1 %",
      /no loss for provider2: .* come over HTTP/,
    ],
    [
      ["unknown"],
      "delay 50 ms, rate 2000 kbit/s, by the browser; not made: jitter 5 ms, loss 1 %",
      /no loss for provider1, unless it came by WebRTC/,
    ],
    [
      ["capture"],
      "the network as it is; not made: delay 50 ms, jitter 5 ms, loss 1 %, rate 2000 kbit/s",
      /nothing of it for provider1/,
    ],
  ] as const)("made by the browser for %j claim what was made alone", (roads, words, limit) => {
    const applied = browserConditions(
      bad,
      "netem needs root on Linux",
      roads.map((road, index) => ({ provider: `provider${index + 1}`, road })),
    );
    expect(showConditions(applied)).toBe(words);
    expect(applied.limits.join("; ")).toMatch(limit);
  });

  it("are made by the browser where a stream comes from elsewhere", async () => {
    const { run, did } = kernel(() => false);
    const network = await openNetwork({
      asked: bad,
      isLocal: false,
      streams,
      browserPath: "/bin/true",
      number: 1,
      run,
    });
    expect(network.applied.by).toBe("browser");
    expect(did).toEqual([]);
  });

  it("of a browser that never answers fail the run in time", async () => {
    const never = new Promise<never>(() => undefined);
    const session = { send: () => never };
    const page = { context: () => ({ newCDPSession: () => Promise.resolve(session) }) };
    const applied = browserConditions(bad, "", streams);
    await expect(emulateNetwork(page as unknown as Page, applied, 5)).rejects.toMatchObject({
      failure: { kind: "timed-out", where: "the browser's network does not answer" },
    });
    await expect(openDevicePage({ newContext: () => never }, 5)).rejects.toMatchObject({
      failure: { kind: "timed-out", where: "the browser does not answer" },
    });
  });

  it("leave nothing behind in the kernel, neither when they fail nor when they end", async () => {
    const options = { qdisc: ["netem", "delay", "50ms"], browserPath: "/bin/true", number: 3 };
    const refusing = kernel((command) => command.startsWith("tc"));
    expect(await openNamespace({ ...options, run: refusing.run })).toMatchObject({ ok: false });
    const willing = kernel(() => false);
    const opened = await openNamespace({ ...options, run: willing.run });
    if (!opened.ok) throw new Error(opened.failure.where);
    await opened.value.close();
    for (const { did } of [refusing, willing]) {
      const [space] = /streamgauge-\w+/.exec(did[0] ?? "") ?? [];
      expect(did).toContain(`ip netns delete ${space ?? ""}`);
    }
  });
});
