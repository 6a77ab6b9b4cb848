import { succeed, type Result } from "../failure.ts";
import type { PictureSize } from "../marker/layout.ts";
import type { Marker } from "../marker/payload.ts";
import type { LumaPlane } from "../marker/sample.kernel.ts";
import type { Steps } from "../steps.ts";
import type { FrameFeatures } from "./frame-features.ts";
import { createSequenceScorer, type SequenceScorer } from "./frame-scorer.ts";
import type { Kernels } from "./kernels.ts";
import { createPacer, type Pacer } from "./pacer.ts";
import { referenceMakerSteps, type ReferenceMaker, type SceneReference } from "./reference.ts";
import { createScaler, scaleLabel, type Scaler } from "./scale.ts";
import type { KernelKind, References, ScoreAnswer, ScoreRequest } from "./score-request.ts";

/** What a scorer of requests is made of. */
export type FramesScorerParts = {
  /** Makes an instance of the kernels; one per picture size. */
  readonly load: () => Promise<Kernels>;
  readonly kernels: KernelKind;
  readonly nowMs: () => number;
  /** Resolves so many ms later: for requests that may not take all of a core. Without it they do. */
  readonly rest?: (restMs: number) => Promise<void>;
};

/** Answers requests one after the other; keeps what it can from one to the next. */
export type FramesScorer = (request: ScoreRequest) => Promise<Result<ScoreAnswer>>;

function sizeKey({ widthPx, heightPx }: PictureSize): string {
  return `${widthPx}x${heightPx}`;
}

/** Lines close together, as the kernels and the scaler take them. */
function pack({ data, widthPx, heightPx, strideBytes }: LumaPlane): Uint8Array {
  if (strideBytes === widthPx) return data.subarray(0, widthPx * heightPx);
  const packed = new Uint8Array(widthPx * heightPx);
  for (let line = 0; line < heightPx; line += 1) {
    const from = line * strideBytes;
    packed.set(data.subarray(from, from + widthPx), line * widthPx);
  }
  return packed;
}

/** Keeps the last thing made for a key, since requests come in long rows of the same. */
function keepLast<Value>(): (key: string, make: () => Value | Promise<Value>) => Promise<Value> {
  let held: { readonly key: string; readonly value: Value } | null = null;
  return async (key, make) => {
    if (held?.key !== key) held = { key, value: await make() };
    return held.value;
  };
}

/** References of a request as packed luma, painted only when their turn comes. */
type LumaSource = {
  readonly size: PictureSize;
  readonly before: (() => Uint8Array) | null;
  readonly frames: readonly (() => Uint8Array)[];
  readonly after: (() => Uint8Array) | null;
};

function take(plane: LumaPlane): () => Uint8Array {
  return () => pack(plane);
}

function fromPictures({ before, frames, after }: Extract<References, { kind: "pictures" }>): LumaSource {
  const [first] = frames;
  if (first === undefined) throw new Error("a request without frames");
  return {
    size: { widthPx: first.widthPx, heightPx: first.heightPx },
    before: before === null ? null : take(before),
    frames: frames.map(take),
    after: after === null ? null : take(after),
  };
}

function fromScene(
  { scene, before, frames, after }: Extract<References, { kind: "scene" }>,
  maker: ReferenceMaker,
): LumaSource {
  const paint = (marker: Marker): (() => Uint8Array) => {
    return () => maker.planes(marker).luma;
  };
  return {
    size: { widthPx: scene.widthPx, heightPx: scene.heightPx },
    before: before === null ? null : paint(before),
    frames: frames.map(paint),
    after: after === null ? null : paint(after),
  };
}

function makerKey({ scene, seed, ...size }: SceneReference): string {
  return `${scene} ${seed} ${sizeKey(size)}`;
}

/** Scores the whole request with one scorer; the neighbours are pushed as frames that were not received. */
function* scoreSteps(
  scorer: SequenceScorer,
  source: LumaSource,
  received: readonly (Uint8Array | null)[],
): Steps<readonly (FrameFeatures | null)[]> {
  scorer.finish();
  const answers: (FrameFeatures | null)[] = [];
  if (source.before !== null) scorer.push(source.before(), null);
  for (const [index, reference] of source.frames.entries()) {
    yield;
    const before = yield* scorer.pushSteps(reference(), received[index] ?? null);
    if (index > 0) answers.push(before);
  }
  yield;
  answers.push(source.after === null ? scorer.finish() : scorer.push(source.after(), null));
  scorer.finish();
  return answers;
}

/** Makes a scorer of requests, one at a time. It owns no memory outside and needs no closing. */
export function createFramesScorer({ load, kernels, nowMs, rest }: FramesScorerParts): FramesScorer {
  const scorers = keepLast<Result<SequenceScorer>>();
  const makers = keepLast<ReferenceMaker>();
  const scalers = keepLast<Scaler>();

  async function sourceOf(references: References, pacer: Pacer): Promise<LumaSource> {
    if (references.kind === "pictures") return fromPictures(references);
    const { scene } = references;
    return fromScene(references, await makers(makerKey(scene), () => pacer.run(referenceMakerSteps(scene))));
  }

  async function fit(plane: LumaPlane, size: PictureSize): Promise<Uint8Array> {
    if (sizeKey(plane) === sizeKey(size)) return pack(plane);
    const scaler = await scalers(`${sizeKey(plane)} ${sizeKey(size)}`, () => createScaler(plane, size));
    const target = new Uint8Array(size.widthPx * size.heightPx);
    scaler.scale(pack(plane), target);
    return target;
  }

  return async ({ references, received, withMsSsim, shareRatio = 1 }) => {
    const pacer = createPacer({ nowMs, rest: rest ?? null, shareRatio });
    const source = await sourceOf(references, pacer);
    const { size } = source;
    const scorer = await scorers(`${sizeKey(size)} ${withMsSsim}`, async () =>
      createSequenceScorer(await load(), { ...size, withMsSsim }),
    );
    if (!scorer.ok) return scorer;
    const fitted: (Uint8Array | null)[] = [];
    for (const plane of received) fitted.push(plane === null ? null : await fit(plane, size));
    const isScaled = received.some((plane) => plane !== null && sizeKey(plane) !== sizeKey(size));
    const frames = await pacer.run(scoreSteps(scorer.value, source, fitted));
    return succeed({
      frames,
      scaledBy: isScaled ? scaleLabel : null,
      tookMs: pacer.workedMs(),
      kernels,
    });
  };
}
