import { fail, reason, type Result } from "../../core/failure.ts";
import type { JobAnswer, JobCall, JobShapes } from "./call.protocol.ts";

/** A worker's way to its page. */
export type ServeScope = {
  readonly listen: (onMessage: (data: unknown) => void) => void;
  readonly post: (answer: JobAnswer, transfer: readonly Transferable[]) => void;
};

/** What a job gives back. */
export type Served<Answer> = {
  readonly result: Result<Answer>;
  /** Given away with the answer. */
  readonly transfer?: readonly Transferable[];
};

/** The jobs of a worker: every name of the protocol, and no other. */
export type JobTable<Jobs extends JobShapes> = {
  readonly [Name in keyof Jobs]: (request: Jobs[Name]["request"]) => Promise<Served<Jobs[Name]["answer"]>>;
};

/** Answers calls with a table of jobs; a job that throws is answered with a failure that carries its words. */
export function serve<Jobs extends JobShapes>(scope: ServeScope, jobs: JobTable<Jobs>, what: string): void {
  scope.listen((data) => {
    const { callId, name, request } = data as JobCall;
    void answer(callId, name, request);
  });

  async function answer(callId: number, name: string, request: unknown): Promise<void> {
    let served: Served<unknown>;
    try {
      const job = jobs[name];
      if (job === undefined) throw new Error(`no job is called ${name}`);
      served = await job(request);
    } catch (thrown) {
      const failure = {
        kind: "ended-early",
        what,
        where: `the job "${name}"`,
        next: "Try again; if it keeps failing, reload the page.",
        cause: reason(thrown),
      } as const;
      served = { result: fail(failure) };
    }
    scope.post({ callId, result: served.result }, served.transfer ?? []);
  }
}
