// Uploads a file as tus-js-client does by itself: client.mjs URL TOKEN FILE WAY. Prints the upload's address.
import { readFileSync } from "node:fs";
import { Readable } from "node:stream";
import { Upload } from "tus-js-client";

const [endpoint, token, path, way] = process.argv.slice(2);
const common = {
  endpoint,
  headers: { Authorization: `Bearer ${token}` },
  metadata: { filename: "garden.mp4", filetype: "video/mp4" },
  chunkSize: 64 * 1024,
  retryDelays: [0, 100, 200],
};

function upload(source, options) {
  return new Promise((resolve, reject) => {
    const it = new Upload(source, {
      ...common,
      ...options,
      onSuccess: () => resolve(it.url),
      onError: reject,
    });
    it.start();
  });
}

/** Sends some chunks and gives up. */
function begin(source) {
  return new Promise((resolve, reject) => {
    const it = new Upload(source, {
      ...common,
      onError: reject,
      onChunkComplete: (_, accepted) => {
        if (accepted >= 3 * common.chunkSize) {
          it.abort().then(() => resolve(it.url), reject);
        }
      },
    });
    it.start();
  });
}

const file = readFileSync(path);
const ways = {
  chunks: () => upload(file, {}),
  whole: () => upload(file, { chunkSize: Infinity }),
  "with-creation": () => upload(file, { uploadDataDuringCreation: true }),
  override: () => upload(file, { overridePatchMethod: true }),
  "length-later": () => upload(Readable.from([file]), { uploadLengthDeferred: true }),
  resumed: async () => upload(file, { uploadUrl: await begin(file) }),
  terminated: async () => {
    const url = await begin(file);
    await Upload.terminate(url, common);
    return url;
  },
};
console.log(await ways[way]());
