import { assert, property, string } from "fast-check";
import { describe, expect, it } from "vitest";

import { brokenOff } from "./ffmpeg.ts";
import { readAllowedTarget, readTarget, redact, type AllowedTarget } from "./targets.ts";

function allow(...texts: readonly string[]): readonly AllowedTarget[] {
  return texts.map((text) => {
    const read = readAllowedTarget(text);
    if (!read.ok) throw new Error(text);
    return read.value;
  });
}

const allowed = allow("rtmp://live.example/app/", "rtmps://tls.example", "srt://srt.example:9000");

describe("what may be relayed to", () => {
  it.each([
    ["rtmp://live.example/app/key", "rtmp://live.example:1935/app/..."],
    ["rtmp://LIVE.example:1935/app/inst/key?token=abc", "rtmp://live.example:1935/app/inst/..."],
    ["rtmps://tls.example/any/key", "rtmps://tls.example:443/any/..."],
    ["srt://srt.example:9000?streamid=publish:x&passphrase=0123456789", "srt://srt.example:9000"],
  ])("is %s, shown without its secrets", (url, shown) => {
    expect(readTarget(url, allowed)).toMatchObject({ ok: true, value: { shown } });
  });

  it("is given on as it was understood", () => {
    const read = readTarget("rtmp://live.example/other/../app/key", allowed);
    expect(read).toMatchObject({ value: { url: "rtmp://live.example/app/key" } });
  });

  it.each([
    ["rtmp://live.example/apple/key", "denied"],
    ["rtmp://live.example/app/../other/key", "denied"],
    ["rtmp://live.example/app/%2e%2e/other/key", "denied"],
    ["rtmp://live.example:1936/app/key", "denied"],
    ["rtmp://live.example.evil/app/key", "denied"],
    ["rtmps://live.example/app/key", "denied"],
    ["srt://srt.example:9000?mode=listener", "refused-input"],
    ["srt://srt.example", "refused-input"],
    ["rtmp://live.example/app/key live=1", "refused-input"],
    ["file:///etc/passwd", "refused-input"],
    ["tee:rtmp://live.example/app/a|/tmp/b", "refused-input"],
    ["http://live.example/app/key", "refused-input"],
    ["", "refused-input"],
  ])("is not %s", (url, kind) => {
    expect(readTarget(url, allowed)).toMatchObject({ ok: false, failure: { kind } });
  });

  it("is nothing until the server is told", () => {
    const refused = readTarget("rtmp://live.example/app/key", []);
    expect(refused).toMatchObject({ failure: { kind: "denied" } });
    expect(JSON.stringify(refused)).toContain("--relay-to");
  });

  it("is read without falling over, whatever the text", () => {
    assert(
      property(string(), (text) => {
        readTarget(text, allowed);
        readAllowedTarget(text);
      }),
    );
  });
});

describe("what ffmpeg says", () => {
  const read = readTarget("rtmp://live.example/app/hush_key?token=abcdef", allowed);
  if (!read.ok) throw new Error("not read");
  const target = read.value;

  it("loses the stream key, whole or in part", () => {
    const words = `${target.url}: nope\nplaypath hush_key, token abcdef`;
    expect(redact(words, target)).not.toMatch(/hush|abcdef/);
  });

  it.each([
    ["rtmp://...: Connection refused", "unreachable", "Nothing listens"],
    ["Failed to resolve hostname live.example: Name or service not known", "unreachable", "not known"],
    ["Server error: NetStream.Publish.BadName", "denied", "stream key"],
    ["Server error: NetConnection.Connect.InvalidApp", "denied", "refused the connection"],
    [
      "Connection to srt://... failed: Connection setup failure: connection timed out",
      "unreachable",
      "not answer",
    ],
    ["av_interleaved_write_frame(): Broken pipe", "ended-early", "ended the stream"],
    ["", "ended-early", "ended the stream"],
  ])("%j is told as %s", (words, kind, what) => {
    const failure = brokenOff(words, target);
    expect(failure.kind).toBe(kind);
    expect(failure.what).toContain(what);
    expect(JSON.stringify(failure)).not.toContain("hush");
  });
});
