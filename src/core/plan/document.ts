import * as v from "valibot";

import { count, givenName, line, mapWords, oneOf, quantity, section } from "./entries.ts";
import {
  encoderKeys,
  playKeys,
  publishKeys,
  sceneKeys,
  type SettingKey,
  type Settings,
  type SettingValue,
} from "./settings.ts";

/** What a provider charges; what it does not charge is left out. Money in one currency. */
export type PriceList = {
  /** ISO 4217 code, such as EUR. */
  readonly currency: string;
  /** Per GB (10^9 bytes) delivered to a viewer. */
  readonly perDeliveredGB?: number;
  /** Per minute that one viewer watches. */
  readonly perViewerMinute?: number;
  /** Per minute that is published, however many watch; shared by `viewers`. */
  readonly perPublishedMinute?: number;
  /** How many viewers share what publishing costs; 1 when not given. */
  readonly viewers?: number;
};

/** How a provider is measured, as a plan says it. */
export type ProviderDocument = {
  /** How this command publishes; left out where somebody else publishes. */
  readonly publish?: Settings;
  /** How it is played; left out plays what was published. */
  readonly play?: Settings;
  /** Which network its receiver is behind, where not the plan's. */
  readonly network?: string;
  readonly price?: PriceList;
};

/** Network conditions as a plan says them, in base units: ms, 0..1, kbit/s. */
export type NetworkDocument = {
  readonly delay?: number;
  readonly jitter?: number;
  readonly loss?: number;
  readonly rate?: number;
};

/** A plan as it is written, checked, with times in ms, rates in kbit/s and shares as 0..1. */
export type PlanDocument = {
  readonly $schema?: string;
  readonly name: string;
  readonly about?: string;
  readonly seed?: number;
  readonly duration: number;
  readonly warmUp?: number;
  readonly joinWithin?: number;
  readonly repeats?: number;
  readonly retries?: number;
  readonly order?: "turns" | "together";
  readonly control?: string;
  readonly scene?: Settings;
  readonly encoder?: Settings;
  readonly network?: string;
  readonly networks?: Readonly<Record<string, NetworkDocument>>;
  readonly providers: Readonly<Record<string, ProviderDocument>>;
  readonly matrix?: Readonly<Record<string, readonly (string | number | boolean)[]>>;
  readonly budgets?: readonly (string | Readonly<Record<string, string>>)[];
};

const scalar = v.union([v.string(), v.number(), v.boolean()], "takes text, a number, true or false");

function settingSchema({
  help,
  isRepeated,
  isSecret,
  isAddress,
}: SettingKey): v.GenericSchema<SettingValue, SettingValue> {
  const secret = isSecret || isAddress ? "; secrets are written ${NAME} and come from the environment" : "";
  const words = `takes ${help}`;
  const value = isRepeated ? v.union([scalar, v.array(scalar, words)], words) : scalar;
  return v.pipe(value, v.description(`${help}${secret}`));
}

function settings(keys: readonly SettingKey[], about: string): v.GenericSchema<Settings, Settings> {
  const entries = Object.fromEntries(
    keys.map((key) => [key.name, v.exactOptional(settingSchema(key))] as const),
  );
  const map = v.strictObject(entries, mapWords(Object.keys(entries)));
  return v.pipe(map, v.description(about)) as unknown as v.GenericSchema<Settings, Settings>;
}

const money = (about: string) =>
  v.exactOptional(
    v.pipe(v.number("takes an amount of money"), v.minValue(0, "is less than 0"), v.description(about)),
  );

const price = v.pipe(
  section({
    currency: v.pipe(
      v.string("takes a currency's three letters, such as EUR"),
      v.regex(/^[A-Z]{3}$/, "takes a currency's three letters, such as EUR"),
      v.description("ISO 4217 code of the currency, such as EUR"),
    ),
    perDeliveredGB: money("price of a GB (10^9 bytes) delivered to a viewer"),
    perViewerMinute: money("price of a minute that one viewer watches"),
    perPublishedMinute: money("price of a minute published, however many watch"),
    viewers: v.exactOptional(
      v.pipe(count(1, 1_000_000_000), v.description("viewers who share what publishing costs (1)")),
    ),
  }),
  v.description("What the provider charges"),
);

