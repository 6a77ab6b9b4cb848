import type { Failure } from "../../core/failure.ts";

/** What of the browser is asked for, as found in its global scope. */
export type BrowserScope = {
  readonly isSecureContext: boolean;
  readonly has: (name: string) => boolean;
};

/** Reads this page's browser. */
export function thisBrowser(): BrowserScope {
  return {
    isSecureContext: globalThis.isSecureContext,
    has: (name) =>
      name === "requestVideoFrameCallback" ? name in HTMLVideoElement.prototype : name in globalThis,
  };
}

const needs = {
  sender: ["RTCPeerConnection", "Worker", "WebSocket"],
  receiver: ["RTCPeerConnection", "requestVideoFrameCallback", "VideoFrame", "Worker", "WebSocket"],
} as const;

/** Why a page cannot work in this browser, or null when it can. */
export function lackOf(page: "sender" | "receiver", scope: BrowserScope): Failure | null {
  if (!scope.isSecureContext) {
    return {
      kind: "unsupported",
      what: "measuring over plain HTTP",
      where: "this address",
      next: "Open this page by https:// or by localhost: browsers give capture, workers and video frames to secure pages alone.",
    };
  }
  const absent = needs[page].filter((name) => !scope.has(name));
  if (absent.length === 0) return null;
  return {
    kind: "unsupported",
    what: page === "sender" ? "sending" : "receiving",
    where: `missing in this browser: ${absent.join(", ")}`,
    next: "Use a current Chrome, Edge or Firefox, or Safari 17 or later.",
  };
}
