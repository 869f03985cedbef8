// What a receiver far away, with a library that is not ours, thinks of signed mails: one JSON answer a line.
const { dkimVerify } = require("mailauth/lib/dkim/verify");

let input = "";
process.stdin.on("data", (piece) => (input += piece));
process.stdin.on("end", async () => {
  for (const { message, names } of JSON.parse(input)) {
    const resolver = async (name, kind) => {
      if (kind === "TXT" && names[name]) return [[names[name]]];
      throw Object.assign(new Error("no such name"), { code: "ENOTFOUND" });
    };
    const { results } = await dkimVerify(Buffer.from(message, "base64"), { resolver });
    const told = results.map((one) => ({
      result: one.status.result,
      comment: one.status.comment,
      domain: one.signingDomain,
      algorithm: one.algo,
      signed: one.signingHeaders ? one.signingHeaders.keys.toLowerCase() : "",
    }));
    console.log(JSON.stringify(told));
  }
});
