import { expect, it } from "vitest";

import { lackOf } from "./capability.ts";

it("asks for a secure address before it blames the browser", () => {
  expect(lackOf("receiver", { isSecureContext: false, has: () => false })?.next).toContain("https://");
});

it.each(["RTCPeerConnection", "requestVideoFrameCallback", "VideoFrame", "Worker"])(
  "names %s when the browser lacks it",
  (name) => {
    const lack = lackOf("receiver", { isSecureContext: true, has: (asked) => asked !== name });
    expect(lack?.where).toContain(name);
  },
);

it("lets a browser that has everything through", () => {
  expect(lackOf("sender", { isSecureContext: true, has: () => true })).toBeNull();
});
