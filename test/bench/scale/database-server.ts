import type { Connection } from "mysql2/promise";
import { createConnection } from "mysql2/promise";
import type { Stack } from "../../../deploy/local/stack.ts";
import { readState } from "../../../deploy/local/state.ts";

const gib = 2 ** 30;

/** Of every shop alike, and a tenth of what the largest one keeps: most of its data is not in memory. */
export const bufferPoolBytes = 2 * gib;

/** While nobody depends on it, a server need not be careful. What one of MySQL and MariaDB does not know is left as it is. */
export async function forFilling(stack: Stack): Promise<void> {
  await set(stack, { innodb_flush_log_at_trx_commit: 0, sync_binlog: 0, innodb_log_file_size: 2 * gib, innodb_buffer_pool_size: 4 * gib, local_infile: 1 });
}

export async function forServing(stack: Stack): Promise<void> {
  await set(stack, { innodb_flush_log_at_trx_commit: 1, sync_binlog: 1, innodb_log_file_size: gib / 4, innodb_buffer_pool_size: bufferPoolBytes });
}

/** A connection with all rights to the stack's primary. */
export async function asAdministrator({ directory }: Stack): Promise<Connection> {
  const state = await readState(directory);
  if (!state?.ports.primary) throw new Error(`there is no stack in ${directory}`);
  return createConnection({ host: "127.0.0.1", port: state.ports.primary, user: "shop_admin", password: state.secrets.admin });
}

async function set(stack: Stack, values: Readonly<Record<string, number>>): Promise<void> {
  const connection = await asAdministrator(stack);
  try {
    for (const [name, value] of Object.entries(values)) await connection.query(`SET GLOBAL ${name} = ${value}`).catch(() => undefined);
  } finally {
    await connection.end();
  }
}
