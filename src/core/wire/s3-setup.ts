import * as v from "valibot";

import type { QueryField } from "./query.ts";

/**
 * What a sender's address says about signing each PUT for an S3 bucket (AWS Signature Version 4): a URL that was signed
 * beforehand is good for one file alone. Kept by the tab that was given it, and in no link or message of the page.
 */
export type S3Setup = {
  /** Access key id; empty: nothing is signed. Secret, as it says whose account it is. */
  readonly s3KeyId: string;
  /** Secret access key. Secret. */
  readonly s3Secret: string;
  /** Session token of temporary credentials; empty for those that last. Secret. */
  readonly s3SessionToken: string;
  /** Region that the signature names; empty: read from the address of Amazon S3, R2 and B2, and us-east-1 for others. */
  readonly s3Region: string;
};

/** What stands where the address says nothing. */
export const s3Defaults: S3Setup = { s3KeyId: "", s3Secret: "", s3SessionToken: "", s3Region: "" };

/** A key whose text is a secret of a pattern. */
function secretField(
  key: string,
  name: "s3KeyId" | "s3Secret" | "s3SessionToken",
  pattern: RegExp,
  help: string,
): QueryField<S3Setup> {
  return {
    key,
    help: `${help}; the page puts it in no link`,
    isSecret: true,
    schema: v.pipe(
      v.string(),
      v.regex(pattern),
      v.transform((text) => ({ [name]: text })),
    ),
    show: (setup) => setup[name],
  };
}

/** The query keys of signing for S3. */
export const s3Keys: readonly QueryField<S3Setup>[] = [
  secretField(
    "s3id",
    "s3KeyId",
    /^[\u0021-\u002b\u002d\u002e\u0030-\u007e]{0,200}$/,
    "access key id with which every PUT is signed for S3, up to 200 printable characters without comma and slash",
  ),
  secretField(
    "s3secret",
    "s3Secret",
    /^[\u0021-\u007e]{0,400}$/,
    "secret access key that belongs to s3id, up to 400 printable characters",
  ),
  secretField(
    "s3session",
    "s3SessionToken",
    /^[\u0021-\u007e]{0,4000}$/,
    "session token of temporary S3 credentials, up to 4000 printable characters",
  ),
  {
    key: "s3region",
    help: "region that S3 signatures name, such as eu-central-1; without it the address tells it, or it is us-east-1",
    schema: v.pipe(
      v.string(),
      v.regex(/^[A-Za-z0-9-]{0,60}$/),
      v.transform((s3Region) => ({ s3Region })),
    ),
    show: (setup) => setup.s3Region,
  },
];
