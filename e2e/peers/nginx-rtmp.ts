import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { freePort } from "../free-port.ts";

/** nginx with its RTMP module: takes a stream by RTMP from who has the key, and gives it out as HLS. Whoever started it stops it. */
export type RtmpServer = {
  /** What a publisher is given; the stream key is `right`. */
  readonly publishUrl: string;
  /** Where its playlist stands, once there is one. */
  readonly playUrl: string;
  readonly hasPlaylist: () => boolean;
  readonly stop: () => Promise<void>;
};

/** Starts nginx in a folder of its own; a stream key other than `right` is refused. */
export async function startRtmpServer(): Promise<RtmpServer> {
  const folder = await mkdtemp(join(tmpdir(), "streamgauge-rtmp-"));
  await Promise.all(["logs", "hls"].map((name) => mkdir(join(folder, name))));
  // The module asks whether a stream may be published by a form whose `name` is the stream key.
  const keys = createServer((request, response) => {
    let form = "";
    request.setEncoding("utf8").on("data", (text: string) => {
      form += text;
    });
    request.on("end", () => {
      response.writeHead(new URLSearchParams(form).get("name") === "right" ? 200 : 403).end();
    });
  });
  await new Promise<void>((resolve) => void keys.listen(0, "127.0.0.1", resolve));
  const [rtmpPort, httpPort] = [await freePort(), await freePort()];
  const keysPort = (keys.address() as AddressInfo).port;
  await writeFile(join(folder, "nginx.conf"), configFor(folder, rtmpPort, httpPort, keysPort));
  const child = spawn("nginx", ["-p", folder, "-c", join(folder, "nginx.conf")], { stdio: "inherit" });
  const exited = once(child, "exit");
  return {
    publishUrl: `rtmp://127.0.0.1:${rtmpPort}/live/right`,
    playUrl: `http://127.0.0.1:${httpPort}/hls/right.m3u8`,
    hasPlaylist: () => existsSync(join(folder, "hls/right.m3u8")),
    stop: async () => {
      child.kill("SIGTERM");
      await exited;
      keys.close();
      await rm(folder, { recursive: true });
    },
  };
}

function configFor(folder: string, rtmpPort: number, httpPort: number, keysPort: number): string {
  const user = process.getuid?.() === 0 ? "user root;" : "";
  return `load_module /usr/lib/nginx/modules/ngx_rtmp_module.so;
${user} daemon off; worker_processes 1; pid ${folder}/pid; error_log ${folder}/error.log;
events { worker_connections 256; }
rtmp {
  access_log off;
  server {
    listen 127.0.0.1:${rtmpPort};
    application live {
      live on; on_publish http://127.0.0.1:${keysPort}/publish;
      hls on; hls_path ${folder}/hls; hls_fragment 1s; hls_playlist_length 8s; hls_cleanup off;
    }
  }
}
http {
  access_log off;
  client_body_temp_path ${folder}/body; proxy_temp_path ${folder}/proxy; fastcgi_temp_path ${folder}/fastcgi;
  uwsgi_temp_path ${folder}/uwsgi; scgi_temp_path ${folder}/scgi;
  types { application/vnd.apple.mpegurl m3u8; video/mp2t ts; }
  server {
    listen 127.0.0.1:${httpPort}; root ${folder};
    add_header Access-Control-Allow-Origin * always; add_header Cache-Control no-cache always;
  }
}
`;
}
