import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { cp, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { freePort } from "../free-port.ts";
import { installed, untilAnswered } from "./installed.ts";

/**
 * Janus with Meetecho's own WHIP and WHEP servers before it, for one stream: nothing between the two pages is of this project.
 * Whoever started it stops it.
 */
export type Meetecho = {
  readonly whipUrl: string;
  readonly whepUrl: string;
  /** Whether the WHIP server holds a publisher's session. */
  readonly isPublished: () => Promise<boolean>;
  /** Players that the WHEP server let in, and those that left by DELETE. */
  readonly viewerCounts: () => { readonly came: number; readonly left: number };
  readonly stop: () => Promise<void>;
};

const packages = join(installed, "node_modules");

const room = 1;
const mountpoint = 1;
const endpoint = "gauge";

/** Plugins and more that are not needed here; some of it brings Janus down now and then while it starts. */
const unneeded = {
  plugins: "audiobridge duktape echotest lua nosip recordplay sip textroom videocall voicemail",
  transports: "http mqtt nanomsg pfunix rabbitmq",
  loggers: "jsonlog",
};

const janusConfig = `general: { protected_folders = [] }
${Object.entries(unneeded)
  .map(([kind, names]) => {
    const files = names.split(" ").map((name) => `libjanus_${name}.so`);
    return `${kind}: { disable = "${files.join(",")}" }`;
  })
  .join("\n")}
`;

/** Starts Janus and both servers in a folder of their own; `token` is what publishers and players need. */
export async function startMeetecho(token: string): Promise<Meetecho> {
  const directory = await mkdtemp(join(tmpdir(), "streamgauge-meetecho-"));
  const ports = { api: await freePort(), rtp: await freePort(), rtcp: await freePort() };
  const janus = await startJanus(directory, ports);
  const [whipPort, whepPort] = [await freePort(), await freePort()];
  const whip = await startWhip(directory, `ws://127.0.0.1:${ports.api}`, whipPort);
  const whep = startWhep(`ws://127.0.0.1:${ports.api}`, whepPort, token);
  const whipBase = `http://127.0.0.1:${whipPort}/whip`;
  const whepBase = `http://127.0.0.1:${whepPort}/whep`;
  await untilAnswered(`${whipBase}/healthcheck`);
  await untilAnswered(`${whepBase}/healthcheck`);
  // What is published in the room is handed on to the mountpoint that players are given.
  const recipient = { host: "127.0.0.1", videoPort: ports.rtp, videoRtcpPort: ports.rtcp };
  const made = await fetch(`${whipBase}/create`, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify({ id: endpoint, room, token, recipient }),
  });
  if (!made.ok) throw new Error(`the WHIP server made no endpoint: ${await made.text()}`);
  return {
    whipUrl: `${whipBase}/endpoint/${endpoint}`,
    whepUrl: `${whepBase}/endpoint/${endpoint}`,
    isPublished: async () => {
      const list = (await (await fetch(`${whipBase}/endpoints`)).json()) as readonly {
        readonly enabled: boolean;
      }[];
      return list.some(({ enabled }) => enabled);
    },
    viewerCounts: () => ({
      came: countOf(whep.said(), "Subscribing to WHEP endpoint"),
      left: countOf(whep.said(), "Terminating WHEP session"),
    }),
    stop: async () => {
      for (const child of [whep.child, whip, janus]) await end(child);
      await rm(directory, { recursive: true });
    },
  };
}

type JanusPorts = { readonly api: number; readonly rtp: number; readonly rtcp: number };

async function startJanus(directory: string, { api, rtp, rtcp }: JanusPorts): Promise<ChildProcess> {
  const files = {
    "janus.jcfg": janusConfig,
    "janus.transport.websockets.jcfg": `general: { ws = true; ws_port = ${api}; ws_ip = "127.0.0.1" }\n`,
    "janus.plugin.videoroom.jcfg": `room-${room}: { publishers = 1; videocodec = "h264" }\n`,
    "janus.plugin.streaming.jcfg": `${endpoint}: {
  type = "rtp"; id = ${mountpoint};
  media = ({ type = "video"; mid = "v"; port = ${rtp}; rtcpport = ${rtcp}; pt = 96; codec = "h264";
    fmtp = "level-asymmetry-allowed=1;packetization-mode=1;profile-level-id=42e01f" })
}
`,
  };
  for (const [name, text] of Object.entries(files)) await writeFile(join(directory, name), text);
  return spawn("janus", ["-F", directory, "-d", "0"], { cwd: directory, stdio: "ignore" });
}

/** Its configuration is a module beside its code. */
async function startWhip(directory: string, janusUrl: string, port: number): Promise<ChildProcess> {
  const folder = join(directory, "whip");
  for (const file of ["server.js", "whip-janus.js"])
    await cp(join(installed, "debian/usr/share/simple-whip-server/src", file), join(folder, file));
  const config = { janus: { address: janusUrl }, port, rest: "/whip", allowTrickle: true, iceServers: [] };
  await writeFile(join(folder, "config.js"), `module.exports = ${JSON.stringify(config)};\n`);
  const env = { ...process.env, NODE_PATH: packages };
  return spawn(process.execPath, ["server.js"], { cwd: folder, env, stdio: "ignore" });
}

function startWhep(
  janusUrl: string,
  port: number,
  token: string,
): { readonly child: ChildProcess; readonly said: () => string } {
  const options = { janus: { address: janusUrl }, rest: { port, basePath: "/whep" } };
  const script = `import { JanusWhepServer } from "janus-whep-server";
const server = new JanusWhepServer(${JSON.stringify(options)});
await server.start();
// Janus 1.1 makes the offer whatever it is asked; the server knows that of Janus 0 alone.
server.multistream = false;
server.createEndpoint(${JSON.stringify({ id: endpoint, mountpoint, token })});`;
  const child = spawn(process.execPath, ["--input-type=module", "--eval", script], {
    cwd: installed,
    stdio: ["ignore", "pipe", "ignore"],
  });
  let said = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    said += text;
  });
  return { child, said: () => said };
}

function countOf(text: string, words: string): number {
  return text.split(words).length - 1;
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exited = once(child, "exit");
  child.kill("SIGKILL");
  await exited;
}
