import type { Server } from "node:http";
import type { AddressSet } from "./address-key.ts";
import { addressKey, plainAddress } from "./address-key.ts";

/**
 * Closes connections of an address that has too many at once.
 *
 * @param isLeftOut behind these addresses there are many people
 */
export function limitConnections(server: Server, most: number, isLeftOut: AddressSet): void {
  const connections = new Map<string, number>();
  server.on("connection", (socket) => {
    const { remoteAddress } = socket;
    if (remoteAddress === undefined || isLeftOut(plainAddress(remoteAddress))) return;
    const key = addressKey(plainAddress(remoteAddress));
    const count = (connections.get(key) ?? 0) + 1;
    if (count > most) {
      socket.destroy();
      return;
    }
    connections.set(key, count);
    socket.once("close", () => {
      const left = (connections.get(key) ?? 1) - 1;
      if (left > 0) connections.set(key, left);
      else connections.delete(key);
    });
  });
}
