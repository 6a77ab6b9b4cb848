import * as v from "valibot";

import { joinCodePattern } from "../../core/wire/signalling.ts";

/** What a sender needs to take its room back, so that a reload keeps code and link. */
export type RoomKey = { readonly join: string; readonly ownerKey: string };

/** Where a sender keeps the key of its room. */
export type RoomKeys = {
  readonly read: () => RoomKey | null;
  readonly write: (key: RoomKey) => void;
  readonly forget: () => void;
};

const roomKeySchema: v.GenericSchema<unknown, RoomKey> = v.strictObject({
  join: v.pipe(v.string(), v.regex(joinCodePattern)),
  ownerKey: v.pipe(v.string(), v.regex(/^[A-Za-z0-9_-]{22,64}$/)),
});

const storageKey = "streamgauge.room";

/** Keeps the key in a web storage; sessionStorage makes it the tab's own. What is unreadable there counts as nothing. */
export function storedRoomKeys(storage: Pick<Storage, "getItem" | "setItem" | "removeItem">): RoomKeys {
  return {
    read: () => {
      const text = storage.getItem(storageKey);
      if (text === null) return null;
      const parsed = v.safeParse(v.pipe(v.string(), v.parseJson(), roomKeySchema), text);
      return parsed.success ? parsed.output : null;
    },
    write: (key) => storage.setItem(storageKey, JSON.stringify(key)),
    forget: () => storage.removeItem(storageKey),
  };
}
