import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { freePort } from "../free-port.ts";
import { installed, untilAnswered } from "./installed.ts";

/** An S3 server (s3rver) with two buckets: pages may use `open`, and `closed` has no CORS rules. Whoever started it stops it. */
export type S3Server = {
  /** Template of addresses in a bucket. */
  readonly putUrlOf: (bucket: "open" | "closed") => string;
  /** The key id that it knows, which is its secret as well. */
  readonly keyId: string;
  readonly stop: () => Promise<void>;
};

const rules = `<CORSConfiguration><CORSRule>
  <AllowedOrigin>*</AllowedOrigin>
  <AllowedMethod>GET</AllowedMethod><AllowedMethod>PUT</AllowedMethod><AllowedMethod>DELETE</AllowedMethod>
  <AllowedHeader>*</AllowedHeader>
</CORSRule></CORSConfiguration>
`;

/** Starts it in a folder of its own. */
export async function startS3(): Promise<S3Server> {
  const directory = await mkdtemp(join(tmpdir(), "streamgauge-s3-"));
  await writeFile(join(directory, "cors.xml"), rules);
  const port = await freePort();
  const program = join(installed, "node_modules/s3rver/bin/s3rver.js");
  const buckets = ["--configure-bucket", "open", join(directory, "cors.xml"), "--configure-bucket", "closed"];
  const place = ["--directory", join(directory, "data"), "--address", "127.0.0.1", "--port", String(port)];
  const child = spawn(process.execPath, [program, ...place, "--silent", ...buckets], { stdio: "ignore" });
  const base = `http://127.0.0.1:${port}`;
  await untilAnswered(`${base}/open`);
  return {
    putUrlOf: (bucket) => `${base}/${bucket}/live/{name}`,
    keyId: "S3RVER",
    stop: async () => {
      const exited = once(child, "exit");
      child.kill("SIGKILL");
      await exited;
      await rm(directory, { recursive: true });
    },
  };
}
