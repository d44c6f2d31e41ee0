// Exports a resume file through a running letraz-export. Node 18 or newer, no packages.
//
//   LETRAZ_URL=http://127.0.0.1:8080 LETRAZ_TOKEN=… node export.mjs my-resume.json resume.pdf
import { createHash, randomUUID } from "node:crypto"
import { readFile, writeFile } from "node:fs/promises"
import { setTimeout as sleep } from "node:timers/promises"

const base = process.env.LETRAZ_URL

// call sends a request until it has an answer that stays: at most six times, at the intervals
// that the API asks for.
async function call(path, options = {}) {
  for (let tries = 1; ; tries++) {
    let problem
    let pause = 200 * 2 ** tries * (0.5 + Math.random() / 2)
    try {
      const answer = await fetch(base + path, {
        ...options,
        headers: { Authorization: `Bearer ${process.env.LETRAZ_TOKEN}`, ...options.headers },
        signal: AbortSignal.timeout(60_000),
      })
      const body = Buffer.from(await answer.arrayBuffer())
      if (answer.ok) return { answer, body }
      problem = new Error(`the API answers ${answer.status}: ${body}`)
      if (![429, 502, 503, 504].includes(answer.status)) tries = Infinity
      pause = Math.max(pause, 1000 * (Number(answer.headers.get("Retry-After")) || 0))
    } catch (err) {
      problem = err // no connection, or it broke
    }
    if (tries > 5) throw problem
    await sleep(pause)
  }
}

async function exportResume(resume) {
  // The same key for every try makes them one export.
  let { body } = await call("/v1/exports", {
    method: "POST",
    headers: { "Content-Type": "application/json", "Idempotency-Key": randomUUID(), Prefer: "wait=30" },
    body: JSON.stringify({ resume, template: "modern" }),
  })
  let now = JSON.parse(body)
  // 30 s are long; a busy service may still need longer.
  while (now.status === "queued" || now.status === "rendering") {
    const began = Date.now()
    const { answer, body } = await call(`/v1/exports/${now.id}`, { headers: { Prefer: "wait=30" } })
    now = JSON.parse(body)
    if (Date.now() - began < 1000) await sleep(1000 * (Number(answer.headers.get("Retry-After")) || 0))
  }
  if (now.status !== "ready") throw new Error(`the export is ${now.status}: ${now.failure?.message ?? "no reason was given"}`)

  const file = (await call(`/v1/exports/${now.id}/download`)).body
  if (createHash("sha256").update(file).digest("hex") !== now.sha256) throw new Error("the download is damaged")
  return { ...now, file }
}

const [input, output] = process.argv.slice(2)
if (!output) {
  console.error("usage: node export.mjs RESUME.json OUTPUT.pdf")
  process.exit(2)
}
try {
  const done = await exportResume(JSON.parse(await readFile(input, "utf8")))
  await writeFile(output, done.file)
  for (const note of done.notes ?? []) console.log(`note: ${note.path}: ${note.message}`)
  console.log(`${output}: ${done.pages} pages, ${done.size} bytes, sha256 ${done.sha256}`)
} catch (err) {
  console.error(err.message)
  process.exitCode = 1
}
