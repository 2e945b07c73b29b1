import { expect, test } from "@jest/globals";
import { CategoryAncestry } from "../../../services/catalog/data/category-ancestry.ts";
import type { Category } from "../../../services/catalog/data/category-repository.ts";

const category = (id: string, path: string) => ({ id, path }) as Category;
const tree = [category("a", "a/"), category("b", "a/b/"), category("c", "a/b/c/")];

function counted(fails = false) {
  let statements = 0;
  const read = (matches: (one: Category) => boolean) => {
    statements += 1;
    return fails ? Promise.reject(new Error("gone")) : Promise.resolve(tree.filter(matches));
  };
  const ancestry = new CategoryAncestry({
    ofIds: (ids) => read(({ id }) => ids.includes(id)),
    ofPaths: (paths) => read(({ path }) => paths.includes(path)),
  });
  return { ancestry, statements: () => statements };
}

test("many who ask at once share two statements, and later ones need none", async () => {
  const { ancestry, statements } = counted();
  const answers = await Promise.all(Array.from({ length: 100 }, () => ancestry.of(["c", "b", "gone"])));
  const expected = [
    ["c", ["c", "b", "a"]],
    ["b", ["b", "a"]],
    ["gone", []],
  ];
  expect(answers.map((answer) => [...answer])).toEqual(Array.from({ length: 100 }, () => expected));
  expect([...(await ancestry.of(["b"]))]).toEqual([["b", ["b", "a"]]]);
  expect(statements()).toBe(2);
});

test("a read that failed is tried again", async () => {
  const { ancestry, statements } = counted(true);
  await expect(ancestry.of(["c"])).rejects.toThrow("gone");
  await expect(ancestry.of(["c"])).rejects.toThrow("gone");
  expect(statements()).toBe(2);
});
