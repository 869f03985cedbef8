// How does the Recorder's own runner key the rows? Asked on its standard input, one batch a line, as _recorded_hands.py.
// node _recorded_puppeteer.mjs URL ACCOUNT FOLDER CHROMIUM PASSWORD @puppeteer/replay puppeteer-core
import { readFileSync } from "node:fs";
import { createInterface } from "node:readline";

const PATIENCE_MS = 30_000; // a machine that is busy with other work is slow, and is not the runner's fault
const [url, account, folder, executablePath, password, replay, core] = process.argv.slice(2);
const { createRunner, parse, PuppeteerRunnerExtension } = await import(replay);
const { default: puppeteer } = await import(core);
const recorded = readFileSync(`${folder}/recording.json`, "utf8").replaceAll("http://127.0.0.1:8908", url);
const browser = await puppeteer.launch({
  executablePath, headless: true, args: ["--no-sandbox", "--enable-blink-features=ComputedAccessibilityInfo"],
});

const filled = (row) => {
  const values = { ...row, "gijo.account": account, "gijo.password": password };
  const flow = JSON.parse(recorded, (_key, value) =>
    typeof value === "string" ? value.replace(/\{\{(.+?)\}\}/g, (_whole, name) => values[name]) : value);
  return parse({ ...flow, timeout: PATIENCE_MS });
};

// Tells where it stood: the runner's own words are "waiting for function failed". A window that closes in its own click
// has been pressed; the runner would press it until its time is over.
class Following extends PuppeteerRunnerExtension {
  constructor(context, page) {
    super(context.browser(), page);
    this.context = context;
  }

  async runStep(step, flow) {
    const closed = new Promise((resolve) => this.context.once("targetdestroyed", resolve));
    const done = super.runStep(step, flow).catch((trouble) => {
      throw new Error(`at ${step.type} ${JSON.stringify(step.selectors ?? step.url)}`, { cause: trouble });
    });
    done.catch(() => {}); // of a press into a window that has closed, nobody waits any more
    await (step.type === "click" ? Promise.race([done, closed]) : done);
  }
}

const key = async (row) => {
  const context = await browser.createBrowserContext();
  const page = await context.newPage();
  page.on("dialog", (dialog) => dialog.accept());
  const runner = await createRunner(filled(row), new Following(context, page));
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
