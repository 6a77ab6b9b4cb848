import { fail, reason, type Failure, type Result } from "../../core/failure.ts";
import type { Marker } from "../../core/marker/payload.ts";
import type { LumaPlane } from "../../core/marker/sample.kernel.ts";
import { noVideo } from "../../core/quality/video-facts.ts";
import { createFinder, type Finder } from "../frames/find.shared.ts";
import { createMarkerReader } from "../frames/read-marker.shared.ts";
import type { DecodeReport, DecodeRequest, MarkerReadingWish } from "./decode.protocol.ts";
import { createChange, type FeedVideo } from "./feed.shared.ts";
import { openWithFfmpeg } from "./ffmpeg-feed.shared.ts";
import { openWithWebCodecs } from "./webcodecs-feed.shared.ts";

type OpenRequest = Extract<DecodeRequest, { kind: "open" }>;
type DecodeOrder = Extract<DecodeRequest, { kind: "decode" }>;

/** Frames without a marker after which a video is taken to have none, where that is left to its first frames. */
const lookCount = 12;

let opened: { readonly request: OpenRequest; video: FeedVideo } | null = null;
const room = createChange();
let roomCount = 0;

function post(report: DecodeReport, transfer: Transferable[] = []): void {
  self.postMessage(report, { transfer });
}

/** What the browser can decode exactly; null where it cannot, for whatever reason: ffmpeg.wasm then says what is wrong. */
async function tryWebCodecs(file: File): Promise<FeedVideo | null> {
  try {
    return await openWithWebCodecs(file);
  } catch {
    return null;
  }
}

function notExact(where: string): Failure {
  return {
    kind: "unsupported",
    what: "decoding with WebCodecs",
    where,
    next: "This browser cannot decode it to the bit: let ffmpeg.wasm decode it.",
  };
}

async function openVideo({ file, choice, urls }: OpenRequest): Promise<Result<FeedVideo>> {
  const video = choice === "ffmpeg" ? null : await tryWebCodecs(file);
  if (video !== null) return { ok: true, value: video };
  return choice === "webcodecs" ? fail(notExact(file.name)) : openWithFfmpeg(file, urls);
}

async function open(request: OpenRequest): Promise<void> {
  const video = await openVideo(request);
  if (video.ok) opened = { request, video: video.value };
  post({
    kind: "opened",
    facts: video.ok ? { ok: true, value: video.value.facts } : video,
    decoder: video.ok ? video.value.decoder : "",
  });
}

/** Reads the marker of frame after frame, as far as it is wished. */
async function createReading(
  wish: MarkerReadingWish,
  finderUrl: string,
): Promise<(luma: LumaPlane) => Promise<Marker | null>> {
  let missCount = 0;
  let isWished = wish !== "never";
  const finder: Finder | null = isWished ? await createFinder({ url: finderUrl }) : null;
  const reader = createMarkerReader({ find: () => finder, nowMs: () => performance.now() });
  return async (plane) => {
    if (!isWished) return null;
    const reading = await reader.read({
      widthPx: plane.widthPx,
      heightPx: plane.heightPx,
      luma: ({ xPx, yPx, widthPx, heightPx }) => {
        const { strideBytes } = plane;
        const data = plane.data.subarray(yPx * strideBytes + xPx);
        return Promise.resolve({ data, widthPx, heightPx, strideBytes });
      },
    });
    if (reading.read) {
      missCount = Number.NEGATIVE_INFINITY;
      return reading.marker;
    }
    missCount += 1;
    isWished = wish === "always" || missCount < lookCount;
    return null;
  };
}

/** Frames from one decoder, and from the other where the first gives up on the way. */
async function* takeFrames(order: DecodeOrder, notes: string[]): AsyncGenerator<LumaPlane> {
  if (opened === null) throw new Error("nothing was opened");
  const { request } = opened;
  const { name } = request.file;
  let feed = opened.video.decode(order.target);
  let givenCount = 0;
  let isSecond = !opened.video.decoder.startsWith("WebCodecs") || request.choice === "webcodecs";
  for (;;) {
    let luma: LumaPlane | null;
    try {
      luma = await feed.next();
    } catch (thrown) {
      if (isSecond) throw thrown;
      isSecond = true;
      const other = await openWithFfmpeg(request.file, request.urls);
      if (!other.ok) throw thrown;
      opened.video.close();
      opened.video = other.value;
      notes.push(
        `${name}: WebCodecs gave up at frame ${givenCount} (${reason(thrown)}); ffmpeg.wasm went on`,
      );
      post({ kind: "decoder", decoder: `WebCodecs, then ${other.value.decoder}` });
      feed = other.value.decode(order.target);
      for (let index = 0; index < givenCount; index += 1) await feed.next();
      continue;
    }
    if (luma === null) break;
    givenCount += 1;
    yield luma;
  }
  const [first] = feed.complaints();
  if (first !== undefined) {
    notes.push(`${name}: the file is damaged; ${givenCount} frames could be decoded (${first.trim()})`);
  }
}

async function decode(order: DecodeOrder): Promise<void> {
  const notes: string[] = [];
  let index = 0;
  let failure: Failure | null = null;
  const where = opened?.request.file.name ?? "";
  roomCount += order.roomCount;
  try {
    const read = await createReading(order.markers, opened?.request.urls.finderWasm ?? "");
    for await (const luma of takeFrames(order, notes)) {
      const marker = await read(luma);
      await room.until(() => roomCount > 0);
      roomCount -= 1;
      post({ kind: "frame", frame: { index, luma, marker } }, [luma.data.buffer as ArrayBuffer]);
      index += 1;
    }
    if (index === 0) failure = noVideo(where, false, notes.join(" "));
  } catch (thrown) {
    const next = "What could be decoded before that is scored; choose a whole file for the rest.";
    failure = { kind: "ended-early", what: "decoding the video", where, next, cause: reason(thrown) };
  }
  post({ kind: "end", failure, notes });
}

// A promise that fails unheard would leave a page that waits for ever; thrown here, it reaches the page as a crash.
self.onunhandledrejection = (event): void => {
  throw event.reason;
};

self.onmessage = ({ data }: MessageEvent<DecodeRequest>): void => {
  switch (data.kind) {
    case "open":
      void open(data);
      return;
    case "decode":
      void decode(data);
      return;
    case "more":
      roomCount += 1;
      room.happened();
  }
};
