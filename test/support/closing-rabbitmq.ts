import { once } from "node:events";
import { createRequire } from "node:module";
import type { AddressInfo, Socket } from "node:net";
import { createServer } from "node:net";

/** amqplib's protocol definitions, which have no types. */
interface Definitions {
  readonly encodeMethod: (method: number, channel: number, fields: object) => Buffer;
  readonly [method: string]: unknown;
}
const amqplib = createRequire(import.meta.url);
const definitions = amqplib("amqplib/lib/defs.js") as Definitions;
const { parseFrame, decodeFrame } = amqplib("amqplib/lib/frame.js") as {
  parseFrame: (bytes: Buffer) => { rest: Buffer } | false;
  decodeFrame: (frame: object) => { id?: number; channel: number };
};

const method = (name: string, channel: number, fields: object = {}) =>
  definitions.encodeMethod(definitions[name] as number, channel, fields);
const protocolHeaderBytes = 8;

/** A minimal AMQP server that opens a channel and closes its first connections at once. */
export async function closingRabbitmq(
  firstConnections: number,
): Promise<{ url: string; connections: () => number; close: () => Promise<void> }> {
  let connections = 0;
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    connections += 1;
    sockets.add(socket);
    const closes = connections <= firstConnections;
    let received: Buffer = Buffer.alloc(0);
    let greeted = false;
    socket.on("error", () => undefined);
    socket.on("data", (chunk) => {
      received = Buffer.concat([received, chunk]);
      if (!greeted && received.length >= protocolHeaderBytes) {
        greeted = true;
        received = received.subarray(protocolHeaderBytes);
        socket.write(
          method("ConnectionStart", 0, { serverProperties: {}, mechanisms: Buffer.from("PLAIN") }),
        );
      }
      for (let frame = greeted && parseFrame(received); frame; frame = parseFrame(received)) {
        received = frame.rest;
        const { id, channel } = decodeFrame(frame);
        if (id !== undefined) answer(socket, id, channel, closes);
      }
    });
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  const close = async () => {
    for (const socket of sockets) socket.destroy();
    server.close();
    await once(server, "close");
  };
  return {
    url: `amqp://127.0.0.1:${(server.address() as AddressInfo).port}`,
    connections: () => connections,
    close,
  };
}

function answer(socket: Socket, id: number, channel: number, closes: boolean): void {
  const forced = { replyCode: 320, replyText: "CONNECTION_FORCED", classId: 0, methodId: 0 };
  if (id === definitions["ConnectionStartOk"])
    socket.write(method("ConnectionTune", 0, { channelMax: 0, frameMax: 0, heartbeat: 0 }));
  else if (id === definitions["ConnectionOpen"])
    socket.write(
      Buffer.concat([
        method("ConnectionOpenOk", 0),
        ...(closes ? [method("ConnectionClose", 0, forced)] : []),
      ]),
    );
  else if (id === definitions["ChannelOpen"]) socket.write(method("ChannelOpenOk", channel));
  else if (id === definitions["ConfirmSelect"]) socket.write(method("ConfirmSelectOk", channel));
  else if (id === definitions["ChannelClose"]) socket.write(method("ChannelCloseOk", channel));
  else if (id === definitions["ConnectionClose"]) socket.end(method("ConnectionCloseOk", 0));
  else if (id === definitions["ConnectionCloseOk"]) socket.end();
}
