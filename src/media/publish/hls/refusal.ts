import * as v from "valibot";

import type { Failure, FailureKind } from "../../../core/failure.ts";
import { refusalSchema } from "../../../core/wire/upload.ts";

/** Longest answer that is looked at, characters: refusals are short. */
const maxCharacterCount = 16 * 1024;

/** The words of a server that refuses, or what its status says where it has none that are known. */
export async function refusalOf(answer: Response, where: string): Promise<Failure> {
  const said = await textOf(answer);
  const own = readOwn(said);
  if (own !== null) return own;
  const code = /<Code>(\w{1,60})<\/Code>/.exec(said)?.[1] ?? "";
  const isDenied = answer.status === 401 || answer.status === 403;
  const [kind, next] = s3Refusals[code] ?? [isDenied ? "denied" : "refused-input", wordsFor(isDenied)];
  return {
    kind,
    what: `The server refused a file (HTTP ${answer.status}${code === "" ? "" : `, ${code}`})`,
    where,
    next,
  };
}

async function textOf(answer: Response): Promise<string> {
  try {
    return (await answer.text()).slice(0, maxCharacterCount);
  } catch {
    // Cut off while it was read: its status is all there is to tell.
    return "";
  }
}

/** What this project's own server says. */
function readOwn(said: string): Failure | null {
  try {
    const read = v.safeParse(refusalSchema, JSON.parse(said));
    return read.success ? read.output : null;
  } catch {
    // Other servers refuse in HTML or XML.
    return null;
  }
}

function wordsFor(isDenied: boolean): string {
  return isDenied
    ? "Check the headers and the signature: they have to allow PUT for every file of the stream."
    : "Check the address, and that the server takes PUT and makes folders that are missing.";
}

/** What S3's error codes mean here (Amazon S3 API reference, Error responses). */
const s3Refusals: Readonly<Record<string, readonly [kind: FailureKind, next: string]>> = {
  AccessDenied: [
    "denied",
    "The credentials may not put objects there: allow s3:PutObject (and s3:PutObjectAcl where an x-amz-acl header is sent).",
  ],
  AccessControlListNotSupported: [
    "refused-input",
    "The bucket takes no access control lists: leave the x-amz-acl header out, and let a bucket policy make the files readable.",
  ],
  AuthorizationHeaderMalformed: [
    "refused-input",
    "The signature names another region than the bucket's: give its region.",
  ],
  ExpiredToken: ["denied", "The temporary credentials have run out: give new ones."],
  InvalidAccessKeyId: ["denied", "The store does not know this access key id: check it."],
  InvalidToken: ["denied", "The session token does not belong to these credentials: check it."],
  NoSuchBucket: ["refused-input", "There is no such bucket: check the address, and make the bucket first."],
  RequestTimeTooSkewed: ["denied", "This device's clock is off by more than 15 minutes: set it right."],
  SignatureDoesNotMatch: [
    "denied",
    "The signature is not what the store expects: check secret access key, session token and region.",
  ],
};
