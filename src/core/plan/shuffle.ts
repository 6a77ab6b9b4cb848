import { createRandom } from "../scene/random.ts";

/** The same items in an order that depends on the seed alone (Fisher and Yates). */
export function shuffle<Item>(items: readonly Item[], seed: number): readonly Item[] {
  const random = createRandom(seed);
  const shuffled = [...items];
  for (let last = shuffled.length - 1; last > 0; last -= 1) {
    const chosen = random.between(0, last);
    const [one, other] = [shuffled[chosen], shuffled[last]];
    if (one === undefined || other === undefined) throw new Error("the places are within the list");
    shuffled[last] = one;
    shuffled[chosen] = other;
  }
  return shuffled;
}
