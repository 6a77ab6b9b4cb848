import type { Page } from "playwright";

import { fail, reason, type Failure, type Result } from "../../core/failure.ts";
import type { Observation } from "../../core/timeline/observation.ts";
import type {
  Automation,
  ReceiverAutomation,
  SenderAutomation,
  SenderSnapshot,
  StreamReport,
} from "../../core/wire/automation.ts";
import type { ReceiverSetup } from "../../core/wire/receiver-setup.ts";
import type { SenderSetup } from "../../core/wire/setup.ts";
import { answered, answerWithinMs, type PageTrouble } from "./answered.ts";
import { firstLine } from "./launch.ts";

/** The page's own face for scripts, as it stands in the page. */
type InPage = { readonly streamgauge?: Automation };

function isTrouble(thrown: unknown): thrown is PageTrouble {
  return typeof thrown === "object" && thrown !== null && "failure" in thrown;
}

/** The failure behind whatever driving a page has thrown. */
export function troubleOf(thrown: unknown): Failure {
  if (isTrouble(thrown)) return thrown.failure;
  return {
    kind: "ended-early",
    what: "Measuring",
    where: "the browser or its page broke",
    next: "The run is tried again as the plan says. If it goes on, look at the machine's memory and load.",
    cause: firstLine(reason(thrown)),
  };
}

/** Opens a page of the instrument; resolves when it can be driven, or with why not. */
export async function openTab(page: Page, address: string): Promise<Result<null>> {
  try {
    await page.goto(address, { timeout: answerWithinMs, waitUntil: "load" });
    await page.waitForFunction(() => (globalThis as InPage).streamgauge !== undefined, null, {
      timeout: answerWithinMs,
    });
    await answered(
      page.evaluate(() => (globalThis as InPage).streamgauge?.ready()),
      answerWithinMs,
      address,
    );
    return { ok: true, value: null };
  } catch (error) {
    return fail({
      kind: "unreachable",
      what: "Opening the instrument's page",
      where: address,
      next: "Look whether a Streamgauge server of this version answers there.",
      cause: firstLine(reason(error)),
    });
  }
}

/** Starts sending. What `start` promises stands in core/wire/automation.ts. */
export function startSending(
  page: Page,
  setup: SenderSetup,
  limitMs: number,
): ReturnType<SenderAutomation["start"]> {
  const asked = page.evaluate(
    (given) => ((globalThis as InPage).streamgauge as SenderAutomation).start(given),
    setup,
  );
  return answered(asked, limitMs, "the sender's page");
}

/** What the sender is doing. */
export function senderState(page: Page): Promise<SenderSnapshot> {
  const asked = page.evaluate(() => ((globalThis as InPage).streamgauge as SenderAutomation).snapshot());
  return answered(asked, answerWithinMs, "the sender's page");
}

/** Starts measuring; resolves with success once the first frame is displayed, or with why it was refused. */
export function startMeasuring(
  page: Page,
  setup: ReceiverSetup,
  limitMs: number,
): ReturnType<ReceiverAutomation["start"]> {
  const asked = page.evaluate(
    (given) => ((globalThis as InPage).streamgauge as ReceiverAutomation).start(given),
    setup,
  );
  return answered(asked, limitMs, "the receiver's page");
}

/** Measures afresh from now on. */
export function resetMeasures(page: Page): Promise<void> {
  const asked = page.evaluate(() => ((globalThis as InPage).streamgauge as ReceiverAutomation).reset());
  return answered(asked, answerWithinMs, "the receiver's page");
}

/** What a receiver's page has to tell since it was last asked. */
export type Reading = {
  readonly report: StreamReport;
  readonly observations: readonly Observation[];
};

/** Reads the page's stream and its observations from the index `since` on. */
export function readStream(page: Page, since: number): Promise<Reading | null> {
  const asked = page.evaluate(async (from) => {
    const face = (globalThis as InPage).streamgauge as ReceiverAutomation;
    const observations = await face.observations({ since: from });
    const [report] = face.streams();
    return report === undefined ? null : { report, observations };
  }, since);
  return answered(asked, answerWithinMs, "the receiver's page");
}
