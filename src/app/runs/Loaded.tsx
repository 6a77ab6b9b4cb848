import type { ReactNode } from "react";
import { useStore } from "zustand";

import { unreachable } from "../../core/failure.ts";
import { FailureNotice } from "../parts/Notice.tsx";
import { TokenForm } from "../parts/TokenForm.tsx";
import type { Loader } from "./loading.ts";

import parts from "../parts/parts.module.css";

/** Shows what was loaded, or how it stands: loading, refused, or waiting for the token. */
export function Loaded<Value>(props: {
  readonly loader: Loader<Value>;
  readonly children: (value: Value) => ReactNode;
}): ReactNode {
  const { loader, children } = props;
  const loading = useStore(loader.store);
  switch (loading.phase) {
    case "loading":
      return <p className={`${parts["cardBody"]} ${parts["hint"]}`}>Asking the server…</p>;
    case "locked":
      return <TokenForm onKept={() => void loader.reload()} />;
    case "failed":
      return <FailureNotice failure={loading.failure} />;
    case "ready":
      return children(loading.value);
    default:
      return unreachable(loading);
  }
}
