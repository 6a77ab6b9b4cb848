import { startNginx } from "../../bench/parts/nginx.ts";
import { openReceiver, openSender } from "../conditions.ts";
import { openHlsSender } from "../hls-conditions.ts";
import { startServer, test } from "../server.ts";
import { startTurn } from "../turn.ts";
import { measurePeer } from "./measure.ts";

test("coturn relays the direct stream", async ({ openDevice }) => {
  const turn = await startTurn();
  const server = await startServer(["--ice", turn.ice]);
  try {
    const contextOf = () => openDevice({ baseURL: server.url });
    const sender = await openSender(await contextOf(), "&size=640x360&kbps=800&relay=1");
    const receiver = await openReceiver(await contextOf(), sender.join, "&relay=1");
    await measurePeer(receiver, "coturn 4.6", "direct WebRTC through TURN alone");
  } finally {
    await server.stop();
    await turn.stop();
  }
});

test("nginx takes files by PUT and serves them", async ({ openDevice }) => {
  const nginx = await startNginx({}, "dav");
  if (nginx === null) throw new Error("nginx is not installed");
  const put = `http://127.0.0.1:${nginx.port}/live/{name}`;
  const shape = "&size=640x360&kbps=800&segment=1&part=200";
  try {
    const sender = await openHlsSender(await openDevice(), `${shape}&put=${encodeURIComponent(put)}`);
    const receiver = await (await openDevice()).newPage();
    await receiver.goto(sender.link);
    await measurePeer(receiver, "nginx 1.22, DAV", "PUT of HLS of 1 s and 200 ms parts, hls.js");
  } finally {
    await nginx.stop();
  }
});
