import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { brotliCompressSync, constants } from "node:zlib";

import react from "@vitejs/plugin-react";
import { defineConfig, type Plugin } from "vite";

/** Lays a brotli copy beside what compresses, for the server to hand out: phones on a busy network load the page. */
function compressed(): Plugin {
  return {
    name: "streamgauge:compressed",
    apply: "build",
    writeBundle({ dir = "dist/page" }) {
      const assets = join(dir, "assets");
      for (const file of readdirSync(assets)) {
        if (!/\.(?:js|css|wasm|svg)$/.test(file)) continue;
        const bytes = readFileSync(join(assets, file));
        // ffmpeg.wasm's 32 MB would take half a minute at 9.
        const quality = bytes.length > 8_000_000 ? 5 : 9;
        const options = { params: { [constants.BROTLI_PARAM_QUALITY]: quality } };
        writeFileSync(join(assets, `${file}.br`), brotliCompressSync(bytes, options));
      }
    },
  };
}

/** The page: built to dist/page, served by the project's own server in both development and production. */
export default defineConfig({
  plugins: [react(), compressed()],
  // simple-peer's dependencies speak of Node's `global`.
  define: { global: "globalThis" },
  worker: { format: "es" },
  build: {
    outDir: "dist/page",
    emptyOutDir: true,
    target: ["chrome111", "edge111", "firefox121", "safari17"],
    // The content security policy fetches from http and blob only: nothing may be folded into a data URL.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
    chunkSizeWarningLimit: 900,
    // The size check reads which chunks an entry needs.
    manifest: true,
  },
});
