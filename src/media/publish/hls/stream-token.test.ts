import { describe, expect, it } from "vitest";

import { claimStreamToken } from "./stream-token.ts";

/** Web Locks as one browser's tabs share them (W3C web-locks): `ifAvailable` alone. */
function createLocks(): Parameters<typeof claimStreamToken>[1] {
  const held = new Set<string>();
  const request = async (
    name: string,
    _options: LockOptions,
    call: (lock: Lock | null) => Promise<unknown> | undefined,
  ): Promise<unknown> => {
    if (held.has(name)) return call(null);
    held.add(name);
    await call({ name, mode: "exclusive" });
    return held.delete(name);
  };
  return { request: request as LockManager["request"] };
}

function createMemory(): Pick<Storage, "getItem" | "setItem"> {
  const kept = new Map<string, string>();
  return { getItem: (key) => kept.get(key) ?? null, setItem: (key, text) => void kept.set(key, text) };
}

describe("the secret of a stream", () => {
  it("is there again when its tab was loaded anew", async () => {
    const memory = createMemory();
    const first = await claimStreamToken(memory, createLocks(), "");
    expect(first.read()).toBeNull();
    first.write("secret");
    expect(first.read()).toBe("secret");
    expect((await claimStreamToken(memory, createLocks(), "")).read()).toBe("secret");
  });

  it("is not shared with a tab that was duplicated, until the first one lets go of it", async () => {
    const memory = createMemory();
    const locks = createLocks();
    const first = await claimStreamToken(memory, locks, "");
    first.write("secret");
    expect((await claimStreamToken(memory, locks, "")).read()).toBeNull();
    first.release();
    await new Promise((resolve) => setImmediate(resolve));
    expect((await claimStreamToken(memory, locks, "")).read()).toBe("secret");
  });

  it("is another for streams of another shape", async () => {
    const memory = createMemory();
    (await claimStreamToken(memory, createLocks(), "")).write("secret");
    expect((await claimStreamToken(memory, createLocks(), "720p+360p")).read()).toBeNull();
  });
});
