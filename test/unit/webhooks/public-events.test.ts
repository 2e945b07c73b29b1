import { describe, expect, test } from "@jest/globals";
import { z } from "zod";
import type { EventContract } from "../../../mixins/contract/contract.ts";
import { eventsByName, publicEventsByName } from "../../../mixins/contract/registry.ts";
import { allContracts } from "../../support/all-contracts.ts";

const events = eventsByName(allContracts);
const publicEvents = [...publicEventsByName(allContracts)];
const publicNames = publicEvents.map(([name]) => name);

/** Names of fields that tell of people or open something. */
const confidential =
  /^(?:e-?mail|phone|password|token|secret|address|user-?agent|recipient|ip|contact|legal|account(?:Number)?)$/i;

interface Fields {
  readonly names: readonly string[];
  /** Whether there are fields that the contract does not name. */
  readonly isOpen: boolean;
}

/** Of an object's schema, as a test below demands. */
function shapeOf(payload: EventContract["payload"]): Readonly<Record<string, z.core.$ZodType>> {
  return payload instanceof z.ZodObject ? payload.shape : {};
}

function fieldsOf({ payload, confidential = [] }: EventContract): Fields {
  const names: string[] = [];
  let isOpen = false;
  const visit = (value: unknown): void => {
    if (Array.isArray(value)) for (const item of value) visit(item);
    if (typeof value !== "object" || value === null || Array.isArray(value)) return;
    const { properties = {}, additionalProperties, ...rest } = value as Record<string, object>;
    for (const [name, schema] of Object.entries(properties)) {
      names.push(name);
      visit(schema);
    }
    if (typeof additionalProperties === "object") isOpen = true;
    visit(Object.values(rest));
  };
  // Omitted before: the description of a field may stand apart from it, under `$defs`.
  const sent = Object.entries(shapeOf(payload)).filter(([name]) => !confidential.includes(name));
  visit(z.toJSONSchema(z.object(Object.fromEntries(sent)), { io: "output" }));
  return { names, isOpen };
}

describe("events that webhooks send", () => {
  const found = publicEvents.map(([name, contract]) => ({ name, contract, ...fieldsOf(contract) }));

  test("are those of orders, goods and merchants, without tasks, sign-ins and mail", () => {
    expect(publicNames).toEqual(
      expect.arrayContaining(["orders.placed", "catalog.changed", "webhooks.endpoint-disabled"]),
    );
    expect(
      publicNames.filter((name) =>
        /task-|logged-|login|\.mail-|message-(?:sent|requested)|signing-key/.test(name),
      ),
    ).toEqual([]);
  });

  test("have no field that tells how to reach or be somebody", () => {
    const telling = found.flatMap(({ name, names }) =>
      names.filter((field) => confidential.test(field)).map((field) => `${name}: ${field}`),
    );
    expect(telling).toEqual([]);
  });

  test("name all of their fields, except for states of goods, coupons and shipping, which are no secrets", () => {
    const open = found.filter(({ isOpen }) => isOpen).map(({ name }) => name);
    expect(open.sort()).toEqual(["catalog.changed", "orders.coupon-changed", "shipping.changed"]);
  });

  test("have objects as payloads, whose confidential fields exist", () => {
    for (const { contract } of found) expect("shape" in contract.payload).toBe(true);
    for (const [name, { payload, confidential = [] }] of events)
      for (const field of confidential)
        expect({ name, field, exists: "shape" in payload && field in (payload.shape as object) }).toEqual({
          name,
          field,
          exists: true,
        });
  });
});
