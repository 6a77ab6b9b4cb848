import { join } from "node:path";

/** Where deploy/peers/install.mjs puts servers of others that are not installed on the system. */
export const installed: string = join(import.meta.dirname, "../../node_modules/.cache/peers");

/** Servers take requests some time after they were started; trying is the only way to know. */
export async function untilAnswered(url: string): Promise<void> {
  for (let attempt = 0; ; attempt += 1) {
    try {
      if ((await fetch(url)).ok) return;
    } catch (error) {
      if (attempt === 200) throw error;
    }
    await new Promise((resolve) => void setTimeout(resolve, 100));
  }
}
