import { existsSync, readFileSync } from "node:fs";
import { parseEnv } from "node:util";
import { expect, test } from "@jest/globals";
import { parseSettings, schema } from "../../../config/env.ts";
import { paymentProviders } from "../../../services/orders/payments/providers/index.ts";
import { renderings } from "../../../deploy/render/main.ts";
import { readSettings } from "../../../deploy/render/settings.ts";

const schemas = [schema, ...paymentProviders.map(({ settings }) => settings)];
const keys = schemas.flatMap(({ shape }) => Object.keys(shape));
const text = (file: string) => readFileSync(new URL(`../../../${file}`, import.meta.url), "utf8");

test.each([...(await renderings())])("%s is as npm run render renders it", (file, rendered) => {
  expect(existsSync(new URL(`../../../${file}`, import.meta.url)) ? text(file) : undefined).toBe(rendered);
});

test("every setting has a group and a meaning", () => {
  const settings = readSettings();
  expect(settings.map(({ key }) => key)).toEqual(keys);
  expect(settings.filter(({ group, meaning }) => group === "" || !meaning.endsWith("."))).toEqual([]);
});

test("defaults that .env.example tells are the shop's own", () => {
  const given = parseEnv(text(".env.example").replaceAll(/^#(?=[A-Z])/gm, ""));
  expect(Object.keys(given).toSorted()).toEqual(keys.toSorted());
  for (const one of schemas)
    expect(parseSettings(one.partial(), given)).toEqual(parseSettings(one.partial(), {}));
});
