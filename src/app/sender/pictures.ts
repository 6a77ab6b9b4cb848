import { fail, succeed, type Failure, type Result } from "../../core/failure.ts";
import type { SenderSetup } from "../../core/wire/setup.ts";
import type { OpenPictures, PictureSource } from "../../media/draw/source.ts";

/** The pictures shown on the page: none asked for, being opened, live, or why there are none. */
export type Preview =
  | { readonly kind: "none" }
  | { readonly kind: "opening" }
  | { readonly kind: "live"; readonly source: PictureSource }
  | { readonly kind: "failed"; readonly failure: Failure };

/** Keeps the one open picture source: opens it when asked for another, closes the one before. */
export type Pictures = {
  /** The open source if it suits the setup, else a new one. */
  readonly open: (setup: SenderSetup) => Promise<Result<PictureSource>>;
  /** Opens what needs nobody's leave (drawn scenes) and closes anything else, so that a changed setup is seen at once. */
  readonly openUnasked: (setup: SenderSetup) => void;
  /** The file to play where the scene is `file`. */
  readonly chooseFile: (file: File) => void;
  /** The file that was chosen last; null before. */
  readonly chosenFile: () => File | null;
  readonly close: () => void;
};

/** What opening pictures needs. */
export type PictureAdapters = {
  readonly openPictures: OpenPictures;
  /** A fresh run number, 0 to 999999. */
  readonly newRunNumber: () => number;
};

/** What the pictures depend on: the same text means that open pictures can be kept. */
function pictureKey(setup: SenderSetup, file: File | null): string {
  const fileKey = setup.scene === "file" ? `${file?.name}:${file?.size}:${file?.lastModified}` : "";
  return [setup.scene, setup.seed, setup.widthPx, setup.heightPx, setup.fps, setup.holdMs, fileKey].join("|");
}

/** Makes the keeper; `show` is told of every change. */
export function createPictures(adapters: PictureAdapters, show: (preview: Preview) => void): Pictures {
  let opening = new AbortController();
  let file: File | null = null;
  let kept: { readonly key: string; readonly source: PictureSource } | null = null;

  const close = () => {
    opening.abort(new Error("other pictures are asked for"));
    kept?.source.close();
    kept = null;
    show({ kind: "none" });
  };

  const watch = async (source: PictureSource) => {
    const failure = await source.ended;
    if (kept?.source !== source) return;
    kept = null;
    show(failure === null ? { kind: "none" } : { kind: "failed", failure });
  };

  const keep = (key: string, source: PictureSource) => {
    kept = { key, source };
    show({ kind: "live", source });
    void watch(source);
  };

  const open = async (setup: SenderSetup): Promise<Result<PictureSource>> => {
    const key = pictureKey(setup, file);
    if (kept?.key === key) return succeed(kept.source);
    close();
    const { signal } = (opening = new AbortController());
    show({ kind: "opening" });
    try {
      const opened = await adapters.openPictures(setup, { file }, adapters.newRunNumber(), signal);
      if (signal.aborted) {
        if (opened.ok) opened.value.close();
        return fail(superseded);
      }
      if (opened.ok) keep(key, opened.value);
      else show({ kind: "failed", failure: opened.failure });
      return opened;
    } catch (error) {
      if (signal.aborted) return fail(superseded);
      throw error;
    }
  };

  const openUnasked = ({ scene, ...rest }: SenderSetup) => {
    if (scene === "builtin" || scene === "marker") void open({ scene, ...rest });
    else close();
  };
  const chooseFile = (chosen: File) => {
    file = chosen;
  };

  return { open, openUnasked, chooseFile, chosenFile: () => file, close };
}

const superseded: Failure = {
  kind: "ended-early",
  what: "opening the pictures",
  where: "this page",
  next: "They were stopped, or others were asked for, before they were open: start again.",
};
