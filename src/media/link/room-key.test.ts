import { expect, it } from "vitest";

import { claimRoomKeys, keptForMs, storedRoomKeys, type KeyStorage, type RoomKeys } from "./room-key.ts";
import { createFakeTimers } from "./timers.fake.ts";

const first = { join: "ABCD1234", ownerKey: "a".repeat(32) };
const second = { join: "EFGH5678", ownerKey: "b".repeat(32) };

function createStorage(copied: ReadonlyMap<string, string> = new Map()) {
  const items = new Map(copied);
  const storage: KeyStorage = {
    getItem: (name) => items.get(name) ?? null,
    setItem: (name, text) => void items.set(name, text),
    removeItem: (name) => void items.delete(name),
  };
  return { ...storage, items };
}

/** A browser with locks and a memory; its tabs are opened, closed and reloaded. */
function createBrowser(hasLocks = true) {
  const timers = createFakeTimers();
  const browser = createStorage();
  const held = new Map<string, object>();
  const open = async (tab = createStorage()) => {
    const page = {};
    const takeLock = async (name: string): Promise<boolean> => {
      if (held.has(name)) return held.get(name) === page;
      held.set(name, page);
      return true;
    };
    const keys: RoomKeys = await claimRoomKeys({
      tab,
      browser,
      takeLock: hasLocks ? takeLock : null,
      timers,
      epochMs: timers.nowMs,
    });
    const leave = (): void => {
      for (const [name, holder] of held) if (holder === page) held.delete(name);
    };
    return { keys, tab, leave };
  };
  return { open, timers, browser };
}

it("a sender that was closed and is opened again has its room", async () => {
  const { open } = createBrowser();
  const page = await open();
  page.keys.write(first);
  page.leave();
  expect((await open()).keys.read()).toEqual(first);
});

it("a second sender beside the first gets a room of its own, and keeps it over a reload", async () => {
  const { open } = createBrowser();
  const one = await open();
  one.keys.write(first);
  const other = await open();
  expect(other.keys.read()).toBeNull();
  other.keys.write(second);
  other.leave();
  expect((await open(other.tab)).keys.read()).toEqual(second);
  one.leave();
  expect((await open(one.tab)).keys.read()).toEqual(first);
});

it("a copy of a sender's tab takes nothing away from it", async () => {
  const { open } = createBrowser();
  const page = await open();
  page.keys.write(first);
  const copy = await open(createStorage(page.tab.items));
  expect(copy.keys.read()).toBeNull();
});

it("a room is forgotten some hours after its sender was there last, however long that was", async () => {
  const { open, timers } = createBrowser();
  const page = await open();
  page.keys.write(first);
  timers.advance(3 * keptForMs);
  page.leave();
  const again = await open();
  expect(again.keys.read()).toEqual(first);
  again.keys.forget();
  again.leave();
  expect((await open()).keys.read()).toBeNull();
});

it("a key that is out of date is none", async () => {
  const { open, timers, browser } = createBrowser();
  browser.setItem("streamgauge.room", JSON.stringify({ ...first, untilMs: 10 }));
  timers.advance(10);
  expect((await open()).keys.read()).toBeNull();
});

it("without locks a room is its tab's alone", async () => {
  const { open, browser } = createBrowser(false);
  const page = await open();
  page.keys.write(first);
  expect((await open(page.tab)).keys.read()).toEqual(first);
  expect((await open()).keys.read()).toBeNull();
  expect(browser.items.size).toBe(0);
});

it.each(["{", "null", '{"join":"nope","ownerKey":"x"}'])("a damaged key (%s) is none", async (text) => {
  const { open, browser } = createBrowser();
  browser.setItem("streamgauge.room", text);
  const tab = createStorage();
  tab.setItem("streamgauge.room", text);
  expect((await open(tab)).keys.read()).toBeNull();
  expect(storedRoomKeys(tab).read()).toBeNull();
});
