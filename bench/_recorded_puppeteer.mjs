// How does the Recorder's own runner key the rows? Asked on its standard input, one batch a line, as _recorded_hands.py.
// node _recorded_puppeteer.mjs URL ACCOUNT FOLDER CHROMIUM PASSWORD @puppeteer/replay puppeteer-core
import { readFileSync } from "node:fs";
import { createInterface } from "node:readline";

const [url, account, folder, executablePath, password, replay, core] = process.argv.slice(2);
const { createRunner, parse, PuppeteerRunnerExtension } = await import(replay);
const { default: puppeteer } = await import(core);
const recorded = readFileSync(`${folder}/recording.json`, "utf8").replaceAll("http://127.0.0.1:8908", url);
const browser = await puppeteer.launch({
  executablePath, headless: true, args: ["--no-sandbox", "--enable-blink-features=ComputedAccessibilityInfo"],
});

const filled = (row) => {
  const values = { ...row, "gijo.account": account, "gijo.password": password };
  return parse(JSON.parse(recorded, (_key, value) =>
    typeof value === "string" ? value.replace(/\{\{(.+?)\}\}/g, (_whole, name) => values[name]) : value));
};

const key = async (row) => {
  const context = await browser.createBrowserContext();
  const page = await context.newPage();
  page.on("dialog", (dialog) => dialog.accept());
  const runner = await createRunner(filled(row), new PuppeteerRunnerExtension(browser, page));
  if (!await runner.run()) throw new Error("the runner was aborted");
  await page.frames().at(-1).waitForSelector("text/受け付けました");
  await context.close();
};

console.log("ready");
for await (const line of createInterface({ input: process.stdin })) {
  const began = performance.now();
  for (const row of JSON.parse(line)) await key(row);
  console.log((performance.now() - began) / 1000);
}
await browser.close();
