import type { PictureSize } from "../marker/layout.ts";
import type { FrameSource } from "./frame-source.ts";
import { conversionNotes, type LumaTarget } from "./video-facts.ts";

function partsOf(source: FrameSource): NonNullable<FrameSource["parts"]> {
  return source.parts ?? [source];
}

/** What a source is made of and what is done to its pictures before they are scored, in the user's words. */
export function sourceNotes(source: FrameSource, target: LumaTarget): readonly string[] {
  const parts = partsOf(source);
  const made =
    parts.length < 2
      ? []
      : [`${source.name} is ${parts.length} files, scored one after the other: ${renditions(parts)}`];
  const converted = parts.flatMap(({ name, facts }) => conversionNotes(facts, target, name));
  return [...made, ...converted];
}

/** Each file's size and codec, those that follow each other and are alike told once. */
function renditions(parts: NonNullable<FrameSource["parts"]>): string {
  const looks = parts.map(({ facts }) => `${facts.widthPx}x${facts.heightPx} ${facts.codec}`);
  return looks.filter((look, index) => look !== looks[index - 1]).join(", then ");
}

/** Whether any of a source's pictures is of another size. */
export function isScaledTo(source: FrameSource, { widthPx, heightPx }: PictureSize): boolean {
  return partsOf(source).some(({ facts }) => facts.widthPx !== widthPx || facts.heightPx !== heightPx);
}
