import * as v from "valibot";

import type { NetworkConditions, Setting } from "../runs/run.ts";
import { carriedCodecs } from "../wire/carried.ts";
import { senderDefaults } from "../wire/setup.ts";
import { readBudget, type Budget } from "./budget.ts";
import {
  planDocumentSchema,
  type NetworkDocument,
  type PlanDocument,
  type PriceList,
  type ProviderDocument,
} from "./document.ts";
import { planCells, type Cell } from "./matrix.ts";
import type { PlanProblem } from "./problem.ts";
import type { Environment } from "./secrets.ts";
import {
  encoderKeys,
  playKeys,
  publishKeys,
  readSetting,
  sceneKeys,
  type SettingKey,
  type Settings,
} from "./settings.ts";

/** Texts by the key of a page's address. Secrets stand in them as `${NAME}` until a run fills them in. */
export type Query = readonly (readonly [key: string, text: string])[];

/** One provider as a run uses it. */
export type Provider = {
  readonly name: string;
  /** The sender's address; null where somebody else publishes. */
  readonly publish: Query | null;
  /** The receiver's address, without what joins it to the sender. */
  readonly play: Query;
  /** The network its receiver is behind; null: the plan's. */
  readonly network: NetworkConditions | null;
  readonly price: PriceList | null;
};

/** What one combination of the matrix measures. */
export type PlanCell = {
  /** What the matrix sets here; empty without a matrix. */
  readonly settings: readonly Setting[];
  readonly durationMs: number;
  readonly warmUpMs: number;
  readonly joinWithinMs: number;
  readonly network: NetworkConditions;
  readonly providers: readonly Provider[];
};

/** A plan that can be run. */
export type Plan = {
  readonly name: string;
  readonly seed: number;
  readonly repeats: number;
  /** How often a run that failed is tried again. */
  readonly retries: number;
  readonly order: "turns" | "together";
  /** The provider that others are compared with. */
  readonly control: string;
  readonly cells: readonly PlanCell[];
  readonly budgets: readonly Budget[];
};

/** A plan, or everything that is wrong with it. */
export type PlanReading =
  | { readonly ok: true; readonly plan: Plan }
  | { readonly ok: false; readonly problems: readonly PlanProblem[] };

/** Most runs that a plan may expand to. */
export const maxRunCount = 10_000;

/**
 * Checks a plan as it was parsed from YAML or JSON, and expands its matrix.
 * @param environment where secrets come from; null checks everything but what needs them
 */
export function checkPlan(parsed: unknown, environment: Environment | null): PlanReading {
  const whole = v.safeParse(planDocumentSchema, parsed);
  if (!whole.success) return { ok: false, problems: whole.issues.map(toProblem) };
  const document = whole.output;
  const problems: PlanProblem[] = [];
  const cells = readCells(parsed, document, environment, problems);
  const budgets = readBudgets(document, problems);
  const plan = { ...readScalars(document, problems), cells, budgets };
  const runCount = cells.length * plan.repeats * Object.keys(document.providers).length;
  if (runCount > maxRunCount)
    problems.push({ path: [], words: `expands to ${runCount} runs; at most ${maxRunCount} are taken` });
  return problems.length > 0 ? { ok: false, problems: withoutRepeats(problems) } : { ok: true, plan };
}

function readScalars(document: PlanDocument, problems: PlanProblem[]): Omit<Plan, "cells" | "budgets"> {
  const { name, seed = 1, repeats = 1, retries = 1, order = "turns", providers } = document;
  const control = document.control ?? Object.keys(providers)[0] ?? "";
  if (!Object.hasOwn(providers, control))
    problems.push({ path: ["control"], words: `is no provider of this plan: ${listOf(providers)}` });
  return { name, seed, repeats, retries, order, control };
}

function readCells(
  parsed: unknown,
  document: PlanDocument,
  environment: Environment | null,
  problems: PlanProblem[],
): readonly PlanCell[] {
  return planCells(parsed, document.matrix ?? {}).flatMap((cell) => {
    const read = readCell(cell, document, environment);
    if ("cell" in read) return [read.cell];
    problems.push(...read.problems);
    return [];
  });
}

function listOf(map: Readonly<Record<string, unknown>>): string {
  return Object.keys(map).join(", ");
}

function toProblem({ path, message }: v.BaseIssue<unknown>): PlanProblem {
  return {
    path: (path ?? []).map(({ key }) => (typeof key === "number" ? key : String(key))),
    words: message,
  };
}

/** The same setting is wrong in many cells, but it is told once. */
function withoutRepeats(problems: readonly PlanProblem[]): readonly PlanProblem[] {
  const told = new Map(problems.map((problem) => [JSON.stringify(problem), problem]));
  return [...told.values()];
}

type CellReading = { readonly cell: PlanCell } | { readonly problems: readonly PlanProblem[] };

