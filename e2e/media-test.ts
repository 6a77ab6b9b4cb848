import { makeMarkedMedia, type MarkedMedia } from "./marked-media.ts";
import { startMediaServer, type MediaServer } from "./media-server.ts";
import { test } from "./server.ts";

/** Seconds of marked media that tests share. */
const mediaDurationS = 40;

/** The project's test with marked media made once a worker, and a server of it whose answers can be spoilt. */
export const mediaTest = test.extend<{ readonly mediaServer: MediaServer }, { readonly media: MarkedMedia }>({
  media: [
    async ({}, provide) => {
      const media = await makeMarkedMedia(mediaDurationS);
      await provide(media);
      await media.remove();
    },
    { scope: "worker" },
  ],
  mediaServer: async ({ media }, provide) => {
    const server = await startMediaServer(media.directory);
    await provide(server);
    await server.stop();
  },
});
