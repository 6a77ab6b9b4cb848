const storageKey = "streamgauge.token";

/** The server's token for other devices, kept in this browser. */
export const keptToken: {
  /** Empty when none was typed here. */
  readonly read: () => string;
  readonly keep: (token: string) => void;
} = {
  read: () => {
    try {
      return localStorage.getItem(storageKey) ?? "";
    } catch {
      // Storage can be forbidden by the browser's settings: the token then has to be typed for each page.
      return typed;
    }
  },
  keep: (token) => {
    typed = token;
    try {
      localStorage.setItem(storageKey, token);
    } catch {
      // As above.
    }
  },
};

let typed = "";
