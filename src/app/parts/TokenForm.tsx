import { useId, useState, type ReactNode } from "react";

import { keptToken } from "./server-token.ts";

import parts from "./parts.module.css";

/** Asks for the token that the server wants from other devices than its own. */
export function TokenForm(props: { readonly onKept: () => void }): ReactNode {
  const id = useId();
  const [token, setToken] = useState("");
  return (
    <form
      className={parts["notice"]}
      onSubmit={(event) => {
        event.preventDefault();
        keptToken.keep(token.trim());
        props.onKept();
      }}
    >
      <strong>This server gives runs to other devices only with its token.</strong>
      <span className={parts["hint"]}>
        It stands in the file “token” of the server’s data directory (~/.local/state/streamgauge), or in its
        STREAMGAUGE_TOKEN. This browser keeps it.
      </span>
      <div className={parts["field"]}>
        <label className={parts["fieldLabel"]} htmlFor={id}>
          Token
        </label>
        <input
          autoComplete="off"
          className={parts["input"]}
          id={id}
          onChange={(event) => setToken(event.target.value)}
          type="password"
          value={token}
        />
      </div>
      <div className={parts["buttons"]}>
        <button className={`${parts["button"]} ${parts["primary"]}`} type="submit">
          Use this token
        </button>
      </div>
    </form>
  );
}
