import type { Connection } from "mysql2/promise";
import { createConnection } from "mysql2/promise";
import type { Stack } from "../../../deploy/local/stack.ts";
import { readState } from "../../../deploy/local/state.ts";

const gib = 2 ** 30;

/** The same for every shop: a tenth of the largest one's data, most of which is therefore not in memory. */
export const bufferPoolBytes = 2 * gib;

/** Relaxes durability while filling. Skips options unknown to MySQL or MariaDB. */
export async function forFilling(stack: Stack): Promise<void> {
  await set(stack, {
    innodb_flush_log_at_trx_commit: 0,
    sync_binlog: 0,
    innodb_log_file_size: 2 * gib,
    innodb_buffer_pool_size: 4 * gib,
    local_infile: 1,
  });
}

export async function forServing(stack: Stack): Promise<void> {
  await set(stack, {
    innodb_flush_log_at_trx_commit: 1,
    sync_binlog: 1,
    innodb_log_file_size: gib / 4,
    innodb_buffer_pool_size: bufferPoolBytes,
  });
}

/** A catalogue of a hundred thousand products is in memory, as on a server with the recommended buffer pool. */
export async function forSearching(stack: Stack): Promise<void> {
  await set(stack, { innodb_buffer_pool_size: gib });
}

/** A connection with all privileges to the stack's primary. */
export async function asAdministrator({ directory }: Stack): Promise<Connection> {
  const state = await readState(directory);
  if (!state?.ports.primary) throw new Error(`there is no stack in ${directory}`);
  return createConnection({
    host: "127.0.0.1",
    port: state.ports.primary,
    user: "shop_admin",
    password: state.secrets.admin,
  });
}

async function set(stack: Stack, values: Readonly<Record<string, number>>): Promise<void> {
  const connection = await asAdministrator(stack);
  try {
    for (const [name, value] of Object.entries(values))
      await connection.query(`SET GLOBAL ${name} = ${value}`).catch(() => undefined);
  } finally {
    await connection.end();
  }
}
