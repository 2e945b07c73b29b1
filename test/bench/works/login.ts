import { slugOf } from "../data/catalogue.ts";
import { password } from "../data/people.ts";
import type { Answers } from "../load/wrk.ts";
import { repeatRequest, sendRequests } from "../load/wrk.ts";
import { argonProgram } from "../opponents.ts";
import { outputOf } from "../processes.ts";
import type { Work } from "../work.ts";

const connections = 4;

/** Logins compared with bare hashing of as many passwords, and their effect on the catalogue's visitors. */
export const login: Work = {
  name: "login",
  title: "log in",
  goals: [
    { of: "rate ratio", atLeast: 0.9 },
    { of: "figure", figure: "catalogue p99, beside logins / quiet", atMost: 1.5 },
  ],
  contenders: ({ shop, customers }) => {
    const requests = customers.map(({ email }, index) => ({
      method: "POST",
      path: "/api/v1/auth/login",
      body: { email, password },
      headers: { "X-Forwarded-For": `10.1.${index >> 8}.${index & 255}` },
    }));
    const logins = (seconds: number) => sendRequests(shop.url, requests, { connections, seconds }, "again");
    const visitors = (seconds: number) =>
      repeatRequest(`${shop.url}/api/v1/products/${slugOf(5)}`, { connections: 1, seconds });
    return Promise.resolve([
      { name: "shop", processes: shop.processes, measure: logins },
      {
        name: "argon2id alone",
        processes: new Map(),
        async measure(seconds) {
          const output = await outputOf(process.execPath, [argonProgram, `${connections}`, `${seconds}`]);
          return {
            failures: 0,
            p50Ms: 0,
            p99Ms: 0,
            ...(JSON.parse(output) as Pick<Answers, "requests" | "seconds">),
          };
        },
      },
      {
        name: "a product, hot, beside logins",
        processes: new Map(),
        async measure(seconds) {
          const quiet = await visitors(seconds);
          const [, beside] = await Promise.all([logins(seconds), visitors(seconds)]);
          return {
            ...beside,
            figures: { "catalogue p99, beside logins / quiet": beside.p99Ms / quiet.p99Ms },
          };
        },
      },
    ]);
  },
};
