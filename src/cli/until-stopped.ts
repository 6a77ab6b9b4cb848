/**
 * Waits for Ctrl-C or a request to end (SIGINT, SIGTERM, SIGHUP). While what was started ends itself, a second one ends
 * the process at once.
 */
export function untilStopped(): Promise<NodeJS.Signals> {
  const signals = ["SIGINT", "SIGTERM", "SIGHUP"] as const;
  return new Promise((resolve) => {
    let asked = false;
    const onSignal = (signal: NodeJS.Signals): void => {
      if (asked) process.exit(130);
      asked = true;
      resolve(signal);
    };
    for (const signal of signals) process.on(signal, onSignal);
  });
}
