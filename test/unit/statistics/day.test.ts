import { describe, expect, test } from "@jest/globals";
import { addDays, Calendar, daysBetween } from "../../../services/statistics/domain/day.ts";
import { peakOf, transitionsOf } from "../../../services/statistics/domain/presence.ts";
import { termOf } from "../../../services/catalog/domain/search/search-term.ts";

const hour = 3_600_000;
const hoursOf = (zone: string, day: string) => {
  const calendar = new Calendar(zone);
  return (calendar.startOf(addDays(day, 1)) - calendar.startOf(day)) / hour;
};

describe("days of a time zone", () => {
  test("have 23 and 25 hours when summer time begins and ends", () => {
    expect(hoursOf("Europe/London", "2026-03-29")).toBe(23);
    expect(hoursOf("Europe/London", "2026-10-25")).toBe(25);
    expect(hoursOf("UTC", "2026-03-29")).toBe(24);
  });

  test("begin after midnight where summer time skips it", () => {
    const calendar = new Calendar("Africa/Cairo");
    const start = calendar.startOf("2026-04-24");
    expect(new Date(start).toISOString()).toBe("2026-04-23T22:00:00.000Z");
    expect([calendar.dayOf(start - 1), calendar.dayOf(start)]).toEqual(["2026-04-23", "2026-04-24"]);
    expect(hoursOf("Africa/Cairo", "2026-04-24")).toBe(23);
  });

  test.each(["Pacific/Kiritimati", "Pacific/Niue", "Asia/Kathmandu", "America/St_Johns"])(
    "meet without a gap in %s",
    (zone) => {
      const calendar = new Calendar(zone);
      for (let day = "2026-01-01"; day < "2027-01-01"; day = addDays(day, 1)) {
        const start = calendar.startOf(day);
        expect([calendar.dayOf(start - 1), calendar.dayOf(start)]).toEqual([addDays(day, -1), day]);
      }
    },
  );

  test("are counted with both ends", () => {
    expect(daysBetween("2024-02-28", "2024-03-01")).toBe(3);
    expect(daysBetween("2026-01-02", "2026-01-01")).toBe(0);
    expect(addDays("2024-02-28", 1)).toBe("2024-02-29");
  });
});

describe("the peak of users online", () => {
  test("counts overlapping sessions of a user once, and those from before the day", () => {
    const user = [
      { began: 0, ended: 50 },
      { began: 20, ended: 80 },
      { began: 90, ended: 1e9 },
    ];
    expect(transitionsOf(user, 10, 100)).toEqual([
      [10, 1],
      [80, -1],
      [90, 1],
    ]);
    const other = transitionsOf([{ began: 80, ended: 85 }], 10, 100);
    expect(peakOf([...transitionsOf(user, 10, 100), ...other])).toBe(1);
    expect(peakOf([...transitionsOf(user, 10, 100), [79, 1]])).toBe(2);
    expect(transitionsOf(user, 200, 300)).toEqual([[200, 1]]);
  });
});

test("a search term is told without what may name a person", () => {
  expect(termOf("  Blue\tMUG ")).toBe("blue mug");
  expect(termOf("ada@example.org")).toBe("");
  expect(termOf("+44 20 7946 0958")).toBe("");
  expect(termOf("x".repeat(200))).toHaveLength(60);
});