const provider = v.pipe(
  section({
    publish: v.exactOptional(
      settings(
        publishKeys,
        "How this command publishes: keys of the sender's address. Left out: somebody else does.",
      ),
    ),
    play: v.exactOptional(
      settings(playKeys, "How it is played: keys of the receiver's address. Left out: what was published."),
    ),
    network: v.exactOptional(
      v.pipe(givenName, v.description("Which of the networks its receiver is behind, where not the plan's")),
    ),
    price: v.exactOptional(price),
  }),
  v.check(
    ({ publish, play }) => publish !== undefined || play?.["url"] !== undefined,
    "takes publish, or play with a url: otherwise there is nothing to measure",
  ),
);

const network = section({
  delay: v.exactOptional(
    quantity("duration", 0, 10_000, "0 to 10 s", "One way, towards the receiver, such as 50 ms"),
  ),
  jitter: v.exactOptional(
    quantity("duration", 0, 10_000, "0 to 10 s", "Standard deviation of the delay, such as 5 ms"),
  ),
  loss: v.exactOptional(quantity("share", 0, 1, "0 to 100 %", "Share of packets lost, such as 1 %")),
  rate: v.exactOptional(
    quantity(
      "rate",
      10,
      10_000_000,
      "10 kbit/s to 10000 Mbit/s",
      "Most that gets through towards the receiver, such as 2 Mbit/s",
    ),
  ),
});

const setting = v.pipe(
  v.string(),
  v.regex(
    /^[A-Za-z][\w-]*(?:\.[\w-]+)*$/,
    "is no setting; write its path, such as encoder.bitrate or network",
  ),
);

const budget = v.union(
  [v.string(), v.record(v.string(), v.string())],
  "takes a budget such as latency.p95 < 500 ms, or a provider's name and one",
);

const about = <Schema extends v.GenericSchema>(schema: Schema, words: string) =>
  v.pipe(schema, v.description(words));

/** Checks the form of a plan. What its settings mean is checked by `checkPlan`. */
export const planDocumentSchema: v.GenericSchema<unknown, PlanDocument> = section({
  name: about(line("a name", 80), "Name of the plan; comparisons of one name make a trend"),
  about: v.exactOptional(v.pipe(v.string("takes text"), v.description("What the plan is for"))),
  seed: v.exactOptional(about(count(0, 999_999_999), "Seed of the order of runs and of the statistics (1)")),
  duration: quantity(
    "duration",
    1000,
    86_400_000,
    "1 s to 24 h",
    "How long each run is measured, such as 20 s",
  ),
  warmUp: v.exactOptional(
    quantity("duration", 0, 3_600_000, "0 to 1 h", "Time after joining that is not counted (2 s)"),
  ),
  joinWithin: v.exactOptional(
    quantity(
      "duration",
      1000,
      600_000,
      "1 s to 10 min",
      "A stream that shows no frame by then has failed (30 s)",
    ),
  ),
  repeats: v.exactOptional(about(count(1, 1000), "How often everything is measured (1)")),
  retries: v.exactOptional(about(count(0, 10), "How often a run that failed is tried again (1)")),
  order: v.exactOptional(
    about(
      oneOf(["turns", "together"] as const),
      "turns: one provider at a time; together: all at the same time on this machine (turns)",
    ),
  ),
  control: v.exactOptional(about(givenName, "The provider that the others are compared with (the first)")),
  scene: v.exactOptional(settings(sceneKeys, "What is sent")),
  encoder: v.exactOptional(settings(encoderKeys, "How it is encoded")),
  network: v.exactOptional(about(givenName, "Which of the networks the receiver is behind (none)")),
  networks: v.exactOptional(about(v.record(givenName, network), "Network conditions by name")),
  providers: about(
    v.pipe(
      v.record(givenName, provider, "takes a map of providers by name"),
      v.check((all) => Object.keys(all).length > 0, "has no provider, so there is nothing to run"),
      v.check((all) => Object.keys(all).length <= 50, "has more than 50 providers"),
    ),
    "What is compared, by name",
  ),
  matrix: v.exactOptional(
    about(
      v.record(
        setting,
        v.pipe(
          v.array(scalar, "takes a list of values"),
          v.minLength(1, "has no values, so the plan has no runs"),
          v.maxLength(100, "has more than 100 values"),
        ),
      ),
      "Settings that vary: every combination is measured. Keys are paths, such as encoder.bitrate",
    ),
  ),
  budgets: v.exactOptional(
    about(v.pipe(v.array(budget), v.maxLength(200)), "What must hold, such as latency.p95 < 500 ms"),
  ),
  $schema: v.exactOptional(
    about(v.string("takes the address of a JSON Schema"), "Where editors find the schema of plans"),
  ),
});
