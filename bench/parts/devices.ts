import type { Browser } from "@playwright/test";

import { launchChromium } from "../../e2e/chromium.ts";
import { startServer } from "../../e2e/server.ts";

/** A server, and a browser each for who sends and who receives. */
export type Devices = { readonly url: string; readonly sending: Browser; readonly receiving: Browser };

/** Has two browsers of their own for as long as the work goes on. */
export async function withBrowsers<Answer>(
  url: string,
  work: (devices: Devices) => Promise<Answer>,
): Promise<Answer> {
  const [sending, receiving] = await Promise.all([launchChromium(), launchChromium()]);
  try {
    return await work({ url, sending, receiving });
  } finally {
    await Promise.all([sending.close(), receiving.close()]);
  }
}

/** Has a server of its own for as long as the work goes on. */
export async function withServer<Answer>(work: (url: string) => Promise<Answer>): Promise<Answer> {
  const server = await startServer();
  try {
    return await work(server.url);
  } finally {
    await server.stop();
  }
}

/** Has a server and two browsers of their own for as long as the work goes on. */
export async function withDevices<Answer>(work: (devices: Devices) => Promise<Answer>): Promise<Answer> {
  return withServer((url) => withBrowsers(url, work));
}
