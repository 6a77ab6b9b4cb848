import type { FrameItem } from "../../core/record/item.ts";
import { createGiver, type Giver } from "./intake.shared.ts";
import type { TapNews, TapOptions, TapRequest } from "./tap.protocol.ts";

/** Metadata as browsers give it, of which TypeScript's library knows a part (W3C webrtc-encoded-transform). */
type Metadata = {
  readonly mimeType?: string;
  readonly payloadType?: number;
  readonly rtpTimestamp?: number;
  readonly width?: number;
  readonly height?: number;
};

/** Asks the sender for a key frame; the method is in browsers, but not in TypeScript's library. */
type KeyFrameAsker = { readonly sendKeyFrameRequest?: () => Promise<unknown> };

let giver: Giver | null = null;
let mimeTypes: ReadonlyMap<number, string> = new Map();
let skippedCount = 0;
let isTaking = false;
let newest: RTCRtpScriptTransformer | null = null;

function askForKey(): void {
  // Refused only while the track is not yet, or no more, received: it is asked for again.
  void (newest as KeyFrameAsker | null)?.sendKeyFrameRequest?.().catch(() => undefined);
}

function positive(side: number | undefined): number | null {
  return side === undefined || side <= 0 ? null : side;
}

function tell(news: TapNews): void {
  self.postMessage(news);
}

function itemOf(frame: RTCEncodedVideoFrame, linkNumber: number): FrameItem | null {
  const { mimeType, payloadType, rtpTimestamp, width, height } = frame.getMetadata() as Metadata;
  const known = mimeType ?? mimeTypes.get(payloadType ?? -1);
  if (known === undefined) {
    tell({ kind: "codecs-wanted" });
    return null;
  }
  return {
    kind: "frame",
    mimeType: known,
    isKey: frame.type === "key",
    linkNumber,
    rtpTimestamp: rtpTimestamp ?? frame.timestamp,
    receivedAtUs: Math.round((performance.timeOrigin + performance.now()) * 1000),
    widthPx: positive(width),
    heightPx: positive(height),
    skippedCount,
  };
}

async function pass({ readable, writable, options }: RTCRtpScriptTransformer): Promise<void> {
  const { linkNumber } = options as TapOptions;
  const frames = (readable as ReadableStream<RTCEncodedVideoFrame>).getReader();
  const onward = (writable as WritableStream<RTCEncodedVideoFrame>).getWriter();
  for (;;) {
    const { value: frame, done } = await frames.read();
    if (done) return;
    const item = giver === null ? null : itemOf(frame, linkNumber);
    // The decoder comes first; what is written to it is given away, so the copy is made before.
    const bytes = item === null ? null : frame.data.slice(0);
    await onward.write(frame);
    if (item === null || bytes === null || giver === null) continue;
    if (!isTaking) tell({ kind: "taking" });
    isTaking = true;
    skippedCount = giver.give(item, bytes) ? 0 : skippedCount + 1;
  }
}

self.onrtctransform = ({ transformer }): void => {
  newest = transformer;
  // Ends with an error when the connection is closed, which the page knows from the connection.
  void pass(transformer).catch(() => undefined);
};

self.onmessage = ({ data }: MessageEvent<TapRequest>): void => {
  if (data.kind === "port") giver = createGiver(data.port, askForKey);
  else mimeTypes = new Map(data.codecs.map(({ payloadType, mimeType }) => [payloadType, mimeType]));
};
