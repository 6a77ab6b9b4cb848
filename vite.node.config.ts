import { defineConfig } from "vite";

/** The command line and the server it starts: one file, dist/node/streamgauge.js; packages stay in node_modules. */
export default defineConfig({
  publicDir: false,
  build: {
    ssr: "src/cli/main.ts",
    outDir: "dist/node",
    emptyOutDir: true,
    target: "node20",
    sourcemap: true,
    minify: false,
    rolldownOptions: {
      output: { entryFileNames: "streamgauge.js", banner: "#!/usr/bin/env node" },
    },
  },
});
