import { describe, expect, it } from "vitest";

import { senderDefaults, writeSenderSetup } from "../../core/wire/setup.ts";
import { keepSetup, readKept, type TabMemory } from "./kept-setup.ts";

function createMemory(): TabMemory {
  const kept = new Map<string, string>();
  return {
    getItem: (key) => kept.get(key) ?? null,
    setItem: (key, text) => void kept.set(key, text),
    removeItem: (key) => void kept.delete(key),
  };
}

const open = { ...senderDefaults, via: "hls", seed: 7, start: true };
const secret = {
  ...open,
  putUrl: "https://cdn.test/{name}?sig=5ecret",
  putHeaders: ["Authorization: Bearer 5ecret"],
};

describe("the address of a sender", () => {
  it("repeats a setup without secrets, start and all", () => {
    const memory = createMemory();
    expect(keepSetup(open, memory)).toBe(writeSenderSetup(open));
    expect(readKept(`?${keepSetup(open, memory)}`, memory)).toMatchObject({ value: open });
  });

  it("holds no secret, and starts nothing elsewhere", () => {
    const address = keepSetup(secret, createMemory());
    expect(address).not.toMatch(/5ecret|start/);
    expect(readKept(address, createMemory())).toMatchObject({ value: { start: false, putUrl: "" } });
  });

  it("is whole again for the tab that is reloaded", () => {
    const memory = createMemory();
    expect(readKept(`?${keepSetup(secret, memory)}`, memory)).toMatchObject({ value: secret });
  });

  it("is read as it stands when it was changed by hand", () => {
    const memory = createMemory();
    keepSetup(secret, memory);
    expect(readKept("?seed=3", memory)).toMatchObject({ value: { seed: 3, putUrl: "" } });
  });
});
