import * as v from "valibot";

import type { ClockOffset } from "../../core/clock/offset.ts";
import { fromServerSchema, maxSignalBytes } from "../../core/wire/signalling.ts";
import { createClockExchange } from "./clock-exchange.ts";
import { clockStepUs, pageEpochUs } from "./page-clock.shared.ts";
import { retryDelayMs } from "./retry.ts";
import type { Timers } from "./timers.ts";
import type { ConnectWire, Wire } from "./wire.ts";

/** A wire on which nothing was heard for so long is opened anew, ms; questions are asked every few seconds. */
const silenceMs = 20_000;

/** Options of a comparison with the server's clock. */
export type ServerClockOptions = {
  /** Opens the wire to `/ws/signal`, where clock questions are answered outside rooms too. */
  readonly connect: ConnectWire;
  readonly timers: Timers;
  /** 0 to below 1. */
  readonly random: () => number;
  /** This page's clock minus the server's, each time an answer has come. */
  readonly onOffset: (offset: ClockOffset) => void;
};

/** Compares this page's clock with its server's for as long as it is open, for pages that are in no room. */
export type ServerClock = {
  /** Null before the first answer. */
  readonly read: () => ClockOffset | null;
  readonly close: () => void;
};

const textSchema = v.pipe(v.string(), v.maxLength(maxSignalBytes), v.parseJson(), fromServerSchema);

/** Begins to compare at once; a lost wire is opened again by itself. Whoever made it closes it. */
export function openServerClock({ connect, timers, random, onOffset }: ServerClockOptions): ServerClock {
  let wire: Wire | null = null;
  let isOpen = false;
  let attempt = 0;
  let cancelTimer: (() => void) | null = null;
  const exchange = createClockExchange({
    nowUs: pageEpochUs,
    stepUs: clockStepUs(pageEpochUs),
    timers,
    ask: (t1Us) => {
      if (isOpen) wire?.send(JSON.stringify({ type: "clock", t1Us }));
      return isOpen;
    },
    onOffset,
  });
  const shut = (): void => {
    cancelTimer?.();
    isOpen = false;
    wire?.close();
  };
  const retryLater = (): void => {
    shut();
    cancelTimer = timers.after(retryDelayMs(attempt, random()), begin);
    attempt += 1;
  };
  const watchSilence = (): void => {
    cancelTimer?.();
    cancelTimer = timers.after(silenceMs, retryLater);
  };
  const begin = (): void => {
    watchSilence();
    wire = connect({
      onOpen: () => {
        isOpen = true;
        exchange.hurry();
      },
      onText: (text) => {
        watchSilence();
        const read = v.safeParse(textSchema, text);
        if (!read.success || read.output.type !== "clock") return;
        attempt = 0;
        exchange.answer(read.output);
      },
      onClose: retryLater,
    });
  };
  begin();
  return {
    read: exchange.read,
    close: () => {
      exchange.close();
      shut();
    },
  };
}
