import { readFile } from "node:fs/promises";
import { expect, test } from "@jest/globals";
import { invariantCatalogue } from "../../../services/operations/verify/catalogue.ts";
import { installedShop } from "../../../services/operations/verify/databases.ts";
import { loadConfig } from "../../../config/index.ts";

test("docs/guides/checking.md lists exactly the invariants that are checked", async () => {
  const guide = await readFile(new URL("../../../docs/guides/checking.md", import.meta.url), "utf8");
  const documented = [...guide.matchAll(/^\| `[\w-]+\.[\w-]+` \|.*$/gm)].map(([line]) => line);
  const lines = invariantCatalogue(await installedShop(loadConfig({}))).map(
    ({ code, of, says, severity, whenSettled }) => {
      const marks = [severity === "warning" ? "warning" : "", whenSettled ? "`--settled`" : ""]
        .filter(Boolean)
        .join(", ");
      return `| \`${code}\` | ${of} | ${says}${marks ? ` *(${marks})*` : ""} |`;
    },
  );
  expect(documented).toEqual(lines);
});
