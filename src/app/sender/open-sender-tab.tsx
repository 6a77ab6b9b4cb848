import type { ReactNode } from "react";

import { epochUsOf, toSenderUs } from "../../core/clock/instants.ts";
import type { SenderAutomation } from "../../core/wire/automation.ts";
import { senderDefaults } from "../../core/wire/setup.ts";
import { openPictures } from "../../media/draw/open.ts";
import { renderFile } from "../../media/publish/file/render.ts";
import { publishWays } from "../../media/publish/ways.ts";
import { showInAddress, startInAddress } from "../parts/address.ts";
import { every, pageNowMs } from "../parts/browser.ts";
import { lackOf, thisBrowser } from "../parts/capability.ts";
import { saveBlob } from "../parts/save.ts";
import { createFileMaker } from "./file-store.ts";
import { keepSetup, readKept } from "./kept-setup.ts";
import { createSenderAutomation } from "./sender-automation.ts";
import { createSender, type Sender, type SenderAdapters } from "./sender-store.ts";
import { SenderPage } from "./SenderPage.tsx";
import { toReceiverLink } from "./view.ts";

/** Greatest run number that a marker can carry. */
const greatestRunNumber = 999_999;

const adapters: SenderAdapters = {
  openPictures,
  loadPublish: async (via) => (await publishWays.find((way) => way.id === via)?.load()) ?? null,
  newRunNumber: () => 1 + ((crypto.getRandomValues(new Uint32Array(1))[0] ?? 0) % greatestRunNumber),
  forgetRoom: async () => (await import("../../media/link/own-room.ts")).forgetRoom(),
  nowUs: () => toSenderUs(epochUsOf(pageNowMs(), performance.timeOrigin)),
  every,
  linkFor: (viewed) => toReceiverLink(location.origin, viewed),
};

/** Makes the sender tab as its address asks. */
export function openSenderTab(): { readonly page: ReactNode; readonly automation: SenderAutomation } {
  document.title = "Send · Streamgauge";
  const read = readKept(location.search, sessionStorage);
  const sender = createSender(adapters, read.ok ? read.value : senderDefaults);
  const { newRunNumber, nowUs } = adapters;
  const files = createFileMaker({
    renderFile,
    newRunNumber,
    nowUs,
    nowMs: pageNowMs,
    chosenFile: sender.chosenFile,
    save: saveBlob,
  });
  const lack = lackOf("sender", thisBrowser());
  if (!read.ok) sender.refuse(read.failure);
  else if (lack !== null) sender.refuse(lack);
  else if (read.value.start) void sender.start();
  else sender.configure({});
  // Loaded ahead, so that a start waits for nothing; where that fails, the start says so.
  adapters.loadPublish(sender.store.getState().doing.setup.via).catch(() => null);
  followInAddress(sender, read.ok && read.value.start);
  return {
    page: <SenderPage files={files} sender={sender} ways={publishWays} />,
    automation: createSenderAutomation(sender, Promise.resolve()),
  };
}

function followInAddress(sender: Sender, startedByAddress: boolean): void {
  let start = startedByAddress;
  sender.store.subscribe(({ doing }, before) => {
    if (doing.phase === before.doing.phase && doing.setup === before.doing.setup) return;
    start = startInAddress(doing.phase, start);
    showInAddress(keepSetup({ ...doing.setup, start }, sessionStorage));
  });
}
