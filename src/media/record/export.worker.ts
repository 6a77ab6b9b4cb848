import { succeed } from "../../core/failure.ts";
import { serve } from "../workers/serve.ts";
import type { ExportJobs } from "./export.protocol.ts";
import { createExporter, type Exporter } from "./export.shared.ts";

let exporter: Exporter = createExporter(0);

serve<ExportJobs>(
  {
    listen: (onMessage) => {
      self.onmessage = (event: MessageEvent<unknown>): void => onMessage(event.data);
    },
    post: (answer, transfer) => self.postMessage(answer, { transfer: [...transfer] }),
  },
  {
    begin: async ({ expectedBytes }) => {
      exporter = createExporter(expectedBytes);
      return { result: succeed(null) };
    },
    add: async ({ bytes, untilUs }) => {
      await exporter.add(new Uint8Array(bytes), untilUs);
      return { result: succeed(null) };
    },
    finish: async () => {
      const exported = await exporter.finish();
      return { result: succeed(exported), transfer: [exported.rows] };
    },
  },
  "making a file of what was kept",
);
