import * as v from "valibot";
import { describe, expect, it } from "vitest";

import { onlyCodec } from "./codecs.ts";
import { idFrom, peerSignalSchema, readPeerData } from "./envelope.ts";
import { isVideoRefused, withoutStrays, withStartBitrate } from "./sdp.ts";

const answer = [
  "v=0",
  "m=video 9 UDP/TLS/RTP/SAVPF 96 97 103",
  "a=rtpmap:96 VP8/90000",
  "a=rtpmap:97 rtx/90000",
  "a=fmtp:97 apt=96",
  "a=rtpmap:103 H264/90000",
  "a=fmtp:103 packetization-mode=1;profile-level-id=42e01f",
  "",
].join("\r\n");

describe("a description", () => {
  it("gets the start bitrate on every codec and on no repair stream", () => {
    const lines = withStartBitrate(answer, 2500).split("\r\n");
    expect(lines).toContain("a=fmtp:96 x-google-start-bitrate=2500");
    expect(lines).toContain(
      "a=fmtp:103 packetization-mode=1;profile-level-id=42e01f;x-google-start-bitrate=2500",
    );
    expect(lines).toContain("a=fmtp:97 apt=96");
  });

  it("loses the lines of codecs that its media line does not list, and no others", () => {
    const stray = "a=rtcp-fb:121 nack";
    const offer = answer.replace("a=rtpmap:96", `${stray}\r\na=rtcp-fb:96 nack\r\na=rtpmap:96`);
    expect(withoutStrays(offer)).toBe(offer.replace(`${stray}\r\n`, ""));
    expect(withoutStrays(answer)).toBe(answer);
  });

  it("refuses its video with port 0", () => {
    expect(isVideoRefused(answer)).toBe(false);
    expect(isVideoRefused(answer.replace("m=video 9", "m=video 0"))).toBe(true);
  });
});

describe("codec preferences", () => {
  const codecs = [
    { mimeType: "video/VP8" },
    { mimeType: "video/rtx" },
    { mimeType: "video/H264", sdpFmtpLine: "packetization-mode=0" },
    { mimeType: "video/H264", sdpFmtpLine: "packetization-mode=1" },
  ];

  it("keep one codec and what repairs it", () => {
    expect(onlyCodec(codecs, "h264").map(({ mimeType, sdpFmtpLine }) => sdpFmtpLine ?? mimeType)).toEqual([
      "packetization-mode=1",
      "packetization-mode=0",
      "video/rtx",
    ]);
  });

  it("are empty where the browser does not have the codec", () => {
    expect(onlyCodec(codecs, "av1")).toEqual([]);
  });
});

describe("a peer's signal", () => {
  it.each([
    [{ kind: "here", receiverId: "0123456789abcdef", session: null }, true],
    [{ kind: "data", session: "0123456789abcdef", data: { type: "offer", sdp: "v=0" } }, true],
    [
      {
        kind: "data",
        session: "0123456789abcdef",
        data: { type: "candidate", candidate: { candidate: "" } },
      },
      true,
    ],
    [{ kind: "data", session: "0123456789abcdef", data: { type: "transceiverRequest" } }, false],
    [{ kind: "here", receiverId: "<script>", session: null }, false],
    [{}, false],
  ])("%j is understood: %s", (signal, understood) => {
    expect(v.safeParse(peerSignalSchema, signal).success).toBe(understood);
  });

  it("carries only what a link may say", () => {
    expect(readPeerData({ type: "answer", sdp: "v=0" })).toEqual({ type: "answer", sdp: "v=0" });
    expect(readPeerData({ type: "pranswer", sdp: "v=0" })).toBeNull();
  });

  it("names its session in characters that a URL and a schema take", () => {
    expect(idFrom(new Uint8Array([0, 255, 16, 1, 2, 3, 4, 5]))).toBe("00ff100102030405");
  });
});
