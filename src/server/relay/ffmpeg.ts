import { spawn } from "node:child_process";
import type { Writable } from "node:stream";

import type { Failure, FailureKind } from "../../core/failure.ts";
import { redact, type RelayTarget } from "./targets.ts";

/** How far a relay's ffmpeg is. */
export type RelayProgress = { readonly sentFrameCount: number; readonly sentBytes: number };

/** What a relay's ffmpeg tells. */
export type RelayListener = {
  /** From the moment on when the target takes the stream. */
  readonly onProgress: (progress: RelayProgress) => void;
  /** Once, last. Null: it came to the end of the stream and the target took it all. */
  readonly onEnd: (failure: Failure | null) => void;
};

/** One ffmpeg that sends one stream on. */
export type RelayProcess = {
  /** Takes the Matroska stream. */
  readonly stdin: Writable;
  /** Ends it: at once, and by force where it does not go. */
  readonly kill: () => void;
};

/** How long it may take to say goodbye to the target before it is killed, ms. */
const goodbyeMs = 3000;
/** How long a target may take to answer or to take more, us. */
const networkPatienceUs = 10_000_000;
/** What it said last is kept to this many characters. */
const keptWords = 4000;

/** Arguments that send a Matroska stream on as it is, without waiting to learn more of it. */
export function relayArgs(target: RelayTarget): readonly string[] {
  const input =
    "-hide_banner -nostdin -nostats -loglevel warning -progress pipe:1 -stats_period 0.5 " +
    "-probesize 32 -analyzeduration 0 -fpsprobesize 0 -f matroska -i pipe:0 -map 0:v:0 -c copy";
  const output =
    target.protocol === "srt"
      ? "-f mpegts -muxdelay 0 -muxpreload 0 -flush_packets 1 -mpegts_flags +resend_headers"
      : `-f flv -flvflags no_duration_filesize -flush_packets 1 -rw_timeout ${networkPatienceUs}`;
  return [...input.split(" "), ...output.split(" "), withTimeout(target)];
}

function withTimeout({ url, protocol }: RelayTarget): string {
  if (protocol !== "srt" || url.includes("connect_timeout=")) return url;
  // Milliseconds, unlike its other times.
  return `${url}${url.includes("?") ? "&" : "?"}connect_timeout=${networkPatienceUs / 1000}`;
}

/** Starts ffmpeg; whatever happens to it is told by the listener. */
export function startRelayProcess(
  ffmpegPath: string,
  target: RelayTarget,
  listener: RelayListener,
): RelayProcess {
  // No environment beyond what finding libraries and names takes: tokens of the server are none of its business.
  const env = { PATH: process.env["PATH"] ?? "", HOME: process.env["HOME"] ?? "", LC_ALL: "C" };
  const child = spawn(ffmpegPath, relayArgs(target), { stdio: ["pipe", "pipe", "pipe"], env });
  let said = "";
  let force: NodeJS.Timeout | null = null;
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    said = (said + text).slice(-keptWords);
  });
  const take = createProgressReader(listener.onProgress);
  child.stdout.setEncoding("utf8").on("data", take);
  // What a broken pipe means is told by the exit, in ffmpeg's own words.
  child.stdin.on("error", () => undefined);
  let isOver = false;
  const end = (failure: Failure | null): void => {
    if (isOver) return;
    isOver = true;
    if (force !== null) clearTimeout(force);
    listener.onEnd(failure);
  };
  child.on("error", (error) => end(notStarted(error)));
  child.on("close", (code) => end(code === 0 ? null : brokenOff(said, target)));
  return {
    stdin: child.stdin,
    kill: () => {
      if (isOver || force !== null) return;
      child.kill("SIGTERM");
      force = setTimeout(() => child.kill("SIGKILL"), goodbyeMs);
    },
  };
}

