import type { ClipFacts } from "../../core/clip/clip.ts";
import { fail, succeed, type Failure, type Result } from "../../core/failure.ts";
import { createCaller } from "../workers/call.ts";
import type { HashJobs } from "./clip.protocol.ts";

const known = new WeakMap<File, Promise<Result<string>>>();

async function hash(file: File): Promise<Result<string>> {
  const caller = createCaller<HashJobs>({
    start: () => new Worker(new URL("./hash.worker.ts", import.meta.url), { type: "module" }),
    what: "reading the file for its hash",
  });
  try {
    return await caller.call("hash", { file });
  } finally {
    caller.close();
  }
}

/** What could not be read now may be read when it is asked for again. */
async function forgetFailed(file: File, hashing: Promise<Result<string>>): Promise<void> {
  const hashed = await hashing;
  if (!hashed.ok) known.delete(file);
}

/** SHA-256 of a file, 64 hexadecimal digits, read in pieces by a worker; a file that was hashed or is being hashed is not read again. */
export function hashFile(file: File): Promise<Result<string>> {
  const before = known.get(file);
  if (before !== undefined) return before;
  const hashing = hash(file);
  known.set(file, hashing);
  void forgetFailed(file, hashing);
  return hashing;
}

/** Checks that a file is the one that a sender sends; says what is wrong with it, else. */
export async function checkClip(
  file: File,
  clip: Pick<ClipFacts, "name" | "sizeBytes" | "sha256">,
): Promise<Result<null>> {
  if (file.size !== clip.sizeBytes) {
    return fail(otherFile(file, clip, `it has ${file.size} bytes, the file that was sent ${clip.sizeBytes}`));
  }
  const hashed = await hashFile(file);
  if (!hashed.ok) return hashed;
  if (hashed.value === clip.sha256) return succeed(null);
  const [got, sent] = [hashed.value.slice(0, 12), clip.sha256.slice(0, 12)];
  return fail(
    otherFile(file, clip, `its SHA-256 begins with ${got}, that of the file that was sent with ${sent}`),
  );
}

function otherFile(file: File, { name }: Pick<ClipFacts, "name">, difference: string): Failure {
  return {
    kind: "refused-input",
    what: "This is not the file that was sent",
    where: file.name,
    next: `Choose the very file that the sender sends, ${name}: ${difference}.`,
  };
}
