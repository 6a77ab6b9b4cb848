import { existsSync } from "node:fs";
import { createServer as createHttp } from "node:http";
import { join } from "node:path";

import { fail, succeed, type Result } from "../core/failure.ts";
import { serveBuiltPage } from "../server/built-page.ts";
import type { Handler, StreamgaugeServer } from "../server/server.ts";
import { projectDirectory } from "./place.ts";

/** Where the page comes from. */
export type Page = {
  readonly handler: Handler;
  /** The upgrades the page's own tools need, before those of the server are asked. */
  readonly wrap: (upgrade: StreamgaugeServer["upgrade"]) => StreamgaugeServer["upgrade"];
  readonly close: () => Promise<void>;
};

/** The page as `npm run build` left it. */
export function openBuiltPage(): Result<Page> {
  const directory = join(projectDirectory, "dist", "page");
  if (!existsSync(join(directory, "index.html"))) {
    return fail({
      kind: "unsupported",
      what: "Serving the page",
      where: directory,
      next: "It has not been built: run npm run build, or start with npm start.",
    });
  }
  return succeed({ handler: serveBuiltPage(directory), wrap: (upgrade) => upgrade, close: async () => {} });
}

/** The page as Vite makes it while the sources change, mounted on our own port: one server, one origin. */
export async function openDevelopmentPage(): Promise<Page> {
  const { createServer } = await import("vite");
  // Vite listens for its hot-reload socket on a server of its own choosing; this one is only ever handed upgrades.
  const reloads = createHttp();
  const vite = await createServer({
    root: projectDirectory,
    appType: "spa",
    server: { middlewareMode: true, hmr: { server: reloads }, allowedHosts: true },
  });
  return {
    handler: (request, response, next) => vite.middlewares(request, response, next),
    wrap: (upgrade) => (request, socket, head) => {
      const isReload = (request.headers["sec-websocket-protocol"] ?? "").startsWith("vite-");
      if (isReload) reloads.emit("upgrade", request, socket, head);
      else upgrade(request, socket, head);
    },
    close: () => vite.close(),
  };
}