/** Reads `-progress`: lines of key=value, a block ending with `progress=`. Silent until a frame has gone out. */
function createProgressReader(onProgress: (progress: RelayProgress) => void): (text: string) => void {
  let rest = "";
  let block: Record<string, number> = {};
  return (text) => {
    const lines = (rest + text).split("\n");
    rest = lines.pop() ?? "";
    for (const line of lines) {
      const [key = "", value = ""] = line.split("=");
      if (key !== "progress") block[key] = Number(value);
      else {
        const { frame = 0, total_size: sentBytes = 0 } = block;
        const isCount = Number.isSafeInteger(sentBytes) && sentBytes > 0;
        if (frame > 0) onProgress({ sentFrameCount: frame, sentBytes: isCount ? sentBytes : 0 });
        block = {};
      }
    }
  };
}

type Meaning = {
  readonly words: RegExp;
  readonly kind: FailureKind;
  readonly what: string;
  readonly next: string;
};

/** ffmpeg's own words, by what they mean for the user; the first that fits counts. */
const meanings: readonly Meaning[] = [
  {
    words: /Unknown (?:output format|muxer)|Protocol not found|Requested output format/,
    kind: "unsupported",
    what: "The server's ffmpeg cannot send to such a target",
    next: "Install an ffmpeg that was built with it (rtmps needs TLS, srt needs libsrt), or choose another kind of target.",
  },
  {
    words: /NetStream\.Publish\.(?:BadName|Denied|Rejected)|already publishing|Stream already/i,
    kind: "denied",
    what: "The target refused the stream key",
    next: "Check the stream key and that no other sender uses it, then start again.",
  },
  {
    words:
      /NetConnection\.Connect\.(?:Rejected|InvalidApp|Failed|Closed)|authmod|Unauthorized|ERROR:BADAUTH|code=403/i,
    kind: "denied",
    what: "The target refused the connection",
    next: "Check the application's name in the URL, user and password.",
  },
  {
    words: /ERROR:PEER|ERROR:BADSECRET|ERROR:UNSECURE|Connection was rejected|passphrase/i,
    kind: "denied",
    what: "The target refused the SRT connection",
    next: "Check streamid and passphrase.",
  },
  {
    words: /Failed to resolve|Name or service not known|Temporary failure in name/,
    kind: "unreachable",
    what: "The target's name is not known",
    next: "Check the host in the URL, and that the server is online.",
  },
  {
    words: /Connection refused/,
    kind: "unreachable",
    what: "Nothing listens at the target",
    next: "Check host and port, and that the target is started.",
  },
  {
    words:
      /Connection timed out|Connection setup failure|timed? ?out|No route to host|Network is unreachable/i,
    kind: "unreachable",
    what: "The target does not answer",
    next: "Check host and port, and that no firewall stands between the server and it.",
  },
  {
    words: /certificate|TLS|SSL/,
    kind: "unreachable",
    what: "No secure connection to the target could be made",
    next: "Check host and port; a target without TLS is reached by rtmp:// instead of rtmps://.",
  },
  {
    words: /Invalid data found when processing input|EBML|Could not find codec parameters/,
    kind: "refused-input",
    what: "The server's ffmpeg could not read the page's stream",
    next: "Reload the page and start again: page and server are probably of different versions.",
  },
  {
    words: /incorrect codec parameters|not supported in|Video codec .* not compatible|Tag .* incompatible/,
    kind: "unsupported",
    what: "The target does not take this codec",
    next: "Choose H.264: RTMP and SRT targets take it everywhere.",
  },
];

const fallback = {
  kind: "ended-early",
  what: "The target ended the stream",
  next: "A wrong stream key is the usual reason, another is that the target went away. Check both and start again.",
} as const;

/** What an ffmpeg that ended by itself wanted to say. */
export function brokenOff(said: string, target: Pick<RelayTarget, "shown" | "secrets">): Failure {
  const { kind, what, next } = meanings.find(({ words }) => words.test(said)) ?? fallback;
  const last = redact(said, target)
    .split("\n")
    .filter((line) => line.trim() !== "")
    .slice(-2)
    .join(" / ");
  return {
    kind,
    what,
    where: target.shown,
    next,
    cause: (last === "" ? "ffmpeg ended" : last).slice(0, 900),
  };
}

function notStarted(error: Error): Failure {
  return {
    kind: "unsupported",
    what: "The server has no ffmpeg to relay with",
    where: "this server",
    next: "Install ffmpeg on it (Debian: apt install ffmpeg), or set FFMPEG_PATH, then start again.",
    cause: error.message,
  };
}
