import { spawn } from "node:child_process";

/** A raw video in 4:2:0, frame after frame. */
export type RawVideo = { readonly bytes: Uint8Array; readonly widthPx: number; readonly heightPx: number };

/** Runs ffmpeg over pipes. Rejects with its own words where it fails or is not installed. */
async function ffmpeg(args: readonly string[], input: Uint8Array): Promise<Uint8Array> {
  const child = spawn("ffmpeg", ["-v", "error", "-nostdin", ...args], { stdio: "pipe" });
  const chunks: Buffer[] = [];
  let words = "";
  child.stdout.on("data", (chunk: Buffer) => chunks.push(chunk));
  child.stderr.on("data", (chunk: Buffer) => {
    words += chunk.toString();
  });
  const ended = new Promise<void>((resolve, reject) => {
    child.on("error", (error) => reject(new Error(`ffmpeg is needed for this benchmark: ${error.message}`)));
    child.on("close", (code) => (code === 0 ? resolve() : reject(new Error(`ffmpeg: ${words}`))));
  });
  // A pipe that ffmpeg closed early says less than ffmpeg itself does at the end.
  child.stdin.on("error", () => {});
  child.stdin.end(input);
  await ended;
  return Buffer.concat(chunks);
}

/** An encoder as WebRTC and live encoders run it: no look-ahead, no frame reordering. */
export type Codec = {
  readonly name: string;
  readonly container: string;
  readonly args: readonly string[];
};

/** The codecs that carry a marker in practice. */
export const codecs: readonly Codec[] = [
  {
    name: "x264",
    container: "h264",
    args: ["-c:v", "libx264", "-preset", "veryfast", "-tune", "zerolatency"],
  },
  { name: "VP8", container: "ivf", args: ["-c:v", "libvpx", "-deadline", "realtime", "-cpu-used", "8"] },
  {
    name: "VP9",
    container: "ivf",
    args: ["-c:v", "libvpx-vp9", "-deadline", "realtime", "-cpu-used", "8"],
  },
];

/** Sends a raw video through an encoder at a bitrate, scaled to `lines` first, and decodes it again. */
export async function throughCodec(
  source: RawVideo,
  codec: Codec,
  lines: number,
  bitrateKbps: number,
): Promise<RawVideo & { readonly sentKbps: number }> {
  const widthPx = Math.round((source.widthPx * lines) / source.heightPx / 2) * 2;
  const raw = ["-f", "rawvideo", "-pix_fmt", "yuv420p"];
  const size = `${source.widthPx}x${source.heightPx}`;
  const rate = `${bitrateKbps}k`;
  const encoded = await ffmpeg(
    [
      ...raw,
      ...`-s ${size} -r 30 -i - -vf scale=${widthPx}:${lines}:flags=bicubic`.split(" "),
      ...codec.args,
      ...`-b:v ${rate} -maxrate ${rate} -bufsize ${rate} -f ${codec.container} -`.split(" "),
    ],
    source.bytes,
  );
  const decoded = await ffmpeg(
    ["-f", codec.container, "-i", "-", "-fps_mode", "passthrough", ...raw, "-"],
    encoded,
  );
  const frameCount = decoded.byteLength / ((widthPx * lines * 3) / 2);
  return {
    bytes: decoded,
    widthPx,
    heightPx: lines,
    sentKbps: Math.round((encoded.byteLength * 8 * 30) / frameCount / 1000),
  };
}
