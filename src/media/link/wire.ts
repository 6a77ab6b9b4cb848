import { reason } from "../../core/failure.ts";

/** An open (or opening) text connection to the server. */
export type Wire = {
  /** Only after `onOpen`. */
  readonly send: (text: string) => void;
  /** No handler is called any more. */
  readonly close: () => void;
};

/** What happens on a wire. `onClose` comes last, once, also when it never opened. */
export type WireHandlers = {
  readonly onOpen: () => void;
  readonly onText: (text: string) => void;
  readonly onClose: (why: string) => void;
};

/** Opens a wire. Never throws: what goes wrong is told by `onClose`. */
export type ConnectWire = (handlers: WireHandlers) => Wire;

/** The part of the WebSocket constructor that is used; the browser's own and the `ws` package's both have it. */
export type SocketConstructor = new (url: string) => Pick<WebSocket, "addEventListener" | "send" | "close">;

/** Opens WebSockets to one address. */
export function webSocketWire(url: string, Socket: SocketConstructor): ConnectWire {
  return (handlers) => {
    let live = true;
    const ended = (why: string): void => {
      if (!live) return;
      live = false;
      handlers.onClose(why);
    };
    let socket: InstanceType<SocketConstructor>;
    try {
      socket = new Socket(url);
    } catch (error) {
      queueMicrotask(() => ended(reason(error)));
      return { send: () => undefined, close: () => ended("closed") };
    }
    let opened = false;
    socket.addEventListener("open", () => {
      opened = true;
      if (live) handlers.onOpen();
    });
    socket.addEventListener("message", ({ data }: MessageEvent<unknown>) => {
      if (live && typeof data === "string") handlers.onText(data);
    });
    socket.addEventListener("close", ({ code, reason: why }: CloseEvent) => {
      if (opened) ended(why === "" ? closeWords(code) : why);
      else ended("the server cannot be reached");
    });
    // A close event always follows and is the one that counts; Node's sockets throw where nobody listens for errors.
    socket.addEventListener("error", () => undefined);
    return {
      send: (text) => socket.send(text),
      close: () => {
        live = false;
        socket.close(1000);
      },
    };
  };
}

/** Close codes of RFC 6455 section 7.4.1 in words. */
function closeWords(code: number): string {
  if (code === 1001) return "the server is going away";
  if (code === 1006) return "the connection to the server broke";
  if (code === 1009) return "a message was too large for the server";
  return `the server closed the connection (${code})`;
}
