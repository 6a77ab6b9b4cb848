import * as v from "valibot";

import type { Failure } from "../../../core/failure.ts";
import { fromRelaySchema, relayPath, type FromRelay, type ToRelay } from "../../../core/wire/relay.ts";

/** What the server counts of a stream that it sends on. */
export type RelayCounts = Extract<FromRelay, { type: "progress" }>;

/** What a link tells. */
export type RelayLinkListener = {
  /** The server listens: frames can be sent. */
  readonly onOpen: () => void;
  /** The target takes the stream; again and again. */
  readonly onProgress: (counts: RelayCounts) => void;
  /** Once, last, unless it was finished from here. */
  readonly onEnd: (failure: Failure) => void;
};

/** One stream to one target by way of the page's server. Whoever opened it finishes it. */
export type RelayLink = {
  readonly send: (bytes: Uint8Array<ArrayBuffer>) => void;
  /** What was sent and has not left the page yet. */
  readonly waitingBytes: () => number;
  /** Nothing more will come: what was sent is to reach the target. Nothing is told any more. */
  readonly finish: () => void;
};

/** The part of the WebSocket constructor that is used; the browser's own and the `ws` package's both have it. */
export type RelaySocketConstructor = new (
  url: string,
) => Pick<WebSocket, "addEventListener" | "send" | "close" | "bufferedAmount">;

/**
 * Opens a link for one target.
 * @param page address of this page: its server relays
 */
export function openRelayLink(
  Socket: RelaySocketConstructor,
  page: string,
  target: string,
  listener: RelayLinkListener,
): RelayLink {
  const address = new URL(relayPath, page);
  address.protocol = address.protocol === "https:" ? "wss:" : "ws:";
  const socket = new Socket(address.href);
  const say = (message: ToRelay): void => socket.send(JSON.stringify(message));
  let state: "opening" | "open" | "over" = "opening";
  const end = (failure: Failure): void => {
    if (state === "over") return;
    state = "over";
    listener.onEnd(failure);
  };
  socket.addEventListener("open", () => {
    if (state === "over") {
      socket.close();
      return;
    }
    state = "open";
    say({ type: "open", target });
    listener.onOpen();
  });
  socket.addEventListener("message", ({ data }: MessageEvent<unknown>) => {
    const message = readMessage(data);
    if (state === "over") return;
    if (message === null) end(notUnderstood(address));
    else if (message.type === "progress") listener.onProgress(message);
    else end(message.failure ?? brokenOff(address, "it ended the relay"));
  });
  // A close event always follows, and is the one that counts.
  socket.addEventListener("error", () => undefined);
  socket.addEventListener("close", ({ code }: CloseEvent) => {
    end(state === "opening" ? notReached(address) : brokenOff(address, `the connection closed (${code})`));
  });
  return {
    send: (bytes) => {
      if (state === "open") socket.send(bytes);
    },
    waitingBytes: () => socket.bufferedAmount,
    finish: () => {
      const wasOpen = state === "open";
      state = "over";
      // The server closes once the target has it all; a link that was never open is closed when it opens.
      if (wasOpen) say({ type: "finish" });
    },
  };
}

function readMessage(data: unknown): FromRelay | null {
  const read = v.safeParse(v.pipe(v.string(), v.maxLength(16_384), v.parseJson(), fromRelaySchema), data);
  return read.success ? read.output : null;
}

function notReached({ href }: URL): Failure {
  return {
    kind: "unreachable",
    what: "The server of this page does not take a stream to send on",
    where: href,
    next: "Check that the server runs and that this device can reach it, then start again.",
  };
}

function brokenOff({ href }: URL, cause: string): Failure {
  return {
    kind: "ended-early",
    what: "The server of this page no longer sends the stream on",
    where: href,
    next: "Check that the server runs, then start again.",
    cause,
  };
}

function notUnderstood({ href }: URL): Failure {
  return {
    kind: "refused-input",
    what: "The server of this page said something that is not understood",
    where: href,
    next: "Reload the page: page and server are probably of different versions.",
  };
}
