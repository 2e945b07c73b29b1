/** A region of a country, one level of several. */
export interface Region {
  /** ISO 3166-2, or GB/T 2260 below the provinces of China. */
  readonly code: string;
  readonly name: string;
  /** GB/T 2260, of regions of China. */
  readonly divisionCode: string | null;
  readonly hasChildren: boolean;
}

/** GB/T 2260 digits of China's provinces, by the letters that the standard and ISO 3166-2 share. */
const provinces: Readonly<Record<string, string>> = {
  BJ: "11",
  TJ: "12",
  HE: "13",
  SX: "14",
  NM: "15",
  LN: "21",
  JL: "22",
  HL: "23",
  SH: "31",
  JS: "32",
  ZJ: "33",
  AH: "34",
  FJ: "35",
  JX: "36",
  SD: "37",
  HA: "41",
  HB: "42",
  HN: "43",
  GD: "44",
  GX: "45",
  HI: "46",
  CQ: "50",
  SC: "51",
  GZ: "52",
  YN: "53",
  XZ: "54",
  SN: "61",
  GS: "62",
  QH: "63",
  NX: "64",
  XJ: "65",
  TW: "71",
  HK: "81",
  MO: "82",
};

interface RegionData {
  /** Regions by the code of their country or parent, in order. */
  readonly children: ReadonlyMap<string, readonly Region[]>;
  /** Subdivisions of all countries. */
  readonly subdivisions: ReadonlySet<string>;
  /** Names of China's divisions by their codes. */
  readonly divisions: ReadonlyMap<string, string>;
}

let loading: Promise<RegionData> | undefined;

/** Loads the lists, half a megabyte, with the first question. */
export function regionData(): Promise<RegionData> {
  return (loading ??= load());
}

/** Regions of a country, or below a region; empty without any, undefined for an unknown code. */
export async function regionsBelow(
  country: string,
  code: string = country,
): Promise<readonly Region[] | undefined> {
  const { children, subdivisions, divisions } = await regionData();
  const isKnown =
    code === country ||
    (subdivisions.has(code) && code.startsWith(`${country}-`)) ||
    (country === "CN" && divisions.has(code));
  return isKnown ? (children.get(code) ?? []) : undefined;
}

/** ISO 3166-2 code of the province that a division of China is in. */
export function provinceOf(divisionCode: string): string | undefined {
  const [letters] = Object.entries(provinces).find(([, digits]) => divisionCode.startsWith(digits)) ?? [];
  return letters && `CN-${letters}`;
}

async function load(): Promise<RegionData> {
  const [{ iso31662 }, { areaList }] = await Promise.all([
    import("iso-3166/2.js"),
    import("@vant/area-data"),
  ]);
  const { province_list: named, city_list: cities, county_list: districts } = areaList;
  const divisions = new Map([named, cities, districts].flatMap((list) => Object.entries(list)));
  const parents = new Set(iso31662.map(({ parent }) => parent));
  const rows: [parent: string, region: Region][] = iso31662.map(({ code, name, parent }) => {
    const divisionCode = parent === "CN" ? `${provinces[code.slice(3)]}0000` : null;
    const region = {
      code,
      name: (divisionCode && divisions.get(divisionCode)) ?? name,
      divisionCode,
      hasChildren: divisionCode !== null || parents.has(code),
    };
    return [parent, region];
  });
  for (const [code, name] of Object.entries(cities))
    rows.push([provinceOf(code) ?? "", { code, name, divisionCode: code, hasChildren: true }]);
  for (const [code, name] of Object.entries(districts))
    rows.push([`${code.slice(0, 4)}00`, { code, name, divisionCode: code, hasChildren: false }]);
  return {
    children: new Map(
      Object.entries(Object.groupBy(rows, ([parent]) => parent)).map(([parent, children = []]) => [
        parent,
        children.map(([, region]) => region),
      ]),
    ),
    subdivisions: new Set(iso31662.map(({ code }) => code)),
    divisions,
  };
}
