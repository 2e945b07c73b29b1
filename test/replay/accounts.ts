import { createHmac } from "node:crypto";
import type { Result } from "../../mixins/contract/calls.ts";
import type { Permission } from "../../mixins/contract/permissions.ts";
import { limiter } from "./concurrency.ts";
import { ReplayError } from "./replay-error.ts";
import type { ShopClient, SignedIn } from "./shop-client.ts";
import { ShopProblem } from "./shop-client.ts";

export interface Credentials {
  readonly email: string;
  readonly password: string;
}

/** Password hashing is slow on purpose; more concurrent logins would only queue. */
const loginsAtOnce = 2;
/** Margin for renewing a token before its expiry. */
const renewalMs = 30_000;
const neededOfStaff: readonly Permission[] = ["catalog:write", "stock:write", "orders:read", "orders:write"];

/** Creates accounts and sessions on demand. */
export class Accounts {
  readonly #client: ShopClient;
  readonly #administrator: Credentials;
  readonly #limited = limiter(loginsAtOnce);
  readonly #customers = new Map<string, Promise<Session>>();

  constructor(client: ShopClient, administrator: Credentials) {
    this.#client = client;
    this.#administrator = administrator;
  }

  /** @throws ReplayError when this administrator is unknown, or lacks permissions */
  async staff(): Promise<SignedIn> {
    const session = new Session(this.#client, this.#administrator, this.#limited);
    const { email } = this.#administrator;
    try {
      const { permissions } = await session.logIn();
      const lacking = neededOfStaff.filter((permission) => !permissions.includes(permission));
      if (lacking.length > 0) throw new ReplayError(`${email} is not allowed ${lacking.join(", ")}`);
    } catch (error) {
      if (!(error instanceof ShopProblem)) throw error;
      if (error.code === "invalid-credentials")
        throw new ReplayError(`the shop refuses the password of ${email}`);
      throw new ReplayError(`the shop does not let ${email} in: ${error.message}`);
    }
    return session;
  }

  /**
   * The account of a customer in the file, the same in each run. Orders need an account, so unnamed customers
   * share one.
   */
  customer(id: string | undefined): Promise<SignedIn> {
    const name = id ?? "walk-in";
    const known = this.#customers.get(name);
    if (known) return known;
    const opened = this.#open(`customer-${name}@replay.example`, id ? `Customer ${id}` : "Walk-in customer");
    this.#customers.set(name, opened);
    opened.catch(() => this.#customers.delete(name));
    return opened;
  }

  async #open(email: string, name: string): Promise<Session> {
    // Derived from the administrator's password, so that these accounts are not open to others.
    const password = createHmac("sha256", this.#administrator.password).update(email).digest("base64url");
    // Registering an account that exists changes nothing.
    await this.#limited(() => this.#client.call("users.register", { email, password, name }));
    const session = new Session(this.#client, { email, password }, this.#limited);
    await session.accessToken();
    return session;
  }
}

interface LoggedIn {
  readonly accessToken: string;
  readonly refreshToken: string;
  readonly permissions: readonly Permission[];
  /** By this process's clock. */
  readonly renewAt: number;
}

/** Keeps a session alive: refreshes its tokens before they expire, or logs in again. */
class Session implements SignedIn {
  readonly #client: ShopClient;
  readonly #credentials: Credentials;
  readonly #limited: ReturnType<typeof limiter>;
  #tokens: LoggedIn | undefined;
  #renewal: Promise<LoggedIn> | undefined;

  constructor(client: ShopClient, credentials: Credentials, limited: ReturnType<typeof limiter>) {
    this.#client = client;
    this.#credentials = credentials;
    this.#limited = limited;
  }

  async accessToken(): Promise<string> {
    if (this.#tokens && Date.now() < this.#tokens.renewAt) return this.#tokens.accessToken;
    // Single-flight: reuse of a refresh token ends the session.
    this.#renewal ??= this.#renew().finally(() => (this.#renewal = undefined));
    const { accessToken } = await this.#renewal;
    return accessToken;
  }

  refused(token: string): void {
    if (this.#tokens?.accessToken === token) this.#tokens = undefined;
  }

  async logIn(): Promise<LoggedIn> {
    return this.#limited(async () =>
      this.#keep(await this.#client.call("users.login", { ...this.#credentials }, { repeatable: true })),
    );
  }

  async #renew(): Promise<LoggedIn> {
    const refreshToken = this.#tokens?.refreshToken;
    if (refreshToken === undefined) return this.logIn();
    try {
      return this.#keep(await this.#client.call("users.refresh", { refreshToken }));
    } catch {
      // Refused or lost: the token is useless.
      return this.logIn();
    }
  }

  #keep({ accessToken, refreshToken, expiresIn, user }: Result<"users.login">): LoggedIn {
    const renewAt = Date.now() + expiresIn * 1000 - renewalMs;
    this.#tokens = { accessToken, refreshToken, permissions: user.permissions, renewAt };
    return this.#tokens;
  }
}
