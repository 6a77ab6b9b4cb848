import { expect, it } from "vitest";

import { s3Defaults } from "../../../core/wire/s3-setup.ts";
import { createS3Signer } from "./s3.ts";

/** Credentials, time and requests of Amazon's own examples (Signature Calculations for the Authorization Header: S3 API reference). */
const setup = {
  ...s3Defaults,
  s3KeyId: "AKIAIOSFODNN7EXAMPLE",
  s3Secret: "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
};
const nowText = "20130524T000000Z";
const url = "https://examplebucket.s3.amazonaws.com/test$file.text";

it("signs the PUT of Amazon's published example as it is signed there", async () => {
  const headers = await createS3Signer(
    setup,
    () => nowText,
  )({
    method: "PUT",
    url,
    headers: {
      Date: "Fri, 24 May 2013 00:00:00 GMT",
      "x-amz-storage-class": "REDUCED_REDUNDANCY",
      "x-amz-content-sha256": "44ce7dd67c959e0d3524ffac1771dfbba87d2b6b4b4e99e42034a8b803f8b072",
    },
  });
  expect(headers["authorization"]).toBe(
    "AWS4-HMAC-SHA256 Credential=AKIAIOSFODNN7EXAMPLE/20130524/us-east-1/s3/aws4_request, " +
      "SignedHeaders=date;host;x-amz-content-sha256;x-amz-date;x-amz-storage-class, " +
      "Signature=98ad721746da40c64f1a55b78f14c238d841ea1380cd77a1b5971af0ece108bd",
  );
});

it("leaves the body unsigned, names region and session, and shows the secret nowhere", async () => {
  const sign = createS3Signer({ ...setup, s3Region: "eu-central-1", s3SessionToken: "s3ssion" });
  const headers = await sign({ method: "PUT", url, headers: { "x-amz-acl": "public-read" } });
  expect(headers).toMatchObject({
    "x-amz-content-sha256": "UNSIGNED-PAYLOAD",
    "x-amz-security-token": "s3ssion",
    "x-amz-acl": "public-read",
  });
  expect(headers["authorization"]).toContain("/eu-central-1/s3/aws4_request");
  expect(headers["authorization"]).toContain(
    "x-amz-acl;x-amz-content-sha256;x-amz-date;x-amz-security-token",
  );
  expect(JSON.stringify(headers)).not.toContain(setup.s3Secret);
});
