// The peer of row c1: one socket.io node of two, told what to do by lines as every side of the bench is. Usage: node server.mjs REDIS_PORT CARDS
import { createServer } from "node:http";
import { readFileSync, writeFileSync } from "node:fs";
import { createInterface } from "node:readline";
import { createAdapter } from "@socket.io/redis-adapter";
import { createClient } from "redis";
import { Server } from "socket.io";

const [redisPort, cardsFile] = process.argv.slice(2);
const cards = readFileSync(cardsFile, "utf8").split("\n").filter(Boolean).map((line) => JSON.parse(line));
const publisher = createClient({ url: `redis://127.0.0.1:${redisPort}` });
const subscriber = publisher.duplicate();
await Promise.all([publisher.connect(), subscriber.connect()]);
const http = createServer();
const io = new Server(http, { adapter: createAdapter(publisher, subscriber), transports: ["websocket"], perMessageDeflate: false });
io.on("connection", (socket) => socket.join("street"));
await new Promise((listening) => http.listen(0, "127.0.0.1", listening));

const send = (k) => io.to("street").emit("card", cards[k % cards.length]);

/** An open loop: every change at its time. */
async function publish(perSecond, count, file) {
  const start = process.hrtime.bigint() + 10_000_000n;
  const due = Array.from({ length: count }, (_, k) => start + BigInt(Math.round((k * 1e9) / perSecond)));
  const late = [];
  for (let k = 0; k < count; ) {
    const now = process.hrtime.bigint();
    if (now < due[k]) {
      await new Promise((tick) => setTimeout(tick, 1));
      continue;
    }
    late.push(Number(now - due[k]) / 1e6);
    send(k++);
  }
  writeFileSync(file, due.map((at, k) => `${Number(cards[k % cards.length].callNo.split("-").at(-1))} ${at}\n`).join(""));
  return late.sort((a, b) => a - b)[Math.max(0, Math.ceil(late.length * 0.99) - 1)].toFixed(2);
}

console.log("= ready");
for await (const line of createInterface({ input: process.stdin })) {
  const [command, ...words] = line.split(" ");
  if (command === "url") console.log(`= http://127.0.0.1:${http.address().port}`);
  else if (command === "publish") console.log(`= ${await publish(Number(words[0]), Number(words[1]), words[2])}`);
  else console.log(`! unknown command ${command}`);
}
process.exit(0);
