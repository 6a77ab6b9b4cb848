import * as v from "valibot";
import type { RawData } from "ws";

import { toServerSchema, type ToServer } from "../core/wire/signalling.ts";

/** Signals are descriptions and candidates: two levels deep. What is far deeper could overflow the stack when written again. */
const maxDepth = 16;

/** Reads a page's message; null when it is not one. */
export function readMessage(bytes: Buffer): ToServer | null {
  const json = readJson(bytes.toString("utf8"));
  if (!isShallow(json, maxDepth)) return null;
  const read = v.safeParse(toServerSchema, json);
  return read.success ? read.output : null;
}

function readJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // Undefined is no JSON value, and no schema takes it.
    return undefined;
  }
}

function isShallow(value: unknown, levels: number): boolean {
  if (typeof value !== "object" || value === null) return true;
  return levels > 0 && Object.values(value).every((inner) => isShallow(inner, levels - 1));
}

/** The bytes of a WebSocket message, however ws hands them over. */
export function toBytes(data: RawData): Buffer {
  if (Array.isArray(data)) return Buffer.concat(data);
  return Buffer.isBuffer(data) ? data : Buffer.from(data);
}
