import type { Area } from "../contract/zones.ts";

/** Where goods go. */
export interface Destination {
  /** ISO 3166-1 alpha-2. */
  readonly country: string;
  /** ISO 3166-2 and GB/T 2260 codes. */
  readonly regions: readonly string[];
  readonly postalCode: string | null;
}

interface Zone {
  readonly id: string;
  readonly areas: readonly Area[];
}

const level = { everywhere: 0, country: 1, region: 2, "postal-range": 3, "postal-prefix": 4 } as const;
/** More than any code has characters. */
const perLevel = 100;

/** The zone that contains the destination most specifically; of equally specific ones the oldest, by its id. */
export function zoneFor<Z extends Zone>(zones: readonly Z[], destination: Destination): Z | undefined {
  let best: { readonly zone: Z; readonly rank: number } | undefined;
  for (const zone of zones) {
    const rank = Math.max(...zone.areas.map((area) => rankOf(area, destination)));
    if (rank < 0) continue;
    if (!best || rank > best.rank || (rank === best.rank && zone.id < best.zone.id)) best = { zone, rank };
  }
  return best?.zone;
}

/** How specifically an area contains the destination; −1 when it does not. */
function rankOf(area: Area, { country, regions, postalCode }: Destination): number {
  switch (area.on) {
    case "everywhere":
      return 0;
    case "country":
      return area.country === country ? level.country * perLevel : -1;
    case "region": {
      const prefix = regionPrefix(area.region);
      return regions.some((region) => contains(area.region, region))
        ? level.region * perLevel + prefix.length
        : -1;
    }
    case "postal-range": {
      if (area.country !== country || postalCode === null) return -1;
      const [from, to] = [readPostalCode(country, area.from), readPostalCode(country, area.to)];
      const code = readPostalCode(country, postalCode).slice(0, from.length);
      const isWithin = code.length === from.length && code >= from && code <= to;
      return isWithin ? level["postal-range"] * perLevel + from.length : -1;
    }
    case "postal-prefix": {
      if (area.country !== country || postalCode === null) return -1;
      const prefix = readPrefix(country, area.prefix);
      const code = readPostalCode(country, postalCode);
      return code.startsWith(prefix) ? level["postal-prefix"] * perLevel + prefix.length : -1;
    }
  }
}

const divisionCode = /^[1-9]\d{5}$/;

/** A GB/T 2260 code without the pairs of zeros behind it, which stand for all below; other codes as they are. */
function regionPrefix(region: string): string {
  return divisionCode.test(region) ? region.replace(/(?:00){1,2}$/, "") : region;
}

function contains(region: string, other: string): boolean {
  return divisionCode.test(region) ? other.startsWith(regionPrefix(region)) : other === region;
}

/** In capital letters without separators; a British one keeps the blank before its last three characters. */
export function readPostalCode(country: string, code: string): string {
  const plain = code.toUpperCase().replaceAll(/[^A-Z0-9]/g, "");
  return country === "GB" && plain.length >= 5 ? `${plain.slice(0, -3)} ${plain.slice(-3)}` : plain;
}

/** The beginning of postal codes; a British one has the blank if it is written. */
function readPrefix(country: string, prefix: string): string {
  const written = prefix.trim().toUpperCase();
  return country === "GB" ? written.replaceAll(/[ -]+/g, " ") : written.replaceAll(/[^A-Z0-9]/g, "");
}

/** Where the area of a range is at fault: its bounds must have the same length and be in order. */
export function isSoundArea(area: Area): boolean {
  if (area.on !== "postal-range") return true;
  const [from, to] = [readPostalCode(area.country, area.from), readPostalCode(area.country, area.to)];
  return from.length === to.length && from <= to;
}

/** Whether two areas contain the same address equally specifically, so that none of their zones can be preferred. */
export function areTied(one: Area, other: Area): boolean {
  if (one.on === "postal-range" && other.on === "postal-range") {
    if (one.country !== other.country) return false;
    const read = (code: string) => readPostalCode(one.country, code);
    return (
      read(one.from).length === read(other.from).length &&
      read(one.from) <= read(other.to) &&
      read(other.from) <= read(one.to)
    );
  }
  return one.on === other.on && keyOf(one) === keyOf(other);
}

function keyOf(area: Area): string {
  switch (area.on) {
    case "everywhere":
      return "";
    case "country":
      return area.country;
    case "region":
      return regionPrefix(area.region);
    case "postal-prefix":
      return `${area.country} ${readPrefix(area.country, area.prefix)}`;
    case "postal-range":
      return `${area.country} ${area.from} ${area.to}`;
  }
}
