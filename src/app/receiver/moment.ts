/** What of a stream's pictures decides which are laid side by side. */
export type MomentList = readonly { readonly runNumber: number; readonly frameId: number }[];

/** One instant that several streams displayed: the run and the frame id. */
export type Moment = { readonly runNumber: number; readonly frameId: number };

/** The newest frame of which every stream that has pictures at all has one; null when there is none. */
export function chooseMoment(lists: readonly MomentList[]): Moment | null {
  const [first, ...others] = lists.filter((list) => list.length > 0);
  if (first === undefined) return null;
  const isInAll = ({ runNumber, frameId }: Moment): boolean =>
    others.every((list) => list.some((still) => still.runNumber === runNumber && still.frameId === frameId));
  return first.toReversed().find(isInAll) ?? null;
}
