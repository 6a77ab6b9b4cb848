import type { ReactNode } from "react";

import { createTimeline } from "../../core/timeline/timeline.ts";
import type { ReceiverAutomation } from "../../core/wire/automation.ts";
import { readReceiverSetup, receiverDefaults, writeReceiverSetup } from "../../core/wire/receiver-setup.ts";
import { createFrameReader } from "../../media/frames/create-reader.ts";
import { scanJoin } from "../../media/frames/scan.ts";
import { wayFor } from "../../media/play/ways.ts";
import { createObservationLog } from "../../media/record/observation-log.ts";
import { showInAddress, startInAddress } from "../parts/address.ts";
import { every, pageNowMs } from "../parts/browser.ts";
import { lackOf, thisBrowser } from "../parts/capability.ts";
import { createReceiverAutomation } from "./receiver-automation.ts";
import { createReceiver, type Receiver } from "./receiver-store.ts";
import { ReceiverPage } from "./ReceiverPage.tsx";
import { createOpenSession } from "./session.ts";

/** Makes the receiver tab as its address asks. */
export function openReceiverTab(): { readonly page: ReactNode; readonly automation: ReceiverAutomation } {
  document.title = "Receive · Streamgauge";
  const openSession = createOpenSession({
    wayFor,
    createReader: createFrameReader,
    createTimeline,
    createLog: createObservationLog,
    nowMs: pageNowMs,
    timeOriginMs: performance.timeOrigin,
    every,
  });
  const read = readReceiverSetup(location.search);
  const { receiver, ready } = withReady(
    createReceiver({ openSession, every }, read.ok ? read.value : receiverDefaults),
  );
  const lack = lackOf("receiver", thisBrowser());
  if (!read.ok) receiver.refuse(read.failure);
  else if (lack !== null) receiver.refuse(lack);
  else if (read.value.start) void startWhen(ready, receiver);
  followInAddress(receiver, read.ok && read.value.start);
  return {
    page: <ReceiverPage receiver={receiver} scanJoin={scanJoin} />,
    automation: createReceiverAutomation(receiver, ready),
  };
}

/** The receiver is ready once the page has given it its video element. */
function withReady(receiver: Receiver): { readonly receiver: Receiver; readonly ready: Promise<void> } {
  let settle: (() => void) | null = null;
  const ready = new Promise<void>((resolve) => {
    settle = resolve;
  });
  const attach = (video: HTMLVideoElement) => {
    receiver.attach(video);
    settle?.();
  };
  return { receiver: { ...receiver, attach }, ready };
}

async function startWhen(ready: Promise<void>, receiver: Receiver): Promise<void> {
  await ready;
  await receiver.start();
}

function followInAddress(receiver: Receiver, startedByAddress: boolean): void {
  let start = startedByAddress;
  receiver.store.subscribe((state, before) => {
    if (state.phase === before.phase && state.setup === before.setup) return;
    start = startInAddress(state.phase, start);
    showInAddress(writeReceiverSetup({ ...state.setup, start }));
  });
}
