import { AwsV4Signer } from "aws4fetch";

import type { S3Setup } from "../../../core/wire/s3-setup.ts";
import type { SignS3 } from "./destination.ts";

/**
 * Signs by AWS Signature Version 4, in the headers and without the body's hash (`UNSIGNED-PAYLOAD`), which TLS guards:
 * https://docs.aws.amazon.com/AmazonS3/latest/API/sig-v4-header-based-auth.html
 * `now` gives the time of signing as YYYYMMDD'T'HHMMSS'Z'; absent: the time of this device's clock.
 */
export function createS3Signer(setup: S3Setup, now?: () => string): SignS3 {
  // Keys of a day are derived once: there are several files a second.
  const cache = new Map<string, ArrayBuffer>();
  return async ({ method, url, headers }) => {
    const signer = new AwsV4Signer({
      method,
      url,
      headers,
      service: "s3",
      accessKeyId: setup.s3KeyId,
      secretAccessKey: setup.s3Secret,
      cache,
      ...(setup.s3SessionToken === "" ? {} : { sessionToken: setup.s3SessionToken }),
      ...(setup.s3Region === "" ? {} : { region: setup.s3Region }),
      ...(now === undefined ? {} : { datetime: now() }),
    });
    const given = new Set(Object.keys(headers).map((name) => name.toLowerCase()));
    const added = [...(await signer.sign()).headers].filter(([name]) => !given.has(name));
    return { ...headers, ...Object.fromEntries(added) };
  };
}
