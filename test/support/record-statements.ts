import { afterAll } from "@jest/globals";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { environmentWith } from "../../config/index.ts";
import { watchStatements } from "../../mixins/database/watch-statements.ts";
import { newId } from "../../services/contract/ids.ts";
import { StatementRecorder } from "./statements.ts";

/**
 * Set up before each file of component tests: when `SHOP_TEST_STATEMENTS` names a directory, the statements that the
 * tests cause are left there, for the test that looks at their plans.
 */
const directory = environmentWith({})["SHOP_TEST_STATEMENTS"];
if (directory !== undefined) {
  const recorder = new StatementRecorder();
  watchStatements(recorder.note);
  afterAll(() => {
    mkdirSync(directory, { recursive: true });
    writeFileSync(join(directory, `${newId()}.json`), JSON.stringify(recorder.all));
  });
}
