import react from "@vitejs/plugin-react";
import { defineConfig } from "vite";

/** The page: built to dist/page, served by the project's own server in both development and production. */
export default defineConfig({
  plugins: [react()],
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
