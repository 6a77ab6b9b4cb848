import { succeed, type Failure, type Result } from "../../core/failure.ts";
import type { PictureSize } from "../../core/marker/layout.ts";
import { chainSources } from "../../core/quality/chain.ts";
import type { DecoderChoice } from "./decode.protocol.ts";
import { openVideo, type OpenedVideo } from "./open-video.ts";

/** One video, be it one file or several that follow each other. Whoever opened it closes it. */
export type OpenedVideos = Pick<OpenedVideo, "name" | "facts" | "decode" | "close"> & {
  /** Of its largest pictures. */
  readonly largest: PictureSize;
};

function areaOf({ widthPx, heightPx }: PictureSize): number {
  return widthPx * heightPx;
}

function largestOf(sizes: readonly PictureSize[]): PictureSize {
  const [first, ...rest] = sizes;
  if (first === undefined) throw new Error("no video was opened");
  return rest.reduce((one, other) => (areaOf(other) > areaOf(one) ? other : one), first);
}

/** What is known of several files, each opened for that alone, but for the first. */
type Looked = {
  readonly first: OpenedVideo | null;
  readonly videos: readonly { readonly file: File; readonly video: OpenedVideo }[];
  readonly notes: readonly string[];
  readonly failure: Failure | null;
};

async function lookAt(files: readonly File[], choice: DecoderChoice, signal: AbortSignal): Promise<Looked> {
  const videos: { file: File; video: OpenedVideo }[] = [];
  const notes: string[] = [];
  let failure: Failure | null = null;
  for (const file of files) {
    const opened = await openVideo(file, choice, signal);
    if (!opened.ok) {
      failure ??= opened.failure;
      notes.push(`${file.name} is left out: ${opened.failure.next}`);
      continue;
    }
    if (videos.length > 0) opened.value.close();
    videos.push({ file, video: opened.value });
  }
  return { first: videos[0]?.video ?? null, videos, notes, failure };
}

/**
 * Opens a video that is one file or several, such as the renditions of a recording in the order they were received. Of several, one is
 * decoded at a time. Rejects only when it is aborted, which closes whatever is open.
 */
export async function openVideos(
  files: readonly [File, ...File[]],
  choice: DecoderChoice,
  signal: AbortSignal,
): Promise<Result<OpenedVideos>> {
  if (files.length === 1) {
    const opened = await openVideo(files[0], choice, signal);
    return opened.ok ? succeed({ ...opened.value, largest: opened.value.facts }) : opened;
  }
  const { first, videos, notes, failure } = await lookAt(files, choice, signal);
  if (first === null) {
    if (failure === null) throw new Error("no file was given");
    return { ok: false, failure };
  }
  const name = `${files[0].name} to ${files.at(-1)?.name ?? ""}`;
  return succeed({
    name,
    facts: first.facts,
    largest: largestOf(videos.map(({ video }) => video.facts)),
    decode: (size, markers) => {
      const parts = videos.map(({ file, video }) => ({
        name: file.name,
        facts: video.facts,
        open: async () => {
          const opened =
            video === first ? succeed<OpenedVideo>(video) : await openVideo(file, choice, signal);
          return opened.ok ? succeed(opened.value.decode(size, markers)) : opened;
        },
      }));
      return chainSources(name, parts, notes);
    },
    close: first.close,
  });
}
