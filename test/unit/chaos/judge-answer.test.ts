import { describe, expect, test } from "@jest/globals";
import { orders } from "../../../services/orders/orders.contract.ts";
import { judgeProblem } from "../../chaos/judge-answer.ts";

const contract = orders.actions.cancel;
const problem = (status: number, code: string, contentType = "application/problem+json") =>
  judgeProblem(contract, {
    status,
    contentType,
    text: JSON.stringify({ type: `/problems/${code}`, status }),
  });

describe("answers that are no success", () => {
  test("a refusal that the contract names is a refusal", () => {
    expect(problem(409, "illegal-transition")).toEqual({
      verdict: { outcome: "failed", problem: "illegal-transition" },
      finding: undefined,
    });
  });

  test("unavailable and late leave the outcome open, busy says to come again", () => {
    expect(problem(503, "unavailable").verdict.outcome).toBe("unknown");
    expect(problem(504, "deadline-exceeded").verdict.outcome).toBe("unknown");
    expect(problem(429, "too-many-requests").verdict.outcome).toBe("again");
  });

  test("an internal error, an error of other actions, another status and another body are findings", () => {
    expect(problem(500, "internal-error").finding).toContain("internal-error");
    expect(problem(409, "cart-empty").finding).toContain("cart-empty is none of its errors");
    expect(problem(400, "illegal-transition").finding).toContain("with status 400");
    expect(problem(409, "illegal-transition", "text/html").finding).toContain("text/html");
    expect(problem(418, "no-such-problem").finding).toContain("418");
    expect(
      judgeProblem(contract, { status: 502, contentType: "text/html", text: "<h1>" }).verdict.outcome,
    ).toBe("unknown");
  });
});
