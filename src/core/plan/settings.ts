import * as v from "valibot";

import type { QueryField } from "../wire/query.ts";
import { receiverKeys } from "../wire/receiver-setup.ts";
import { senderKeys } from "../wire/setup.ts";
import { dimensionWords, readQuantity, type Dimension } from "./quantity.ts";
import { fillSecrets, namesSecret, type Environment } from "./secrets.ts";
import { secretKeyOf } from "./signed-address.ts";

/** One setting as it may stand in a plan. */
export type SettingValue = string | number | boolean | readonly (string | number | boolean)[];
/** Settings by their keys, as written. */
export type Settings = Readonly<Record<string, SettingValue>>;

/** A key of a page's address as plans write it. */
export type SettingKey = {
  /** As the plan writes it. */
  readonly name: string;
  /** As the page's address has it. */
  readonly key: string;
  readonly help: string;
  /** Secret as a whole. */
  readonly isSecret: boolean;
  /** An address, of which the query may hold secrets. */
  readonly isAddress: boolean;
  readonly isRepeated: boolean;
  /** How the text after the `=` is checked: by the page's own schema. */
  readonly schema: v.GenericSchema<string, unknown>;
};

/** Keys whose numbers need their unit in a plan: what they measure, and base units (ms, kbit/s) in one of the address. */
const withUnits: Readonly<Record<string, { readonly dimension: Dimension; readonly perUnit: number }>> = {
  kbps: { dimension: "rate", perUnit: 1 },
  hold: { dimension: "duration", perUnit: 1 },
  part: { dimension: "duration", perUnit: 1 },
  buffer: { dimension: "duration", perUnit: 1 },
  segment: { dimension: "duration", perUnit: 1000 },
  sync: { dimension: "duration", perUnit: 1000 },
};

/** Keys that a plan writes otherwise than the address, because the unit stands beside the number. */
const renamed: Readonly<Record<string, string>> = { kbps: "bitrate" };

/** Keys that take an address to play. */
const addressNames: ReadonlySet<string> = new Set(["url", "play"]);

/** A file or a window is chosen by a person, so no command can send it. */
const drivenScene: Pick<SettingKey, "help" | "schema"> = {
  help: "builtin, marker or camera",
  schema: v.picklist(["builtin", "marker", "camera"]),
};

function toKeys<Setup>(
  fields: readonly QueryField<Setup>[],
  isWanted: (key: string) => boolean,
): readonly SettingKey[] {
  return fields.filter(({ key }) => isWanted(key)).map(toKey);
}

function toKey<Setup>({ key, help, schema, isSecret, isRepeated }: QueryField<Setup>): SettingKey {
  return {
    name: renamed[key] ?? key,
    key,
    help,
    isSecret: isSecret === true || key === "token",
    isAddress: addressNames.has(key),
    isRepeated: isRepeated === true,
    schema,
    ...(key === "scene" ? drivenScene : {}),
  };
}

const sceneNames: ReadonlySet<string> = new Set(["scene", "seed", "size", "fps"]);
const encoderNames: ReadonlySet<string> = new Set(["codec", "kbps"]);
const drivenNames: ReadonlySet<string> = new Set(["start", "join", "window", "control"]);

/** What `scene:` takes. */
export const sceneKeys: readonly SettingKey[] = toKeys(senderKeys, (key) => sceneNames.has(key)).map((key) =>
  Object.assign({}, key, key.key === "scene" ? { name: "kind" } : {}),
);
/** What `encoder:` takes. */
export const encoderKeys: readonly SettingKey[] = toKeys(senderKeys, (key) => encoderNames.has(key));
/** What a provider's `publish:` takes: every key of the sender's address, those of scene and encoder to override them. */
export const publishKeys: readonly SettingKey[] = toKeys(senderKeys, (key) => !drivenNames.has(key));
/** What a provider's `play:` takes: every key of the receiver's address that the command does not set itself. */
export const playKeys: readonly SettingKey[] = toKeys(receiverKeys, (key) => !drivenNames.has(key));

/** The texts of a setting as they stand in an address, or what is wrong with it. */
export type SettingText =
  | { readonly ok: true; readonly texts: readonly string[] }
  | { readonly ok: false; readonly words: string };

function toText(key: SettingKey, value: string | number | boolean): string | null {
  if (typeof value === "boolean") return value ? "1" : "0";
  const unit = withUnits[key.key];
  const written = String(value);
  if (unit === undefined || written === "auto" || namesSecret(written)) return written;
  const quantity = readQuantity(written);
  // 0 is the same in every unit.
  if (quantity?.dimension === "number" && quantity.value === 0) return "0";
  if (quantity === null || quantity.dimension !== unit.dimension) return null;
  return String(Number((quantity.value / unit.perUnit).toPrecision(12)));
}

function unitWords(key: SettingKey): string {
  const { dimension } = withUnits[key.key] ?? { dimension: "number" as const };
  return `takes ${dimensionWords[dimension]}`;
}

/**
 * Reads one setting as the page's address takes it. What secrets name is checked too, but stays `${NAME}`.
 * @param environment null checks no values that hold secrets
 */
export function readSetting(
  key: SettingKey,
  value: SettingValue,
  environment: Environment | null,
): SettingText {
  const values = typeof value === "object" ? value : [value];
  if (values.length > 1 && !key.isRepeated) return { ok: false, words: "takes one value, not a list" };
  const texts: string[] = [];
  for (const one of values) {
    const text = toText(key, one);
    if (text === null) return { ok: false, words: unitWords(key) };
    const words = secretWords(key, text);
    if (words !== null) return { ok: false, words };
    texts.push(text);
  }
  return checkTexts(key, texts, environment);
}

/** Why a text may not stand in a plan as it is; null where it may. An address to put to, without a query, tells nothing. */
function secretWords(key: SettingKey, text: string): string | null {
  if (key.isAddress) {
    const held = secretKeyOf(text);
    if (held === null) return null;
    return `holds ${held}=..., which may be secret: write its value, or the whole address, as \${NAME} and set that variable`;
  }
  const isTelling = key.key !== "put" || text.includes("?");
  if (!key.isSecret || text === "" || namesSecret(text) || !isTelling) return null;
  return "may be secret: write it as ${NAME} and set that variable";
}

/** Whether secrets may stand in the text of this key of a page's address. */
export function mayHoldSecret(key: string): boolean {
  return [...publishKeys, ...playKeys].some((one) => one.key === key && (one.isSecret || one.isAddress));
}

function checkTexts(
  key: SettingKey,
  written: readonly string[],
  environment: Environment | null,
): SettingText {
  if (environment === null && written.some(namesSecret)) return { ok: true, texts: written };
  const texts: string[] = [];
  for (const text of written) {
    const filled = fillSecrets(text, environment ?? {});
    if (!filled.ok)
      return { ok: false, words: `needs the environment variable ${filled.name}, which is not set` };
    texts.push(filled.text);
  }
  if (v.safeParse(key.schema, texts.join("\n")).success) return { ok: true, texts: written };
  return { ok: false, words: `takes ${key.help}` };
}
