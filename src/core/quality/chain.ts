import type { Result } from "../failure.ts";
import type { DecodedFrame, FrameSource, SourceEnd } from "./frame-source.ts";
import { createRangeMatch } from "./range.ts";
import type { VideoFacts } from "./video-facts.ts";

/** One of several files that follow each other; it is opened when its turn comes. */
export type ChainPart = {
  readonly name: string;
  readonly facts: VideoFacts;
  readonly open: () => Promise<Result<FrameSource>>;
};

function sum(values: readonly (number | null)[]): number | null {
  return values.reduce((whole, value) => (whole === null || value === null ? null : whole + value), 0);
}

function factsOf(parts: readonly ChainPart[]): VideoFacts {
  const [first] = parts;
  if (first === undefined) throw new Error("a chain without parts");
  return {
    ...first.facts,
    frameCount: sum(parts.map(({ facts }) => facts.frameCount)),
    durationS: sum(parts.map(({ facts }) => facts.durationS)),
  };
}

/** A part being decoded. */
type Current = {
  readonly source: FrameSource;
  readonly match: (frame: DecodedFrame) => DecodedFrame;
};

/**
 * Makes one source of several files: their frames one after the other, counted through, in the luma range of the first. Pictures keep the
 * sizes they have. A part that cannot be decoded is left out: the notes say so, and the source ends with its failure.
 * @param notes what is to be said besides, such as of files that could not be opened
 */
export function chainSources(
  name: string,
  parts: readonly ChainPart[],
  notes: readonly string[],
): FrameSource {
  const facts = factsOf(parts);
  const waiting = [...parts];
  const decoders = new Set<string>();
  const said = [...notes];
  let current: Current | null = null;
  let failure: SourceEnd["failure"] = null;
  let count = 0;

  function finish({ source }: Current): void {
    decoders.add(source.decoder());
    const end = source.end();
    said.push(...end.notes);
    failure ??= end.failure;
    source.close();
    current = null;
  }

  async function openNext(): Promise<boolean> {
    const part = waiting.shift();
    if (part === undefined) return false;
    const opened = await part.open();
    if (opened.ok) {
      current = { source: opened.value, match: createRangeMatch(part.facts, facts) };
    } else {
      failure ??= opened.failure;
      said.push(`${part.name} is left out: ${opened.failure.next}`);
    }
    return true;
  }

  return {
    name,
    facts,
    parts,
    decoder: () => [...decoders, ...(current === null ? [] : [current.source.decoder()])].join(" and "),
    next: async () => {
      while (current !== null || (await openNext())) {
        if (current === null) continue;
        const frame = await current.source.next();
        if (frame === null) {
          finish(current);
          continue;
        }
        count += 1;
        return { ...current.match(frame), index: count - 1 };
      }
      return null;
    },
    end: () => ({ failure, notes: said }),
    close: () => current?.source.close(),
  };
}
