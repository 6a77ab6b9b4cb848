import { toClipName } from "../../core/clip/clip.ts";
import { fail, succeed, type Result } from "../../core/failure.ts";
import type { SenderSetup } from "../../core/wire/setup.ts";
import { hashFile } from "../clip/hash.ts";
import { startClip } from "../clip/remake.ts";
import { createDeferred } from "../link/deferred.ts";
import { playFile, type Input } from "./input.ts";

/**
 * Opens a video file to be shown over and over: decoded picture by picture where this browser can, so that a receiver with the same file
 * makes the very frames again; else just played.
 */
export async function openFile(file: File, setup: SenderSetup): Promise<Result<Input>> {
  const decoded = await decodeFile(file, setup);
  if (decoded.ok || decoded.failure.kind !== "refused-input") return decoded;
  const played = await playFile(file);
  return played.ok ? played : fail({ ...played.failure, cause: decoded.failure.cause ?? "" });
}

async function decodeFile(
  file: File,
  { widthPx, heightPx, fps }: Pick<SenderSetup, "widthPx" | "heightPx" | "fps">,
): Promise<Result<Input>> {
  const caller = startClip();
  const [opened, hashed] = await Promise.all([caller.call("open", { file }), hashFile(file)]);
  if (!opened.ok) {
    caller.close();
    return opened;
  }
  if (!hashed.ok) {
    caller.close();
    return hashed;
  }
  const times = opened.value;
  const { port1, port2 } = new MessageChannel();
  const plan = { widthPx, heightPx, fps, times };
  const connected = await caller.call("connect", { plan, port: port1 }, { transfer: [port1] });
  if (!connected.ok) {
    caller.close();
    return connected;
  }
  const facts = { name: toClipName(file.name), sizeBytes: file.size, sha256: hashed.value, ...times };
  return succeed({
    pictures: null,
    grab: async () => null,
    clip: { facts, port: port2 },
    // A file that breaks on the way is told by the picture that does not come.
    lost: createDeferred<never>().promise,
    close: caller.close,
  });
}
