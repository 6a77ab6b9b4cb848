import type { FromServer, ToServer } from "../../core/wire/signalling.ts";
import type { RoomKey, RoomKeys } from "./room-key.ts";
import type { ConnectWire, WireHandlers } from "./wire.ts";

/** A server's end played from a script: what pages sent, and what to tell or do to the newest wire. */
export type FakeServer = {
  readonly connect: ConnectWire;
  /** Everything sent, over all wires, in order. */
  readonly sent: () => readonly ToServer[];
  readonly wireCount: () => number;
  readonly accept: () => void;
  readonly say: (message: FromServer) => void;
  readonly sayText: (text: string) => void;
  readonly drop: (why: string) => void;
};

/** Makes a scripted server that holds one wire at a time. */
export function createFakeServer(): FakeServer {
  let sent: readonly ToServer[] = [];
  let wireCount = 0;
  let handlers: WireHandlers | null = null;
  const sayText = (text: string): void => handlers?.onText(text);
  return {
    connect: (given) => {
      handlers = given;
      wireCount += 1;
      return {
        send: (text) => {
          sent = [...sent, JSON.parse(text) as ToServer];
        },
        close: () => {
          if (handlers === given) handlers = null;
        },
      };
    },
    sent: () => sent,
    wireCount: () => wireCount,
    accept: () => handlers?.onOpen(),
    say: (message) => sayText(JSON.stringify(message)),
    sayText,
    drop: (why) => handlers?.onClose(why),
  };
}

/** Room keys held in memory. */
export function createFakeKeys(): RoomKeys {
  let key: RoomKey | null = null;
  return {
    read: () => key,
    write: (given) => {
      key = given;
    },
    forget: () => {
      key = null;
    },
  };
}
