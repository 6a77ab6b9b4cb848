import { measured, missing, type Measured } from "../measured.ts";
import type { PriceList } from "../plan/document.ts";

const secondsPerHour = 3600;
const bytesPerKbit = 125;
const bytesPerGB = 1e9;

/**
 * What one viewer costs in an hour: the bytes that were measured to reach a viewer, at the price of a delivered GB, the minutes
 * watched, and this viewer's share of the minutes published. In the price list's currency.
 */
export function costPerViewerHour(price: PriceList | null, bitrateKbps: Measured): Measured {
  if (price === null) return missing("the plan has no price list for this provider");
  const { perDeliveredGB = 0, perViewerMinute = 0, perPublishedMinute = 0, viewers = 1 } = price;
  const byTime = 60 * (perViewerMinute + perPublishedMinute / viewers);
  if (perDeliveredGB === 0) return measured(byTime);
  if (!bitrateKbps.known) return missing(`bytes are charged, and ${bitrateKbps.why}`);
  const perKbps = (secondsPerHour * bytesPerKbit * perDeliveredGB) / bytesPerGB;
  return measured(byTime + bitrateKbps.value * perKbps, bitrateKbps.bound * perKbps);
}
