import { succeed } from "../../core/failure.ts";
import type { Timers } from "../link/timers.ts";
import type { CreatePeerLink, PeerLink, PeerLinkOptions, PeerLinkState } from "./peer.ts";

/** A network on which any number of fake links find each other by the words of their offers and answers. */
export type FakePeerNetwork = {
  readonly create: CreatePeerLink;
  /** One way, ms, from now on. */
  readonly setDelayMs: (delayMs: number) => void;
  /** Share of datagrams that are lost from now on, 0..1, spread evenly. Texts are never lost. */
  readonly setLossRatio: (lossRatio: number) => void;
  /** Nothing passes until healed; links are told that they are interrupted. */
  readonly cut: () => void;
  readonly heal: () => void;
  /** Closes every link at both ends, as a failed connection does. */
  readonly breakAll: (why: string) => void;
  /** What receiving ends answer from now on instead of the words that join; null: those again. */
  readonly setAnswer: (sdp: string | null) => void;
  readonly openCount: () => number;
};

type End = { readonly options: PeerLinkOptions; state: PeerLinkState["state"]; other: End | null };

type Net = {
  delayMs: number;
  lossRatio: number;
  lossDebt: number;
  isCut: boolean;
  answer: string | null;
  ends: readonly End[];
};

/** Makes a network; links connect one round trip after the answer. Tracks are those that the sending ends were given. */
export function createFakePeerNetwork(timers: Timers, stream: MediaStream): FakePeerNetwork {
  const net: Net = { delayMs: 5, lossRatio: 0, lossDebt: 0, isCut: false, answer: null, ends: [] };
  const tellAll = (state: PeerLinkState): void => {
    for (const end of net.ends.filter((other) => other.state !== "closed" && other.other !== null)) {
      change(end, state);
    }
  };
  return {
    create: (options) => succeed(createEnd(net, timers, stream, options)),
    setDelayMs: (delayMs) => {
      net.delayMs = delayMs;
    },
    setLossRatio: (lossRatio) => {
      net.lossRatio = lossRatio;
    },
    cut: () => {
      net.isCut = true;
      tellAll({ state: "interrupted" });
    },
    heal: () => {
      net.isCut = false;
      tellAll({ state: "connected" });
    },
    setAnswer: (sdp) => {
      net.answer = sdp;
    },
    breakAll: (why) => tellAll({ state: "closed", why }),
    openCount: () => net.ends.filter(({ state }) => state !== "closed").length,
  };
}

function change(end: End, state: PeerLinkState): void {
  if (end.state === "closed") return;
  end.state = state.state;
  end.options.listener.onState(state);
}

function createEnd(net: Net, timers: Timers, stream: MediaStream, options: PeerLinkOptions): PeerLink {
  const end: End = { options, state: "connecting", other: null };
  net.ends = [...net.ends, end];
  const index = net.ends.length - 1;
  if (options.role.kind === "send") {
    timers.after(0, () => {
      if (end.state !== "closed") options.listener.onSignal({ type: "offer", sdp: `fake ${index}` });
    });
  }
  const carry = (kind: "onText" | "onDatagram", text: string): boolean => {
    const { other } = end;
    if (end.state === "closed" || other === null) return false;
    timers.after(net.delayMs, () => {
      if (!net.isCut && other.state !== "closed") other.options.listener[kind](text);
    });
    return true;
  };
  return {
    signal: (data) => {
      if (data.type === "offer") {
        const other = net.ends[Number(data.sdp.slice(5))];
        if (other === undefined || other.state === "closed") return;
        options.listener.onSignal({ type: "answer", sdp: net.answer ?? `fake ${index}` });
        if (net.answer !== null) return;
        timers.after(2 * net.delayMs, () => join(end, other, stream));
      }
    },
    sendText: (text) => carry("onText", text),
    sendDatagram: (text) => {
      net.lossDebt += net.lossRatio;
      if (net.lossDebt >= 1) {
        net.lossDebt -= 1;
        return true;
      }
      return carry("onDatagram", text);
    },
    stats: () => Promise.resolve([]),
    restartIce: () => undefined,
    close: () => {
      const { other } = end;
      change(end, { state: "closed", why: "closed here" });
      if (other !== null && !net.isCut) {
        timers.after(net.delayMs, () =>
          change(other, { state: "closed", why: "the other side closed the connection" }),
        );
      }
    },
  };
}

function join(receiver: End, sender: End, stream: MediaStream): void {
  if (receiver.state === "closed" || sender.state === "closed") return;
  receiver.other = sender;
  sender.other = receiver;
  if (sender.options.role.kind === "send") {
    receiver.options.listener.onTrack(sender.options.role.track, stream);
  }
  change(sender, { state: "connected" });
  change(receiver, { state: "connected" });
}
