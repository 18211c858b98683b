// @tus/server on a free port, with its files in a folder: server.mjs FOLDER. Prints the port; ends with its input.
import { createServer } from "node:http";
import { FileStore } from "@tus/file-store";
import { Server } from "@tus/server";

const tus = new Server({
  path: "/api/v1/uploads",
  datastore: new FileStore({ directory: process.argv[2] }),
});
const server = createServer((request, response) => tus.handle(request, response));
server.listen(0, "127.0.0.1", () => console.log(server.address().port));
process.stdin.on("end", () => process.exit(0)).resume();
