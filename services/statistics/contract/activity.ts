import { z } from "zod";
import { action } from "../../../mixins/contract/contract.ts";
import { timestamp } from "../../../mixins/contract/fields.ts";
import { id } from "../../../mixins/contract/ids.ts";
import { page, pageParams } from "../../../mixins/contract/paging.ts";
import { taskStates } from "../../../mixins/contract/tasks.ts";
import { task } from "../../../mixins/contract/tasks.ts";
import { day, maxDays, period } from "./figures.ts";

const staff = { permission: "statistics:read" } as const;
const searchCount = z
  .strictObject({
    term: z.string().describe("In small letters; a long one is cut"),
    times: z.int(),
    fruitless: z.int().describe("How many of these searches found nothing"),
  })
  .meta({ id: "SearchCount" });

const userCounts = {
  logins: z.int(),
  logouts: z.int(),
  sessionsRevoked: z.int(),
  sessionsExpired: z.int(),
  registrations: z.int(),
  peakOnline: z.int().describe("Greatest number of users online at a time"),
} as const;

/** What visitors did, for staff. */
export const activityActions = {
  "users.online": action({
    summary: "Get the number of users online",
    description: "Users with at least one session that has neither ended nor expired. Guests do not count.",
    access: staff,
    route: { method: "GET", path: "/statistics/users/online" },
    params: z.strictObject({}),
    result: z
      .strictObject({ online: z.int(), peakToday: z.int(), at: timestamp })
      .meta({ id: "UsersOnline" }),
    errors: [],
    idempotent: true,
    reads: "primary",
  }),
  "users.days": action({
    summary: "List logins, logouts, registrations and the peak of users online by day",
    description: `Days on which nothing happened are omitted. A period has at most ${maxDays} days.`,
    access: staff,
    route: { method: "GET", path: "/statistics/users/days" },
    params: z.strictObject(period),
    result: z.strictObject({
      items: z.array(z.strictObject({ day, ...userCounts }).meta({ id: "UsersOfDay" })),
    }),
    errors: [],
    idempotent: true,
    reads: "replica",
  }),
  conversion: action({
    summary: "Get how many carts became orders, and orders paid",
    description: `Carts: how often an empty cart got its first item; they are counted at most once, so some may be missing after a node was killed. A period has at most ${maxDays} days.`,
    access: staff,
    route: { method: "GET", path: "/statistics/conversion" },
    params: z.strictObject(period),
    result: z
      .strictObject({
        from: day,
        to: day,
        carts: z.int(),
        ordersPlaced: z.int(),
        ordersPaid: z.int(),
        ordersPerCart: z.number().nullable().describe("null without carts"),
        paidPerOrder: z.number().nullable().describe("null without orders"),
      })
      .meta({ id: "Conversion" }),
    errors: [],
    idempotent: true,
    reads: "replica",
  }),
  searches: action({
    summary: "List what visitors searched for most",
    description: `Searches that were answered from a cache are not counted. Kept for 92 days. A period has at most ${maxDays} days.`,
    access: staff,
    route: { method: "GET", path: "/statistics/searches" },
    params: z.strictObject({
      ...period,
      fruitless: z.boolean().default(false).describe("Only terms that found nothing, by how often"),
      limit: z.int().min(1).max(100).default(20),
    }),
    result: z.strictObject({
      times: z.int().describe("All searches of the period"),
      fruitless: z.int().describe("Those that found nothing"),
      items: z.array(searchCount),
    }),
    errors: [],
    idempotent: true,
    reads: "replica",
  }),
  "activity.report": action({
    summary: "Count carts and searches that a node saw",
    description: "Nodes report every few seconds what they counted, each report at most once.",
    access: "internal",
    params: z.strictObject({
      at: timestamp,
      carts: z.int().min(0).default(0),
      searches: z
        .array(
          z.strictObject({ term: z.string().max(120), times: z.int().min(1), fruitless: z.int().min(0) }),
        )
        .max(500)
        .default([]),
    }),
    result: z.null(),
    errors: [],
    idempotent: false,
  }),
  "closed-days.list": action({
    summary: "List the days that are closed, with their figures",
    description:
      "A day is closed some minutes after its end. Its task has the figures as they were then, and a CSV of all sales, at `/statistics/tasks/{taskId}/result`; both are kept.",
    access: staff,
    route: { method: "GET", path: "/statistics/closed-days" },
    params: z.strictObject({ ...pageParams(["day"], "-day"), from: period.from, to: period.to }),
    result: page(
      z
        .strictObject({
          day,
          taskId: id,
          state: z.enum(taskStates),
          figures: z.record(z.string(), z.unknown()).nullable().describe("null until the task has succeeded"),
          closedAt: timestamp.nullable(),
        })
        .meta({ id: "ClosedDay" }),
    ),
    errors: [],
    idempotent: true,
    reads: "replica",
  }),
  "rebuilds.start": action({
    summary: "Recount sales from the orders themselves",
    description: `For orders that were placed before the statistics were there, or after a database was restored from a backup. Orders placed in the period are compared with the orders service, and all days with the ledger; sales go on meanwhile. A period has at most ${maxDays} days.`,
    access: staff,
    route: {
      method: "POST",
      path: "/statistics/rebuilds",
      limit: "expensive",
      status: 202,
      location: "/statistics/tasks/{task.id}",
    },
    params: z.strictObject({ from: day, to: day }),
    result: z.strictObject({ task }),
    errors: [],
    idempotent: true,
  }),
};
