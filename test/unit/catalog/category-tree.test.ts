import { describe, expect, test } from "@jest/globals";
import {
  exceededLimit,
  isWithin,
  pathRange,
  pathsAbove,
  placeAbove,
  placeBelow,
} from "../../../services/catalog/domain/category-tree.ts";

const home = placeBelow(undefined, "home");
const lamps = placeBelow(home, "lamps");
const desk = placeBelow(lamps, "desk");

describe("the category tree", () => {
  test("places a category below its parent and finds the way back", () => {
    expect(desk).toEqual({ path: "home/lamps/desk/", depth: 2 });
    expect(placeAbove(desk)).toEqual(lamps);
    expect(placeAbove(lamps)).toEqual(home);
    expect(placeAbove(home)).toBeUndefined();
    expect(pathsAbove(desk)).toEqual(["home/", "home/lamps/"]);
    expect(pathsAbove(home)).toEqual([]);
  });

  test("sorts parents before their children and keeps each branch together", () => {
    const garden = placeBelow(undefined, "home-and-garden");
    const paths = [desk, garden, lamps, placeBelow(garden, "pots"), home].map((place) => place.path);
    expect(paths.toSorted()).toEqual([
      "home-and-garden/",
      "home-and-garden/pots/",
      "home/",
      "home/lamps/",
      "home/lamps/desk/",
    ]);
  });

  test("has everything below a category in its range, and nothing else", () => {
    const { from, before } = pathRange(home);
    const inside = (path: string) => path >= from && path < before;
    expect([home, lamps, desk].map(({ path }) => inside(path))).toEqual([true, true, true]);
    expect(["home-and-garden/", "home2/", "hom/", "homes/"].map(inside)).toEqual([
      false,
      false,
      false,
      false,
    ]);
    expect(isWithin(desk, home)).toBe(true);
    expect(isWithin(placeBelow(undefined, "homes"), home)).toBe(false);
  });

  test("has limits that it names", () => {
    expect(exceededLimit(8, 700)).toBeUndefined();
    expect(exceededLimit(9, 10)).toMatchObject({ limit: 8 });
    expect(exceededLimit(2, 701)).toMatchObject({ limit: 700 });
  });
});