function readCell(cell: Cell, whole: PlanDocument, environment: Environment | null): CellReading {
  if (cell.refusal !== null) return { problems: [cell.refusal] };
  const read = cell.settings.length === 0 ? null : v.safeParse(planDocumentSchema, cell.parsed);
  if (read !== null && !read.success)
    return { problems: read.issues.map((issue) => inMatrix(cell, toProblem(issue))) };
  const document = read === null ? whole : read.output;
  const problems: PlanProblem[] = [];
  const network = readNetwork(document.network, document, ["network"], problems);
  const shared = [
    ...readSettings(sceneKeys, document.scene, ["scene"], environment, problems),
    ...readSettings(encoderKeys, document.encoder, ["encoder"], environment, problems),
  ];
  const providers = Object.entries(document.providers).map(([name, provider]) =>
    readProvider(name, provider, { document, shared, environment, problems }),
  );
  if (problems.length > 0) return { problems: problems.map((problem) => inMatrix(cell, problem)) };
  return {
    cell: {
      settings: cell.settings,
      durationMs: document.duration,
      warmUpMs: document.warmUp ?? 2000,
      joinWithinMs: document.joinWithin ?? 30_000,
      network,
      providers,
    },
  };
}

/** A problem with what the matrix set is a problem of the matrix. */
function inMatrix({ settings }: Cell, problem: PlanProblem): PlanProblem {
  const path = problem.path.join(".");
  const setting = settings.find(({ key }) => path === key || path.startsWith(`${key}.`));
  if (setting === undefined) return problem;
  return { path: ["matrix", setting.key], words: `${setting.value} ${problem.words}` };
}

type Reader = {
  readonly document: PlanDocument;
  readonly shared: Query;
  readonly environment: Environment | null;
  readonly problems: PlanProblem[];
};

function readProvider(
  name: string,
  { publish, play, price, network }: ProviderDocument,
  { document, shared, environment, problems }: Reader,
): Provider {
  const at = ["providers", name];
  const own = readSettings(publishKeys, publish, [...at, "publish"], environment, problems);
  const isOwn = (key: string): boolean => own.some(([ownKey]) => ownKey === key);
  if (network !== undefined && document.order === "together")
    problems.push({ path: [...at, "network"], words: "cannot be its own where all are measured together" });
  const sent: Query = [...shared.filter(([key]) => !isOwn(key)), ...own];
  if (publish !== undefined) checkCodec(sent, [...at, "publish", "via"], problems);
  return {
    name,
    publish: publish === undefined ? null : sent,
    play: readSettings(playKeys, play, [...at, "play"], environment, problems),
    network: network === undefined ? null : readNetwork(network, document, [...at, "network"], problems),
    price: price ?? null,
  };
}

/** A codec that a way cannot carry would make every run of it fail. */
function checkCodec(sent: Query, path: readonly string[], problems: PlanProblem[]): void {
  const texts = new Map(sent);
  const [via = senderDefaults.via, codec = senderDefaults.codec] = [texts.get("via"), texts.get("codec")];
  const codecs = carriedCodecs(via);
  if (codecs === null || codecs.some((each) => each === codec)) return;
  problems.push({ path, words: `${via} carries ${codecs.join(", ")}, and not ${codec}` });
}

function readSettings(
  keys: readonly SettingKey[],
  settings: Settings | undefined,
  path: readonly string[],
  environment: Environment | null,
  problems: PlanProblem[],
): Query {
  return Object.entries(settings ?? {}).flatMap(([name, value]) => {
    const key = keys.find((candidate) => candidate.name === name);
    if (key === undefined) throw new Error(`the schema let ${name} through`);
    const read = readSetting(key, value, environment);
    if (read.ok) return read.texts.map((text) => [key.key, text] as const);
    problems.push({ path: [...path, name], words: read.words });
    return [];
  });
}

const untouched: NetworkConditions = {
  name: "none",
  delayMs: null,
  jitterMs: null,
  lossRatio: null,
  rateKbps: null,
};

function readNetwork(
  network: string | undefined,
  { networks = {} }: PlanDocument,
  path: readonly string[],
  problems: PlanProblem[],
): NetworkConditions {
  if (network === undefined || (network === "none" && !Object.hasOwn(networks, "none"))) return untouched;
  const asked: NetworkDocument | undefined = Object.hasOwn(networks, network) ? networks[network] : undefined;
  if (asked === undefined) {
    problems.push({ path, words: `is not among networks: ${listOf({ none: 0, ...networks })}` });
    return untouched;
  }
  if (asked.jitter !== undefined && asked.delay === undefined)
    problems.push({ path: ["networks", network, "jitter"], words: "needs a delay to vary" });
  return toConditions(network, asked);
}

function toConditions(name: string, asked: NetworkDocument): NetworkConditions {
  const { delay = null, jitter = null, loss = null, rate = null } = asked;
  return { name, delayMs: delay, jitterMs: jitter, lossRatio: loss, rateKbps: rate };
}

function readBudgets({ budgets = [], providers }: PlanDocument, problems: PlanProblem[]): readonly Budget[] {
  return budgets.flatMap((written, index) => {
    const scoped: readonly (readonly [provider: string | null, text: string])[] =
      typeof written === "string" ? [[null, written]] : Object.entries(written);
    return scoped.flatMap(([provider, text]) => {
      if (provider !== null && !Object.hasOwn(providers, provider)) {
        const words = `is for ${provider}, which is no provider of this plan: ${listOf(providers)}`;
        problems.push({ path: ["budgets", index], words });
        return [];
      }
      const read = readBudget(text, provider);
      if (read.ok) return [read.budget];
      problems.push({ path: ["budgets", index], words: read.words });
      return [];
    });
  });
}
