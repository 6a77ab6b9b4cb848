import { spawn, type ChildProcess } from "node:child_process";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { connect, createServer, type AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** nginx that serves a folder of its own with one worker, as the origin has one process. */
export type Nginx = { readonly port: number; readonly stop: () => Promise<void> };

/** What the server is for: handing out files that stay, or taking files that pages of any origin put (its DAV module). */
type Purpose = "static" | "dav";

/** Starts nginx with these files; null when it is not installed. */
export async function startNginx(
  files: Readonly<Record<string, Uint8Array>>,
  purpose: Purpose = "static",
): Promise<Nginx | null> {
  const folder = await mkdtemp(join(tmpdir(), "streamgauge-nginx-"));
  await mkdir(join(folder, "logs"));
  for (const [name, bytes] of Object.entries(files)) await writeFile(join(folder, name), bytes);
  const port = await freePort();
  await writeFile(join(folder, "nginx.conf"), configFor(folder, port, purpose));
  const child = spawn("nginx", ["-p", folder, "-c", join(folder, "nginx.conf")], {
    // Where Debian has it, and not every user's PATH.
    env: { ...process.env, PATH: `${process.env["PATH"] ?? ""}:/usr/sbin` },
    stdio: "ignore",
  });
  const exited = new Promise<"ended">((resolve) => {
    child.once("error", () => resolve("ended"));
    child.once("exit", () => resolve("ended"));
  });
  if ((await Promise.race([exited, untilUp(port, child)])) === "ended") {
    await rm(folder, { recursive: true });
    return null;
  }
  return {
    port,
    stop: async () => {
      child.kill("SIGTERM");
      await exited;
      await rm(folder, { recursive: true });
    },
  };
}

const locations: Readonly<Record<Purpose, string>> = {
  static: "open_file_cache max=100;",
  dav: `location / {
    dav_methods PUT DELETE; create_full_put_path on; client_max_body_size 32m;
    types { application/vnd.apple.mpegurl m3u8; video/mp4 mp4; video/iso.segment m4s; }
    add_header Cache-Control no-cache always;
    add_header Access-Control-Allow-Origin * always;
    add_header Access-Control-Allow-Methods "GET, HEAD, PUT, DELETE" always;
    add_header Access-Control-Allow-Headers "Content-Type, Authorization" always;
    if ($request_method = OPTIONS) { return 204; }
  }`,
};

function configFor(folder: string, port: number, purpose: Purpose): string {
  const user = process.getuid?.() === 0 ? "user root;" : "";
  return `${user} daemon off; worker_processes 1; pid ${folder}/pid; error_log ${folder}/error.log;
events { worker_connections 4096; }
http {
  access_log off; keepalive_requests 1000000; tcp_nodelay on; sendfile on;
  client_body_temp_path ${folder}/body; proxy_temp_path ${folder}/proxy; fastcgi_temp_path ${folder}/fastcgi;
  uwsgi_temp_path ${folder}/uwsgi; scgi_temp_path ${folder}/scgi;
  server { listen 127.0.0.1:${port}; root ${folder}; ${locations[purpose]} }
}
`;
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => {
    server.listen(0, "127.0.0.1", resolve);
  });
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => {
    server.close(resolve);
  });
  return port;
}

async function untilUp(port: number, child: ChildProcess): Promise<"up"> {
  for (;;) {
    if (child.exitCode !== null || (await isUp(port))) return "up";
  }
}

function isUp(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, "127.0.0.1", () => {
      socket.destroy();
      resolve(true);
    });
    // Tried again a little later, until nginx listens or ends.
    socket.once("error", () => setTimeout(() => resolve(false), 20));
  });
}
