import { createStore, type StoreApi } from "zustand/vanilla";

import type { SenderUs } from "../../core/clock/instants.ts";
import { fail, succeed, type Failure, type Result } from "../../core/failure.ts";
import type { SenderSetup } from "../../core/wire/setup.ts";
import {
  codecIn,
  type FileKind,
  type RenderFacts,
  type RenderFile,
  type RenderPlan,
  type RenderProgress,
} from "../../media/publish/file/render.ts";

/** What a file is to be. */
export type FileChoice = {
  readonly kind: FileKind;
  /** 1 to 3600; a shorter video ends it earlier. */
  readonly durationS: number;
};

/** What is being done about a file. */
export type FileJob =
  | { readonly phase: "idle" }
  | { readonly phase: "rendering"; readonly progress: RenderProgress | null }
  | {
      readonly phase: "done";
      readonly name: string;
      readonly blob: Blob;
      readonly facts: RenderFacts;
      readonly runNumber: number;
      readonly tookS: number;
    }
  | { readonly phase: "failed"; readonly failure: Failure };

/** What the file card shows. */
export type FileState = { readonly choice: FileChoice; readonly job: FileJob };

/** What rendering needs from the browser. */
export type FileAdapters = {
  readonly renderFile: RenderFile;
  readonly newRunNumber: () => number;
  readonly nowUs: () => SenderUs;
  readonly nowMs: () => number;
  /** The user's own video, where one was chosen. */
  readonly chosenFile: () => File | null;
  readonly save: (blob: Blob, name: string) => void;
};

/** Makes marked files out of a sender's setup. Actions never reject; failures are in the state. */
export type FileMaker = {
  readonly store: StoreApi<FileState>;
  readonly choose: (change: Partial<FileChoice>) => void;
  /** Resolves when the file is there, refused or given up. */
  readonly render: (setup: SenderSetup) => Promise<void>;
  readonly cancel: () => void;
  /** Hands the file that was made to the user. */
  readonly save: () => void;
};

/** Makes a maker of files. */
export function createFileMaker(adapters: FileAdapters): FileMaker {
  const store = createStore<FileState>(() => ({
    choice: { kind: "mp4", durationS: 10 },
    job: { phase: "idle" },
  }));
  let running = new AbortController();
  const show = (job: FileJob) => store.setState({ job });
  const cancel = () => {
    running.abort(new Error("rendering was cancelled"));
    show({ phase: "idle" });
  };
  const render = async (setup: SenderSetup): Promise<void> => {
    cancel();
    const { signal } = (running = new AbortController());
    const { choice } = store.getState();
    const plan = toRenderPlan(setup, choice, adapters);
    if (!plan.ok) return show({ phase: "failed", failure: plan.failure });
    const beganMs = adapters.nowMs();
    show({ phase: "rendering", progress: null });
    try {
      const onProgress = (progress: RenderProgress) => {
        if (!signal.aborted) show({ phase: "rendering", progress });
      };
      const rendered = await adapters.renderFile(plan.value, onProgress, signal);
      if (!rendered.ok) return show({ phase: "failed", failure: rendered.failure });
      const tookS = (adapters.nowMs() - beganMs) / 1000;
      const { runNumber } = plan.value;
      const name = `marked-${runNumber}-${plan.value.widthPx}x${plan.value.heightPx}.${choice.kind}`;
      return show({ phase: "done", name, runNumber, tookS, ...rendered.value });
    } catch (error) {
      if (!signal.aborted) throw error;
      return undefined;
    }
  };
  return {
    store,
    render,
    cancel,
    choose: (change) => store.setState(({ choice }) => ({ choice: { ...choice, ...change } })),
    save: () => {
      const { job } = store.getState();
      if (job.phase === "done") adapters.save(job.blob, job.name);
    },
  };
}

function toRenderPlan(
  setup: SenderSetup,
  { kind, durationS }: FileChoice,
  { chosenFile, newRunNumber, nowUs }: FileAdapters,
): Result<RenderPlan> {
  const pictures = toPictures(setup, chosenFile());
  if (!pictures.ok) return pictures;
  const { widthPx, heightPx, fps, bitrateKbps } = setup;
  return succeed({
    kind,
    codec: codecIn(kind, setup.codec),
    pictures: pictures.value,
    widthPx,
    heightPx,
    fps,
    bitrateKbps,
    runNumber: newRunNumber(),
    durationS,
    startUs: nowUs(),
  });
}

function toPictures({ scene, seed }: SenderSetup, video: File | null): Result<RenderPlan["pictures"]> {
  if (scene === "builtin" || scene === "marker") return succeed({ from: scene, seed });
  if (scene !== "file") return fail(notRendered);
  return video === null ? fail(noFile) : succeed({ from: "video", video });
}

const what = "Rendering a file";

const notRendered: Failure = {
  kind: "refused-input",
  what,
  where: "the scene",
  next: "Choose the built-in scene, the marker alone or a video file: a camera and a screen come at their own pace, and can only be sent.",
};

const noFile: Failure = {
  kind: "refused-input",
  what,
  where: "the scene's file",
  next: "Choose a video file, then render.",
};
