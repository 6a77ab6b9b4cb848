import { createServer } from "node:http";
import type { AddressInfo } from "node:net";

import { createHlsOrigin } from "../../src/server/hls-origin.ts";

/** What the origin's process tells when asked (any message): what it holds, and the time it has used. */
export type OriginUse = {
  readonly port: number;
  readonly residentBytes: number;
  readonly heldBytes: number;
  readonly cpuMs: number;
};

const origin = createHlsOrigin();
const server = createServer((request, response) => {
  if (origin.handle(request, response) === false) response.writeHead(404).end();
});

function tell(): void {
  globalThis.gc?.();
  const { user, system } = process.cpuUsage();
  const use: OriginUse = {
    port: (server.address() as AddressInfo).port,
    residentBytes: process.memoryUsage.rss(),
    heldBytes: origin.census().heldBytes,
    cpuMs: (user + system) / 1000,
  };
  process.send?.(use);
}

process.on("message", tell);
process.on("disconnect", () => process.exit());
server.listen(0, "127.0.0.1", tell);
