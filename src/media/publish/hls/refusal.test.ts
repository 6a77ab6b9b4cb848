import { expect, it } from "vitest";

import { refusalOf } from "./refusal.ts";

const xml = (code: string): string => `<?xml version="1.0"?>\n<Error><Code>${code}</Code></Error>`;

it.each([
  [403, xml("SignatureDoesNotMatch"), "denied", /secret access key/],
  [403, xml("RequestTimeTooSkewed"), "denied", /clock/],
  [400, xml("AuthorizationHeaderMalformed"), "refused-input", /region/],
  [404, xml("NoSuchBucket"), "refused-input", /bucket/],
  [400, xml("Unheard"), "refused-input", /address/],
  [403, "<html>no</html>", "denied", /headers and the signature/],
  [405, "", "refused-input", /takes PUT/],
])("a server that answers %i %s is understood", async (status, body, kind, next) => {
  const failure = await refusalOf(new Response(body, { status }), "up.test");
  expect(failure).toMatchObject({ kind, where: "up.test" });
  expect(failure.next).toMatch(next);
  expect(failure.what).toContain(String(status));
});

it("this project's own server speaks for itself", async () => {
  const own = { kind: "denied", what: "hold more", where: "x", next: "y" };
  expect(await refusalOf(Response.json(own, { status: 507 }), "up.test")).toEqual(own);
});
