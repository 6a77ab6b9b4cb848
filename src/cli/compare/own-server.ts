import { succeed, type Result } from "../../core/failure.ts";
import { serve } from "../../server/serve.ts";
import { createStreamgaugeServer } from "../../server/server.ts";
import { openBuiltPage } from "../page.ts";
import { readVersion } from "../place.ts";

/** A server of the instrument for the time of a comparison. Whoever opened it closes it. */
export type ComparisonServer = {
  /** Such as `http://127.0.0.1:40123`. */
  readonly origin: string;
  readonly isOwn: boolean;
  readonly close: () => Promise<void>;
};

/** Where a server is listened to: by this machine alone, or on all its addresses, for browsers in network namespaces of it. */
export type ServerReach = "loopback" | "all-addresses";

/** Starts a server in this process, on any free port. */
export async function openOwnServer(reach: ServerReach): Promise<Result<ComparisonServer>> {
  const page = openBuiltPage();
  if (!page.ok) return page;
  const server = createStreamgaugeServer({
    page: page.value.handler,
    pageMode: "built",
    version: await readVersion(),
    names: [],
    iceServers: [],
    turnSecret: null,
  });
  const serving = await serve(server, {
    port: 0,
    host: reach === "loopback" ? "127.0.0.1" : null,
    certificate: null,
  });
  if (!serving.ok) return serving;
  return succeed({
    origin: `http://127.0.0.1:${serving.value.port}`,
    isOwn: true,
    close: serving.value.close,
  });
}
