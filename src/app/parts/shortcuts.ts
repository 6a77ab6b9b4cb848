import { useEffect, useRef } from "react";

/** What each key does; keys as `KeyboardEvent.key` gives them, letters in lower case. */
export type Shortcuts = Readonly<Record<string, () => void>>;

/** Listens for the page's keys, except while a control is being typed into or a modifier is held. */
export function useShortcuts(shortcuts: Shortcuts): void {
  const current = useRef(shortcuts);
  useEffect(() => {
    current.current = shortcuts;
  });
  useEffect(() => {
    const listen = (event: KeyboardEvent) => {
      if (event.ctrlKey || event.metaKey || event.altKey || event.repeat || isTaken(event)) return;
      const act = current.current[event.key.toLowerCase()];
      if (act === undefined) return;
      event.preventDefault();
      act();
    };
    addEventListener("keydown", listen);
    return () => removeEventListener("keydown", listen);
  }, []);
}

/** Fields take every key; buttons and links take the space bar. */
function isTaken(event: KeyboardEvent): boolean {
  const target = event.target instanceof HTMLElement ? event.target : null;
  if (target === null) return false;
  if (target.closest("input, select, textarea, dialog") !== null) return true;
  return event.key === " " && target.closest("button, a, summary") !== null;
}
