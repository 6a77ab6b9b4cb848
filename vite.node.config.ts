import { defineConfig } from "vite";

const command = "streamgauge";

/**
 * The command line and the server it starts: dist/node/streamgauge.js, and its worker threads beside it; packages stay in
 * node_modules.
 */
export default defineConfig({
  publicDir: false,
  build: {
    ssr: true,
    outDir: "dist/node",
    emptyOutDir: true,
    target: "node20",
    sourcemap: true,
    minify: false,
    rolldownOptions: {
      input: {
        [command]: "src/cli/main.ts",
        "score-thread": "src/cli/score/score-thread.ts",
        "decode-thread": "src/cli/score/decode-thread.ts",
      },
      output: {
        entryFileNames: "[name].js",
        // Beside the entries: places are told from where a file stands.
        chunkFileNames: "[name].js",
        banner: ({ name }) => (name === command ? "#!/usr/bin/env node" : ""),
      },
    },
  },
});
