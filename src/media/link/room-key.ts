import * as v from "valibot";

import { joinCodePattern } from "../../core/wire/signalling.ts";
import type { Timers } from "./timers.ts";

/** What a sender needs to take its room back, so that it keeps code and link. The key is a secret of this origin. */
export type RoomKey = { readonly join: string; readonly ownerKey: string };

/** Where a sender keeps the key of its room. */
export type RoomKeys = {
  readonly read: () => RoomKey | null;
  readonly write: (key: RoomKey) => void;
  readonly forget: () => void;
};

/** The part of a web storage that is used. */
export type KeyStorage = Pick<Storage, "getItem" | "setItem" | "removeItem">;

/** Takes the lock of that name until this page is gone; false where another page has it. */
export type TakeLock = (name: string) => Promise<boolean>;

/** What a page's claim to a room is made with. */
export type RoomKeyPlaces = {
  /** Outlives a reload of this tab. */
  readonly tab: KeyStorage;
  /** Outlives the tab and the browser, and is shared with this origin's other tabs. */
  readonly browser: KeyStorage;
  /** Null where the browser has no locks: then the tab's storage alone is used. */
  readonly takeLock: TakeLock | null;
  readonly timers: Timers;
  /** Wall clock, ms since the Unix epoch. */
  readonly epochMs: () => number;
};

/** How long the browser keeps the key of a room after its sender's page was last there, ms. */
export const keptForMs: number = 12 * 3_600_000;
/** How often a page that is there says so, ms. */
const refreshEveryMs = 3_600_000;
/** How long a page that is being left may take to give its lock back, ms. */
const lockPatienceMs = 500;
const storageKey = "streamgauge.room";

const join = v.pipe(v.string(), v.regex(joinCodePattern));
const ownerKey = v.pipe(v.string(), v.regex(/^[A-Za-z0-9_-]{22,64}$/));
const tabSchema: v.GenericSchema<unknown, RoomKey> = v.strictObject({ join, ownerKey });
const browserSchema: v.GenericSchema<unknown, RoomKey & { readonly untilMs: number }> = v.strictObject({
  join,
  ownerKey,
  untilMs: v.number(),
});

function readStored<Stored>(storage: KeyStorage, schema: v.GenericSchema<unknown, Stored>): Stored | null {
  const text = storage.getItem(storageKey);
  if (text === null) return null;
  const parsed = v.safeParse(v.pipe(v.string(), v.parseJson(), schema), text);
  return parsed.success ? parsed.output : null;
}

/** Keeps the key in a web storage; sessionStorage makes it the tab's own. What is unreadable there counts as nothing. */
export function storedRoomKeys(storage: KeyStorage): RoomKeys {
  return {
    read: () => readStored(storage, tabSchema),
    write: (key) => storage.setItem(storageKey, JSON.stringify(key)),
    forget: () => storage.removeItem(storageKey),
  };
}

/** The same with an end: a key that was not written again for `keptForMs` counts as nothing. */
function expiringRoomKeys(storage: KeyStorage, epochMs: () => number): RoomKeys {
  return {
    read: () => {
      const stored = readStored(storage, browserSchema);
      if (stored === null || stored.untilMs <= epochMs()) return null;
      return { join: stored.join, ownerKey: stored.ownerKey };
    },
    write: (key) => storage.setItem(storageKey, JSON.stringify({ ...key, untilMs: epochMs() + keptForMs })),
    forget: () => storage.removeItem(storageKey),
  };
}

/**
 * Claims a room for this page: the tab's own, so that a reload keeps it, else the one that the browser remembers, so that a
 * sender that was closed and is opened again keeps it too. Whoever holds a room holds its lock, so a second sender beside the
 * first, or a copy of its tab, gets a room of its own. The claim stands until the page is gone.
 */
export async function claimRoomKeys(places: RoomKeyPlaces): Promise<RoomKeys> {
  const { takeLock, timers } = places;
  const tab = storedRoomKeys(places.tab);
  if (takeLock === null) return tab;
  const browser = expiringRoomKeys(places.browser, places.epochMs);
  const [inTab, inBrowser] = [tab.read(), browser.read()];
  const take = async (key: RoomKey | null) => (key !== null && (await takeLock(lockOf(key))) ? key : null);
  const isSame = inTab?.join === inBrowser?.join;
  const fromTab = await take(inTab);
  let mine = fromTab ?? (isSame ? null : await take(inBrowser));
  // The browser remembers one room: not this page's as long as another page has that.
  const isRemembered = inBrowser === null || mine?.join === inBrowser.join;
  const refresh = (): void => {
    if (mine !== null && isRemembered) browser.write(mine);
    timers.after(refreshEveryMs, refresh);
  };
  timers.after(refreshEveryMs, refresh);
  return {
    read: () => mine,
    write: (key) => {
      if (key.join !== mine?.join) void takeLock(lockOf(key));
      mine = key;
      tab.write(key);
      if (isRemembered) browser.write(key);
    },
    forget: () => {
      mine = null;
      tab.forget();
      if (isRemembered) browser.forget();
    },
  };
}

function lockOf(key: RoomKey): string {
  return `${storageKey}.${key.join}`;
}

/** The browser's own locks (Web Locks); null where it has none, as on pages that are not secure. */
export function pageLocks(locks: Pick<LockManager, "request"> | undefined): TakeLock | null {
  if (locks === undefined) return null;
  return (name) =>
    new Promise((resolve) => {
      const options = { signal: AbortSignal.timeout(lockPatienceMs) };
      const held = locks.request(name, options, async () => {
        resolve(true);
        // Never settled, so that the lock is held as long as there is a page to hold it.
        return new Promise<never>(() => undefined);
      });
      // It rejects when the patience ends, and where the page may keep nothing: either way the room is not this page's.
      held.catch(() => resolve(false));
    });
}
