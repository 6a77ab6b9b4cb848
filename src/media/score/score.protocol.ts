import type { ScoreAnswer, ScoreRequest } from "../../core/quality/score-request.ts";

/** The jobs of a scoring worker. */
export type ScoreJobs = {
  readonly score: { readonly request: ScoreRequest; readonly answer: ScoreAnswer };
};
