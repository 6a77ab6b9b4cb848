const msPerDay = 86_400_000;
const pattern =
  /^(\d{4})-?(\d{2})-?(\d{2})T(\d{2}):?(\d{2}):?(\d{2})(?:[.,](\d{1,9})\d{0,9})?(Z|[+-]\d{2}:?(?:\d{2})?)?$/i;

type SixNumbers = [number, number, number, number, number, number];

/**
 * Reads an ISO 8601 instant as RFC 8216bis 4.4.4.6 has it, to whole milliseconds since the Unix epoch (nearest).
 * The colon in the zone may be missing (as ffmpeg writes it); an instant without a zone is taken as UTC.
 * Null when the text is no instant.
 */
export function readDateTimeMs(text: string): number | null {
  if (text.length > 48) return null;
  const match = pattern.exec(text);
  if (match === null) return null;
  const [year, month, day, hour, minute, second] = match.slice(1, 7).map(Number) as SixNumbers;
  if (!isDay(year, month, day) || hour > 24 || minute > 59 || second > 60) return null;
  const fractionMs = Math.round(Number(`0.${match[7] ?? "0"}`) * 1000);
  const secondsOfDay = hour * 3600 + minute * 60 + second;
  return daysSinceEpoch(year, month, day) * msPerDay + secondsOfDay * 1000 + fractionMs - zoneMs(match[8]);
}

function isDay(year: number, month: number, day: number): boolean {
  return month >= 1 && month <= 12 && day >= 1 && day <= daysIn(year, month);
}

/** Writes milliseconds since the Unix epoch, to the nearest whole one, as `2026-11-21T07:10:01.123Z`. Years 0 to 9999. */
export function writeDateTime(epochMs: number): string {
  const wholeMs = Math.round(epochMs);
  const days = Math.floor(wholeMs / msPerDay);
  const restMs = wholeMs - days * msPerDay;
  const { year, month, day } = civilOf(days);
  const hour = Math.floor(restMs / 3_600_000);
  const minute = Math.floor(restMs / 60_000) % 60;
  const second = Math.floor(restMs / 1000) % 60;
  const date = `${pad(year, 4)}-${pad(month, 2)}-${pad(day, 2)}`;
  return `${date}T${pad(hour, 2)}:${pad(minute, 2)}:${pad(second, 2)}.${pad(restMs % 1000, 3)}Z`;
}

function pad(value: number, width: number): string {
  return String(value).padStart(width, "0");
}

function zoneMs(zone: string | undefined): number {
  if (zone === undefined || zone.toUpperCase() === "Z") return 0;
  const digits = zone.slice(1).replace(":", "").padEnd(4, "0");
  const minutes = Number(digits.slice(0, 2)) * 60 + Number(digits.slice(2));
  return (zone.startsWith("-") ? -minutes : minutes) * 60_000;
}

function isLeap(year: number): boolean {
  return (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0;
}

function daysIn(year: number, month: number): number {
  if (month === 2) return isLeap(year) ? 29 : 28;
  return [4, 6, 9, 11].includes(month) ? 30 : 31;
}

// Days are counted in 400-year eras of years that begin in March, so that the leap day comes last.
function daysSinceEpoch(year: number, month: number, day: number): number {
  const marchYear = month <= 2 ? year - 1 : year;
  const era = Math.floor(marchYear / 400);
  const yearOfEra = marchYear - era * 400;
  const dayOfYear = Math.floor((153 * ((month + 9) % 12) + 2) / 5) + day - 1;
  const dayOfEra = yearOfEra * 365 + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100) + dayOfYear;
  return era * 146_097 + dayOfEra - 719_468;
}

function civilOf(daysSince1970: number): { year: number; month: number; day: number } {
  const days = daysSince1970 + 719_468;
  const era = Math.floor(days / 146_097);
  const dayOfEra = days - era * 146_097;
  const leapDays =
    Math.floor(dayOfEra / 1460) - Math.floor(dayOfEra / 36_524) + Math.floor(dayOfEra / 146_096);
  const yearOfEra = Math.floor((dayOfEra - leapDays) / 365);
  const dayOfYear = dayOfEra - (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100));
  const marchMonth = Math.floor((5 * dayOfYear + 2) / 153);
  const month = marchMonth < 10 ? marchMonth + 3 : marchMonth - 9;
  const year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0);
  return { year, month, day: dayOfYear - Math.floor((153 * marchMonth + 2) / 5) + 1 };
}
