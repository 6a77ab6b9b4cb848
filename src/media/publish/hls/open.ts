import { fail, reason, succeed, type Failure, type Result } from "../../../core/failure.ts";
import type { SenderSetup } from "../../../core/wire/setup.ts";
import type { PictureSource } from "../../draw/source.ts";
import { publishFacts } from "../../link/facts.ts";
import { realTimers } from "../../link/timers.ts";
import { startEncoding, type Encoding } from "../encode/encode.ts";
import type { EncoderSample, Publish, Publishing } from "../way.ts";
import { openOwnOrigin, openTemplate, type Destination, type SignS3 } from "./destination.ts";
import { lingerMs, openLine, shut, type Line } from "./line.ts";
import { createLingering } from "./linger.ts";
import { planHls, shapeOf, type HlsPlan } from "./plan.ts";
import { toRungRates, toSample, type RateCounts } from "./rates.ts";
import { claimStreamToken, type StreamToken } from "./stream-token.ts";

const browserFetch = (url: string, init: RequestInit): Promise<Response> => fetch(url, init);

const lingering = createLingering(realTimers);

/** Encodes the pictures and publishes them as HLS, with parts where asked; resolves when the first can be played. */
export const publishHls: Publish = async (source, setup, facts, listener, signal) => {
  signal.throwIfAborted();
  const planned = planHls(setup);
  if (!planned.ok) return planned;
  const plan = planned.value;
  const place = await openPlace(setup, plan, signal);
  if (!place.ok) return place;
  const { destination, token, key } = place.value;
  let line: Line | null = null;
  try {
    line = await openLine(
      {
        setup,
        plan,
        destination,
        fetch: browserFetch,
        onOutlet: listener.onOutlet,
        onShut: (ended) => lingering.leave(key, { destination, token, ended, afterMs: lingerMs(plan) }),
      },
      signal,
    );
    const live = await begin(line, source, plan, () => publishFacts(facts), signal);
    return live.ok ? succeed(publishingOf(line, setup, plan)) : live;
  } catch (aborted) {
    if (line === null) destination.close();
    else shut(line, null);
    throw aborted;
  }
};

/** Encodes into the line; resolves when viewers can come or with why they cannot. Abort rejects. */
async function begin(
  line: Line,
  source: PictureSource,
  plan: HlsPlan,
  tellFacts: () => () => void,
  signal: AbortSignal,
): Promise<Result<null>> {
  const encoding = await startEncoding(source, plan.encode, line.publisher.take, signal);
  if (!encoding.ok) {
    shut(line, encoding.failure);
    return encoding;
  }
  line.encoding = encoding.value;
  line.stopFacts = tellFacts();
  void endWith(line, encoding.value);
  const abort = (): void => shut(line, null);
  signal.addEventListener("abort", abort, { once: true });
  const live = await line.live.promise;
  signal.removeEventListener("abort", abort);
  signal.throwIfAborted();
  return live;
}

async function endWith(line: Line, encoding: Encoding): Promise<void> {
  shut(line, await encoding.ended);
}

type Place = { readonly destination: Destination; readonly token: StreamToken | null; readonly key: string };

/** Where the stream goes; one that ended on this page a moment ago is taken up again. */
async function openPlace(setup: SenderSetup, plan: HlsPlan, signal: AbortSignal): Promise<Result<Place>> {
  if (setup.putUrl !== "") {
    const sign = await loadSigner(setup);
    if (!sign.ok) return sign;
    signal.throwIfAborted();
    await lingering.takeBack(setup.putUrl);
    signal.throwIfAborted();
    const destination = openTemplate(setup, browserFetch, sign.value);
    return succeed({ destination, token: null, key: setup.putUrl });
  }
  const key = shapeOf(plan);
  const token =
    (await lingering.takeBack(key)) ?? (await claimStreamToken(sessionStorage, navigator.locks, key));
  try {
    const opened = await openOwnOrigin(token, browserFetch, location.href, signal);
    if (opened.ok) return succeed({ destination: opened.value, token, key });
    token.release();
    return opened;
  } catch (aborted) {
    token.release();
    throw aborted;
  }
}

/** What signs for S3; null where nothing is signed. */
async function loadSigner(setup: SenderSetup): Promise<Result<SignS3 | null>> {
  if (setup.s3KeyId === "") return succeed(null);
  if (setup.s3Secret === "") return fail(noSecret);
  try {
    const { createS3Signer } = await import("./s3.ts");
    return succeed(createS3Signer(setup));
  } catch (error) {
    return fail({
      kind: "unreachable",
      what: "Loading what signs for S3",
      where: "this page's server",
      next: "See that the server runs, and start again.",
      cause: reason(error),
    });
  }
}

const noSecret: Failure = {
  kind: "refused-input",
  what: "Signing for S3",
  where: "the secret access key",
  next: "Give the secret access key that belongs to the key id, or leave the key id empty where nothing is to be signed.",
};

function publishingOf(line: Line, setup: SenderSetup, { rungs }: HlsPlan): Publishing {
  let before: RateCounts | null = null;
  const sample = (): EncoderSample => {
    const { encoding, publisher } = line;
    if (encoding === null) return {};
    const now = { atMs: realTimers.nowMs(), encode: encoding.counts(), put: publisher.counts() };
    const rates = toSample(before, now);
    const rungRates = rungs.length > 1 ? toRungRates(rungs, before, now) : [];
    before = now;
    const codec = encoding.codecs[0];
    return {
      ...rates,
      rungs: rungRates,
      ...(codec === undefined ? {} : { codec }),
      widthPx: setup.widthPx,
      heightPx: setup.heightPx,
    };
  };
  return { ended: line.ended.promise, close: () => shut(line, null), sample: async () => sample() };
}
