import { useState, type ReactNode } from "react";

import { Button } from "./Button.tsx";

/** Copies a link; says whether it worked, since browsers may refuse the clipboard. */
export function CopyLink(props: { readonly link: string; readonly label?: string }): ReactNode {
  const [outcome, setOutcome] = useState<"idle" | "copied" | "refused">("idle");
  const words = { idle: props.label ?? "Copy link", copied: "Copied", refused: "Clipboard refused" }[outcome];
  return (
    <Button
      onPress={() => {
        navigator.clipboard.writeText(props.link).then(
          () => setOutcome("copied"),
          () => setOutcome("refused"),
        );
      }}
      title={props.link}
    >
      {words}
    </Button>
  );
}
