import { Readable } from "node:stream";

import { array, assert, asyncProperty, uint8Array } from "fast-check";
import { describe, expect, it } from "vitest";

import { encodeArgs } from "./render-ffmpeg.ts";
import { captureTimeOf } from "./render-frames.ts";
import { readRenderOptions } from "./render-options.ts";
import { createByteReader, readY4mHeader, writeY4mHeader } from "./render-y4m.ts";

describe("render options", () => {
  it("make a playable file of little more than its name", () => {
    expect(readRenderOptions(["--out", "a.mp4"], { FFMPEG_PATH: "/opt/ffmpeg" })).toMatchObject({
      value: {
        format: "mp4",
        codec: "h264",
        size: { widthPx: 1280, heightPx: 720 },
        frameRate: { frameCount: 30, perS: 1 },
        durationS: 10,
        ffmpeg: "/opt/ffmpeg",
      },
    });
  });

  it("leave size, rate and length of a user's own video to the video", () => {
    expect(readRenderOptions(["--out", "a.webm", "--over", "b.mov"], {})).toMatchObject({
      value: { codec: "vp9", size: null, frameRate: null, durationS: null },
    });
  });

  it.each([
    [[], "--out"],
    [["--out", "a.avi"], "--out"],
    [["--out", "a.mp4", "--codec", "vp8"], "--codec"],
    [["--out", "a.y4m", "--codec", "h264"], "--codec"],
    [["--out", "a.mp4", "--size", "641x360"], "--size"],
    [["--out", "a.mp4", "--size", "64x64"], "--size"],
    [["--out", "a.mp4", "--fps", "61"], "--fps"],
    [["--out", "a.mp4", "--fps", "30/0"], "--fps"],
    [["--out", "a.mp4", "--duration", "0"], "--duration"],
    [["--out", "a.mp4", "--run", "1000000"], "--run"],
    [["--out", "a.mp4", "--kbps", "500", "--crf", "20"], "--crf"],
    [["--out", "a.mp4", "--start-time", "yesterday"], "--start-time"],
    [["--out", "-", "--realtime", "--start-time", "2026-01-01T00:00:00Z"], "--start-time"],
  ])("refuse %j by the option's name", (args, option) => {
    expect(readRenderOptions(args, {})).toMatchObject({
      ok: false,
      failure: { kind: "refused-input", what: expect.stringContaining(option) as string },
    });
  });
});

describe("the encoder", () => {
  const options = {
    size: { widthPx: 640, heightPx: 360 },
    frameRate: { frameCount: 30_000, perS: 1001 },
    codec: "h264",
    format: "mp4",
    rate: { kind: "quality", crf: null },
    gopFrameCount: 60,
    comment: "run 1",
    target: "-rf.mp4",
  } as const;

  it("puts the index first in a file, and fragments into a pipe", () => {
    expect(encodeArgs(options)).toContain("+faststart");
    expect(encodeArgs({ ...options, target: "pipe:1" }).join(" ")).toMatch(/empty_moov.* pipe:1$/);
  });

  it("takes a file's name for nothing else", () => {
    expect(encodeArgs(options).at(-1)).toBe("file:-rf.mp4");
  });
});

describe("capture times", () => {
  it("of a file stand a frame interval apart, without drift", () => {
    const frameRate = { frameCount: 30_000, perS: 1001 };
    expect(captureTimeOf(5, 0, { frameRate })).toBe(5);
    expect(captureTimeOf(0, 30_000, { frameRate })).toBe(1_001_000_000);
  });
});

describe("YUV4MPEG2", () => {
  it("is read as it was written", () => {
    const header = { widthPx: 854, heightPx: 480, frameRate: { frameCount: 24_000, perS: 1001 } };
    expect(readY4mHeader(writeY4mHeader(header).trimEnd())).toEqual(header);
  });

  it.each(["", "RIFF", "YUV4MPEG2 W2 H2", "YUV4MPEG2 W2 H2 F30:1 C444", "YUV4MPEG2 Wx H2 F30:1"])(
    "is not %j",
    (line) => expect(readY4mHeader(line)).toBeNull(),
  );

  it("comes out whole however the stream is cut", async () => {
    await assert(
      asyncProperty(array(uint8Array({ maxLength: 9 })), async (cuts) => {
        const body = Buffer.concat(cuts);
        const whole = Buffer.concat([Buffer.from("head\n"), body, Buffer.from("FRAME\n")]);
        const pieces = cuts.map(({ length }) => length + 1);
        const chunks: Buffer[] = [];
        let at = 0;
        for (const length of [...pieces, whole.length]) {
          chunks.push(whole.subarray(at, at + length));
          at += length;
        }
        const reader = createByteReader(Readable.from(chunks.filter(({ length }) => length > 0)));
        expect(await reader.line()).toBe("head");
        const target = new Uint8Array(body.length);
        expect(await reader.readInto(target)).toBe(true);
        expect(Buffer.from(target).equals(body)).toBe(true);
        expect(await reader.line()).toBe("FRAME");
        expect(await reader.line()).toBeNull();
        expect(await reader.readInto(new Uint8Array(1))).toBe(false);
      }),
      { numRuns: 50 },
    );
  });
});
