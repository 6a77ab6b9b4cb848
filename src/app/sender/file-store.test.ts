import { describe, expect, it } from "vitest";

import { toSenderUs } from "../../core/clock/instants.ts";
import { succeed, type Failure } from "../../core/failure.ts";
import { senderDefaults } from "../../core/wire/setup.ts";
import type { RenderFile, RenderPlan } from "../../media/publish/file/render.ts";
import { createFileMaker } from "./file-store.ts";

const facts = { frameCount: 30, sizeBytes: 4, type: "video/mp4" };

/** A renderer that shows one step of progress and then waits for `finish`, or for the abort. */
function createSubject(file: File | null = null) {
  const plans: RenderPlan[] = [];
  const saved: string[] = [];
  let finish = (): void => undefined;
  const renderFile: RenderFile = (plan, onProgress, signal) => {
    plans.push(plan);
    onProgress({ doneCount: 3, frameCount: 30 });
    return new Promise((resolve, reject) => {
      finish = () => resolve(succeed({ blob: new Blob(["file"]), facts }));
      signal.addEventListener("abort", () => reject(signal.reason as Error));
    });
  };
  const maker = createFileMaker({
    renderFile,
    newRunNumber: () => 7,
    nowUs: () => toSenderUs(1_000_000),
    nowMs: () => 0,
    chosenFile: () => file,
    save: (_blob, name) => saved.push(name),
  });
  const phases: string[] = [];
  maker.store.subscribe(({ job }) => phases.push(job.phase));
  return { maker, plans, saved, phases, finish: () => finish() };
}

describe("a file", () => {
  it("is rendered of the setup as it stands, and saved by a name that tells its run", async () => {
    const { maker, plans, saved, finish } = createSubject();
    maker.choose({ kind: "webm", durationS: 3 });
    const rendering = maker.render({ ...senderDefaults, codec: "h264", seed: 5 });
    expect(maker.store.getState().job).toMatchObject({ progress: { doneCount: 3 } });
    finish();
    await rendering;
    maker.save();
    expect(plans[0]).toMatchObject({ codec: "vp9", pictures: { from: "builtin", seed: 5 }, durationS: 3 });
    expect(saved).toEqual(["marked-7-1280x720.webm"]);
  });

  it("that is cancelled is forgotten", async () => {
    const { maker, saved } = createSubject();
    const rendering = maker.render(senderDefaults);
    maker.cancel();
    await rendering;
    maker.save();
    expect(maker.store.getState().job.phase).toBe("idle");
    expect(saved).toEqual([]);
  });

  it("has the user's own video under the marker where that is the scene", async () => {
    const video = new File(["video"], "own.mp4");
    const { maker, plans, finish } = createSubject(video);
    const rendering = maker.render({ ...senderDefaults, scene: "file" });
    finish();
    await rendering;
    expect(plans[0]?.pictures).toEqual({ from: "video", video });
  });

  it.each(["camera", "screen", "file"] as const)("of the scene %s is refused in words", async (scene) => {
    const { maker } = createSubject();
    await maker.render({ ...senderDefaults, scene });
    const { job } = maker.store.getState();
    expect((job as { readonly failure: Failure }).failure.kind).toBe("refused-input");
  });
});
