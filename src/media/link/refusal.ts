import type { Failure, FailureKind } from "../../core/failure.ts";
import { showJoinCode, type RefusalReason } from "../../core/wire/signalling.ts";

type Words = { readonly kind: FailureKind; readonly what: string; readonly next: string };

const wordsOf = {
  "no-such-room": {
    kind: "refused-input",
    what: "There is no open room with this join code",
    next: "Check the code against the sender's screen, and see that it sends: nobody can join before it does.",
  },
  "room-taken": {
    kind: "refused-input",
    what: "Another sender holds this room",
    next: "Stop the other sender, or start this one again in a new tab to get a code of its own.",
  },
  "room-full": {
    kind: "refused-input",
    what: "The room has as many receivers as it may have",
    next: "Close a receiver that is no longer needed and join again.",
  },
  "server-full": {
    kind: "refused-input",
    what: "The server has as many rooms or connections as it may have",
    next: "Try again in a few minutes, or start a server of your own.",
  },
  "bad-message": {
    kind: "ended-early",
    what: "The server did not understand this page",
    next: "Reload the page: page and server are probably of different versions.",
  },
  "too-large": {
    kind: "ended-early",
    what: "A signalling message was larger than the server accepts",
    next: "Reload the page; if it happens again, report it with the browser's name and version.",
  },
  "too-many-tries": {
    kind: "denied",
    what: "The server got too many wrong join codes from this address",
    next: "Wait a minute, check the code against the sender's screen and join again.",
  },
  "not-in-room": {
    kind: "ended-early",
    what: "The server no longer has this page in the room",
    next: "Join again.",
  },
  idle: {
    kind: "timed-out",
    what: "The room was closed because nothing happened in it",
    next: "Start the sender again: its code stays the same.",
  },
} satisfies Record<RefusalReason, Words>;

/** A server's refusal as a failure with words of its own. `join` is the code asked for, where there was one. */
export function refusalFailure(refused: RefusalReason, serverWords: string, join: string | null): Failure {
  const { kind, what, next } = wordsOf[refused];
  return {
    kind,
    what,
    where: join === null ? "the signalling server" : `room ${showJoinCode(join)}`,
    next,
    ...(serverWords === "" ? {} : { cause: serverWords }),
  };
}
