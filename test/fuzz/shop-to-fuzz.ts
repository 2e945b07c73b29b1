import { newId } from "../../services/contract/ids.ts";
import type { Shop } from "../support/shop.ts";
import { startShop } from "../support/shop.ts";

const password = "correct horse battery";
const administrator = "admin@shop.example";

/** A shop of its own, contracts checked, with something to sell, that counts nobody's requests. */
export async function shopToFuzz(): Promise<{ shop: Shop; signIn: () => Promise<{ customer: string; administrator: string }> }> {
  const shop = await startShop({ env: { LOG_LEVEL: "fatal" } });
  await shop.call("users.administrator.ensure", { email: administrator, password });
  await shop.call("catalog.demo.seed", {});

  const post = (path: string, body: unknown) =>
    fetch(`${shop.url}/api/v1${path}`, { method: "POST", body: JSON.stringify(body), headers: { "content-type": "application/json" } });
  const login = async (email: string): Promise<string> => {
    const { accessToken } = (await (await post("/auth/login", { email, password })).json()) as { accessToken?: string };
    if (accessToken === undefined) throw new Error(`${email} cannot log in`);
    return accessToken;
  };
  return {
    shop,
    async signIn() {
      const email = `${newId()}@example.org`;
      await post("/auth/register", { email, password, name: "Ada" });
      return { customer: await login(email), administrator: await login(administrator) };
    },
  };
}
