import { expect, test } from "@jest/globals";
import { execFileSync } from "node:child_process";
import { fileURLToPath } from "node:url";

const program = fileURLToPath(new URL("../../../deploy/mysql/outbox-events.awk", import.meta.url));
const run = (mariadb: 0 | 1, input: string) =>
  execFileSync("awk", ["-v", `mariadb=${mariadb}`, "-f", program], { input, encoding: "utf8" })
    .trimEnd()
    .split("\n");

/** As mysqlbinlog --verbose prints a row; the comments behind it are there with --verbose twice only. */
const row = (verb: string, table: string, id: string, envelope: string) =>
  `### ${verb} \`shop_orders\`.\`${table}\`\n### SET\n###   @1='${id}'\n###   @2='${envelope}'\n###   @3='waiting'\n###   @4=0\n###   @5=1\n###   @6=NULL\n`;
const insert = (id: string, envelope: string) =>
  `INSERT INTO \`shop_orders\`.\`outbox\` (id, envelope, status, attempts, due_at) VALUES ('${id}', '${envelope}', 'waiting', 0, 0) ON DUPLICATE KEY UPDATE status = 'waiting', attempts = 0, due_at = 0;`;

test("outbox rows are restored, with quotes and backslashes as either engine prints them", () => {
  const log = (envelope: string) =>
    `# at 4\n${row("INSERT INTO", "outbox", "a", envelope)}${row("INSERT INTO", "outbox", "b", "{}")}# at 900\nCOMMIT/*!*/;\n`;
  const expected = [
    "SET SESSION sql_log_bin = 0;",
    insert("a", String.raw`{"name":"O\'Brien \\ \\"é\\" \\x27"}`),
    insert("b", "{}"),
  ];
  expect(run(1, log(String.raw`{"name":"O'Brien \ \"é\" \x27"}`))).toEqual(expected);
  const mysql = String.raw`{"name":"O\x27Brien \x5c \x5c"é\x5c" \x5cx27"}`;
  expect(run(0, log(mysql))).toEqual([
    expected[0],
    insert("a", String.raw`{"name":"O''Brien \\ \\"é\\" \\x27"}`),
    expected[2],
  ]);
});

test("other rows are not: other tables, updates and deletions", () => {
  const log =
    row("INSERT INTO", "orders", "a", "{}") +
    row("DELETE FROM", "outbox", "a", "{}") +
    row("UPDATE", "outbox", "a", "{}");
  expect(run(1, log)).toEqual(["SET SESSION sql_log_bin = 0;"]);
});
