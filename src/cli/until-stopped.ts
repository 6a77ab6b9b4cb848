const signals = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

/**
 * Hears of Ctrl-C or a request to end (SIGINT, SIGTERM, SIGHUP). While what was started ends itself, a second one ends the process
 * at once. The answer stops hearing.
 */
export function onceAskedToStop(onAsked: (signal: NodeJS.Signals) => void): () => void {
  let asked = false;
  const onSignal = (signal: NodeJS.Signals): void => {
    if (asked) process.exit(130);
    asked = true;
    onAsked(signal);
  };
  for (const signal of signals) process.on(signal, onSignal);
  return () => {
    for (const signal of signals) process.off(signal, onSignal);
  };
}
