import { describe, expect, it } from "vitest";

import { writeBanner } from "./banner.ts";
import { runCommandLine } from "./command-line.ts";
import { readStartOptions } from "./commands/start-options.ts";

async function run(...args: readonly string[]): Promise<{ code: number; out: string; err: string }> {
  let out = "";
  let err = "";
  const terminal = {
    print: (text: string) => void (out += text),
    complain: (text: string) => void (err += text),
    coloured: false,
  };
  return { code: await runCommandLine(args, terminal), out, err };
}

describe("streamgauge", () => {
  it.each([
    ["--help", "start"],
    ["--version", "."],
  ])("answers %s", async (word, text) => {
    expect(await run(word)).toMatchObject({ code: 0, out: expect.stringContaining(text) as string, err: "" });
  });

  it.each([
    [[], "No command"],
    [["toString"], "toString"],
    [["start", "--prot", "1"], "--prot"],
    [["start", "--port"], "--port"],
    [["start", "--port", "70000"], "0 to 65535"],
    [["start", "--ice", "http://x"], "stun:"],
    [["start", "--relay-to", "http://x"], "rtmp://"],
    [["start", "more"], "more"],
  ])("refuses %j in words", async (args, text) => {
    expect(await run(...args)).toMatchObject({
      code: 2,
      out: "",
      err: expect.stringContaining(text) as string,
    });
  });
});

describe("start options", () => {
  it("prefer what is typed to the environment", () => {
    const environment = { STREAMGAUGE_ICE_SERVERS: "stun:env", STREAMGAUGE_TURN_SECRET: "hush" };
    const args = ["--port", "0", "--no-https", "--ice", "stun:typed", "--name", "a", "--name", "b"];
    expect(readStartOptions(args, environment)).toMatchObject({
      value: {
        port: 0,
        https: false,
        iceServers: [{ urls: ["stun:typed"] }],
        turnSecret: "hush",
        names: ["a", "b"],
      },
    });
    expect(readStartOptions([], environment)).toMatchObject({
      value: { port: 8080, https: true, iceServers: [{ urls: ["stun:env"] }] },
    });
  });
});

describe("the banner", () => {
  const facts = {
    version: "1.0.0",
    local: "http://localhost:8080",
    network: ["https://192.0.2.1:8080"],
    https: true,
    fingerprint: "AA:BB",
    development: false,
    tokenFile: "/state/token",
  };

  it("gives the addresses, the warning and a code to scan", () => {
    const text = writeBanner(facts, { coloured: false });
    expect(text).toContain("Local:   http://localhost:8080");
    expect(text).toContain("https://192.0.2.1:8080");
    expect(text).toContain("not private");
    expect(text).toMatch(/█▄+█/);
  });

  it("says what is lost without https", () => {
    expect(writeBanner({ ...facts, https: false }, { coloured: true })).toContain("--no-https");
  });
});
