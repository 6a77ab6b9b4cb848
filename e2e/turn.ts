import { spawn, type ChildProcess } from "node:child_process";
import { createServer } from "node:net";

/** A TURN server on loopback, and what a page needs to use it. Whoever started it stops it. */
export type TurnServer = {
  /** As `--ice` of the start command takes it. */
  readonly ice: string;
  readonly stop: () => Promise<void>;
};

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  if (address === null || typeof address === "string") throw new Error("no port was given");
  return address.port;
}

async function untilSaid(child: ChildProcess, words: RegExp): Promise<void> {
  let said = "";
  await new Promise<void>((resolve, reject) => {
    const listen = (piece: Buffer) => {
      said += piece.toString();
      if (words.test(said)) resolve();
    };
    child.stdout?.on("data", listen);
    child.stderr?.on("data", listen);
    child.once("error", reject);
    child.once("exit", (code) => reject(new Error(`turnserver ended with ${code}: ${said.slice(-2000)}`)));
  });
}

/** Starts a real coturn that relays between loopback peers only. Throws when coturn is not installed. */
export async function startTurn(): Promise<TurnServer> {
  const port = await freePort();
  const child = spawn(
    "turnserver",
    [
      "-n",
      "--log-file=stdout",
      "--no-tls",
      "--no-dtls",
      "--no-cli",
      "--listening-ip=127.0.0.1",
      "--relay-ip=127.0.0.1",
      `--listening-port=${port}`,
      "--allow-loopback-peers",
      "--lt-cred-mech",
      "--user=gauge:loopback",
      "--realm=streamgauge",
      "--pidfile=/dev/null",
      "--userdb=:memory:",
    ],
    { stdio: ["ignore", "pipe", "pipe"] },
  );
  const ended = new Promise<void>((resolve) => child.once("exit", () => resolve()));
  await untilSaid(child, /SQLite DB connection success|listener opened/i);
  return {
    ice: `turn:gauge:loopback@127.0.0.1:${port}?transport=udp`,
    stop: async () => {
      child.kill("SIGKILL");
      await ended;
    },
  };
}
