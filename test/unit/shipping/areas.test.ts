import { describe, expect, test } from "@jest/globals";
import type { Area } from "../../../services/shipping/contract/zones.ts";
import type { Destination } from "../../../services/shipping/domain/areas.ts";
import { areTied, zoneFor } from "../../../services/shipping/domain/areas.ts";
import { assertUntied } from "../../../services/shipping/domain/check-zone.ts";
import { zonesOfGroups } from "../../../services/shipping/domain/rate-groups.ts";

const zone = (id: string, ...areas: Area[]) => ({ id, areas });
const to = (country: string, postalCode: string | null = null, ...regions: string[]): Destination => ({
  country,
  regions,
  postalCode,
});
const country = (code: string): Area => ({ on: "country", country: code });
const region = (code: string): Area => ({ on: "region", region: code });
const prefix = (code: string, inCountry = "GB"): Area => ({
  on: "postal-prefix",
  country: inCountry,
  prefix: code,
});
const range = (from: string, until: string, inCountry = "DE"): Area => ({
  on: "postal-range",
  country: inCountry,
  from,
  to: until,
});
const found = (zones: ReturnType<typeof zone>[], destination: Destination) => zoneFor(zones, destination)?.id;

describe("the zone of an address", () => {
  const zones = [
    zone("world", { on: "everywhere" }),
    zone("uk", country("GB")),
    zone("scotland", region("GB-SCT")),
    zone("london", prefix("SW"), prefix("N1 ")),
    zone("palace", prefix("sw1a")),
    zone("north", range("20000", "29999")),
    zone("germany", country("DE")),
  ];

  test("is the most specific one that contains it", () => {
    expect(found(zones, to("FR", "75001"))).toBe("world");
    expect(found(zones, to("GB"))).toBe("uk");
    expect(found(zones, to("GB", "EH1 1AA", "GB-SCT"))).toBe("scotland");
    expect(found(zones, to("GB", "SW1W 0NY"))).toBe("london");
    expect(found(zones, to("GB", "sw1a1aa"))).toBe("palace");
    expect(found(zones, to("GB", "SW1A 1AA", "GB-SCT"))).toBe("palace");
    expect(found(zones, to("US", "SW1A 1AA"))).toBe("world");
  });

  test("is that of a postal range with both its ends, however codes are written", () => {
    const places = ["20000", "29999", "D", "2", "19999", "30000", "2 0-000"];
    expect(places.map((code) => found(zones, to("DE", code)))).toEqual([
      "north",
      "north",
      "germany",
      "germany",
      "germany",
      "germany",
      "north",
    ]);
    const letters = [zone("aberdeen", range("AB10", "AB39", "GB")), zone("uk", country("GB"))];
    expect(found(letters, to("GB", "AB39 3XX"))).toBe("aberdeen");
    expect(found(letters, to("GB", "AB40 1AA"))).toBe("uk");
    expect(found([zone("long", range("10000", "19999", "US"))], to("US", "12345-6789"))).toBe("long");
  });

  test("is that of the district, else of the city, else of the province, in China", () => {
    const chinese = [
      zone("guangdong", region("440000")),
      zone("shenzhen", region("440300")),
      zone("nanshan", region("440305")),
      zone("iso", region("CN-BJ")),
    ];
    const places = ["440305", "440304", "440106", "440000", "110101", "CN-BJ"];
    expect(places.map((code) => found(chinese, to("CN", null, code)))).toEqual([
      "nanshan",
      "shenzhen",
      "guangdong",
      "guangdong",
      undefined,
      "iso",
    ]);
  });

  test("is the oldest of equally specific ones", () => {
    const both = [zone("2", region("CN-GD")), zone("1", region("CN-GX"))];
    expect(found(both, to("CN", null, "CN-GD", "CN-GX"))).toBe("1");
    expect(found([], to("CN"))).toBeUndefined();
  });
});

test("areas of two zones are tied when none of them is more specific", () => {
  expect(areTied(prefix("SW1A"), prefix("sw1a "))).toBe(true);
  expect(areTied(prefix("SW1"), prefix("SW1A"))).toBe(false);
  expect(areTied(range("100", "200"), range("200", "300"))).toBe(true);
  expect(areTied(range("100", "199"), range("200", "300"))).toBe(false);
  expect(areTied(range("100", "200"), range("1000", "2000"))).toBe(false);
  expect(areTied(range("100", "200"), range("100", "200", "AT"))).toBe(false);
  expect(areTied(region("440300"), region("440300"))).toBe(true);
  expect(areTied(region("440300"), region("440000"))).toBe(false);
  expect(areTied(country("GB"), { on: "everywhere" })).toBe(false);
});

test("a zone with an area of another zone, or with a range that is none, is refused", () => {
  const times = { merchantId: null, name: "UK", version: 1, createdAt: 0, updatedAt: 0 };
  const uk = { ...times, ...zone("uk", country("GB")) };
  const refusal = (areas: Area[], id = "new") => {
    try {
      return assertUntied({ id, areas }, [uk]);
    } catch (error) {
      return (error as { type: string }).type;
    }
  };
  expect(refusal([country("IE"), country("GB")])).toBe("already-exists");
  expect(refusal([country("GB")], "uk")).toBeUndefined();
  expect(refusal([range("200", "100")])).toBe("validation-failed");
  expect(refusal([range("100", "2000")])).toBe("validation-failed");
});

test("merchants without zones of their own are served by those of the mall", () => {
  const times = { name: "x", version: 1, createdAt: 0, updatedAt: 0 };
  const group = (merchantId: string | null) => ({
    merchantId,
    subtotalMinor: 1,
    quantity: 1,
    weightGrams: null,
  });
  const groups = [group(null), group("a"), group("b")];
  const own = { ...times, merchantId: "a", ...zone("own", country("FR")) };
  const malls = { ...times, merchantId: null, ...zone("mall", country("GB")) };
  const names = (zones: (typeof own | typeof malls)[]) =>
    [...zonesOfGroups(groups, zones, to("GB")).values()].map((one) => (one === "none" ? one : one?.id));
  expect(names([own, malls])).toEqual(["mall", undefined, "mall"]);
  expect(names([own])).toEqual(["none", undefined, "none"]);
});
