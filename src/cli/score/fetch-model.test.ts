import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";

import { afterAll, beforeAll, expect, it } from "vitest";

import { smallModel as model } from "../../core/quality/small-model.fake.ts";
import { fetchModel } from "./fetch-model.ts";

let server: Server;
let isBrokenOff = false;

beforeAll(async () => {
  server = createServer(({ url }, response) => {
    if (url === "/small.json") {
      response.end(JSON.stringify(model));
    } else if (url === "/endless.json") {
      const pour = (): void => {
        while (!response.destroyed && response.write("x".repeat(100_000)));
      };
      response.on("drain", pour).on("close", () => (isBrokenOff = true));
      pour();
    } else {
      response.writeHead(404).end();
    }
  });
  await new Promise<void>((resolve) => void server.listen(0, "127.0.0.1", resolve));
});

afterAll(() => void server.close());

function at(path: string): string {
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/${path}`;
}

it("a model is fetched from its address", async () => {
  expect(await fetchModel(at("small.json"))).toMatchObject({ value: { name: "small.json", gamma: 2 } });
});

it.each([
  ["missing.json", "unreachable", "HTTP status 404"],
  ["endless.json", "refused-input", "characters"],
])("%s is refused in words", async (path, kind, cause) => {
  expect(await fetchModel(at(path))).toMatchObject({
    failure: {
      kind,
      cause: expect.stringContaining(cause) as string,
    },
  });
});

it("what pours out for ever is broken off, and where nobody listens it is said", async () => {
  await expect.poll(() => isBrokenOff).toBe(true);
  expect(await fetchModel("http://127.0.0.1:1/small.json")).toMatchObject({
    failure: { kind: "unreachable", next: expect.stringContaining("name a file") as string },
  });
});
