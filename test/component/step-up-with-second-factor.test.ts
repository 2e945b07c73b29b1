import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import type { Service } from "moleculer";
import type { ServiceWithDatabase } from "../../mixins/database/database.mixin.ts";
import { stepUpMs } from "../../mixins/contract/step-up.ts";
import { newId } from "../../mixins/contract/ids.ts";
import { totpCode, totpStep } from "../../services/users/domain/totp.ts";
import { GoodRequests } from "../support/good-requests.ts";
import { problemIn, sendHttp } from "../support/http.ts";
import type { Person } from "../support/people.ts";
import { newPerson, testPassword } from "../support/people.ts";
import type { Shop } from "../support/shop.ts";
import { startShop } from "../support/shop.ts";

const origin = { actor: { kind: "system", id: "test" }, requestId: "test" } as const;

describe("who has an administrator's session and password, and not the second factor", () => {
  let shop: Shop;
  let requests: GoodRequests;
  beforeAll(async () => {
    shop = await startShop();
    requests = await GoodRequests.of(shop.url);
  });
  afterAll(() => shop?.stop());

  const send = (person: Person, method: string, path: string, body?: object) =>
    sendHttp(shop.url, {
      method,
      path: `/api/v1${path}`,
      token: person.token,
      ...(body && { body: JSON.stringify(body) }),
    });
  const execute = async (sql: string, values: readonly (string | number)[]) => {
    const { database } = shop.broker.getLocalService("users") as Service & ServiceWithDatabase;
    await database.transaction(origin, (tx) => database.execute(sql, values, tx));
  };

  async function withSecondFactor(): Promise<{ person: Person; secret: string }> {
    const person = await newPerson(shop, "administrator");
    const { secret } = JSON.parse((await send(person, "POST", "/me/two-factor")).body) as { secret: string };
    const confirmed = await send(person, "PUT", "/me/two-factor", {
      code: totpCode(secret, totpStep(Date.now())),
    });
    expect(confirmed.status).toBe(200);
    return { person, secret };
  }
  /** Moves the session's last authentication into the past. */
  const longAgo = ({ userId }: Person) =>
    execute("UPDATE sessions SET verified_at = ? WHERE user_id = ?", [Date.now() - stepUpMs, userId]);

  /** All ways to re-authenticate a session. */
  async function tryWithPassword(person: Person): Promise<(string | undefined)[]> {
    const answers = [
      await send(person, "POST", "/auth/step-up", { password: testPassword }),
      await send(person, "PUT", "/me/password", {
        currentPassword: testPassword,
        password: `${testPassword} 2`,
      }),
      await send(person, "PUT", "/me/email", { email: `${newId()}@example.org`, password: testPassword }),
    ];
    return answers.map(problemIn);
  }

  test("can change neither password nor address, and is let into nothing that asks for step-up", async () => {
    const { person } = await withSecondFactor();
    await longAgo(person);
    expect(await tryWithPassword(person)).toEqual([
      "validation-failed",
      "step-up-required",
      "step-up-required",
    ]);
    const asking = requests.endpoints.filter(({ contract }) => contract.stepUp);
    expect(asking.length).toBeGreaterThan(10);
    const letIn: string[] = [];
    for (const endpoint of asking) {
      const { method, path, headers, body } = requests.for(endpoint);
      const answer = await sendHttp(shop.url, {
        method,
        path,
        headers,
        token: person.token,
        ...(body !== undefined && { body }),
      });
      if (problemIn(answer) !== "step-up-required")
        letIn.push(`${endpoint.action}: ${answer.status} ${answer.body}`);
    }
    expect(letIn).toEqual([]);
  });

  test("is let in by the factor, for changing the password too", async () => {
    const { person, secret } = await withSecondFactor();
    await longAgo(person);
    const stepUp = await send(person, "POST", "/auth/step-up", {
      code: totpCode(secret, totpStep(Date.now()) + 1),
    });
    expect(stepUp.status).toBe(200);
    const changed = await send(person, "PUT", "/me/password", {
      currentPassword: testPassword,
      password: `${testPassword} 2`,
    });
    expect(changed.status).toBe(204);
  });

  test("gains nothing by a session that was begun before there was a factor, or beside its setting up", async () => {
    const { person } = await withSecondFactor();
    await execute("UPDATE sessions SET second_factor = 0, verified_at = ? WHERE user_id = ?", [
      Date.now(),
      person.userId,
    ]);
    expect(problemIn(await send(person, "DELETE", "/me/two-factor"))).toBe("step-up-required");
    expect(await tryWithPassword(person)).toEqual([
      "validation-failed",
      "step-up-required",
      "step-up-required",
    ]);
    expect(problemIn(await send(person, "DELETE", "/me/two-factor"))).toBe("step-up-required");
  });

  test("an account without a second factor changes its password with the password alone, and is stepped up by it", async () => {
    const person = await newPerson(shop);
    await longAgo(person);
    expect(problemIn(await send(person, "POST", "/me/two-factor"))).toBe("step-up-required");
    expect(
      (
        await send(person, "PUT", "/me/password", {
          currentPassword: testPassword,
          password: `${testPassword} 2`,
        })
      ).status,
    ).toBe(204);
    expect((await send(person, "POST", "/me/two-factor")).status).toBe(200);
  });
});
