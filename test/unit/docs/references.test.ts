import { expect, test } from "@jest/globals";
import { existsSync, globSync, readFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("../../../", import.meta.url));
const pages = ["*.md", "docs/**/*.md", "deploy/**/*.md", "services/**/*.md", "mixins/**/*.md", "test/**/*.md"]
  .flatMap((pattern) => globSync(pattern, { cwd: root }))
  .filter((page) => page !== "CHANGELOG.md")
  .toSorted();

const prose = (page: string) => readFileSync(join(root, page), "utf8").replaceAll(/^ *```[^]*?^ *```$/gm, "");

/** As GitHub makes them, without the numbers of headings that occur twice. */
function anchorsOf(page: string): string[] {
  const headings = [...prose(page).matchAll(/^#+ (.+)$/gm)].map(([, heading = ""]) => heading);
  return headings.map((heading) =>
    heading
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N}\s_-]/gu, "")
      .replaceAll(" ", "-"),
  );
}

function brokenLink(page: string, link: string): boolean {
  const [path = "", anchor] = link.split("#");
  const target = path === "" ? page : relative(root, join(root, dirname(page), path));
  if (!existsSync(join(root, target))) return true;
  return anchor !== undefined && target.endsWith(".md") && !anchorsOf(target).includes(anchor);
}

/** Files and folders of the project, said from its root; `*` stands for names, `…` and `<…>` for something to be chosen. */
const pathInCode = /`((?:config|deploy|docs|mixins|services|test)\/[\w@.*/-]+)`/g;

test.each(pages)("links and paths in %s lead somewhere", (page) => {
  const text = prose(page);
  const links = [...text.matchAll(/\]\(([^)\s]+)\)/g)].map(([, link = ""]) => link);
  const paths = [...text.matchAll(pathInCode)].map(([, path = ""]) => path);
  expect(links.filter((link) => !/^(https?|mailto):/.test(link) && brokenLink(page, link))).toEqual([]);
  expect(paths.filter((path) => globSync(path, { cwd: root }).length === 0)).toEqual([]);
});

const records = globSync("docs/decisions/0*.md", { cwd: root }).toSorted();

test.each(records)("%s has the parts of a decision record", (record) => {
  const text = readFileSync(join(root, record), "utf8");
  const [number = ""] = /\d{4}/.exec(record) ?? [];
  expect(text).toMatch(
    new RegExp(`^# ${number} .+\n\n- Status: .+(\n {2}.+)*\n- Date: \\d{4}-\\d\\d-\\d\\d\n\n## Context\n`),
  );
  expect([...text.matchAll(/^## (.+)$/gm)].map(([, heading]) => heading)).toEqual([
    "Context",
    "Decision",
    "Consequences",
    "Alternatives",
  ]);
});

test("the indexes list every page once, under its title", () => {
  const titleOf = (page: string) => /^# (.+)$/m.exec(readFileSync(join(root, page), "utf8"))?.[1] ?? "";
  const index = readFileSync(join(root, "docs/decisions/README.md"), "utf8");
  const rows = records.map((record) => {
    const title = titleOf(record);
    return `| [${title.slice(0, 4)}](${record.slice("docs/decisions/".length)}) | ${title.slice(5)} |`;
  });
  expect([...index.matchAll(/^\| \[\d.*$/gm)].map(([row]) => row)).toEqual(rows);

  const links = [...prose("docs/README.md").matchAll(/\]\((?!\.\.)([^)#\s]+\.md)\)/g)].map(
    ([, link = ""]) => `docs/${link}`,
  );
  const listed = pages.filter(
    (page) => page.startsWith("docs/") && !/^docs\/(decisions\/\d|README)/.test(page),
  );
  expect(links.toSorted()).toEqual(listed);
});
