// Extracts the text of PDFs with pdf.js, for tests.
//
// Usage: node read.cjs DIRECTORY. For each NAME.pdf of the directory it writes
// NAME.pdfjs.txt. Items are joined as pdf.js itself joins them when text is copied.
const fs = require("fs");
const path = require("path");
const pdfjs = require("/usr/share/javascript/pdf/build/pdf.js");

pdfjs.GlobalWorkerOptions.workerSrc = "/usr/share/javascript/pdf/build/pdf.worker.js";

async function read(file) {
  const data = new Uint8Array(fs.readFileSync(file));
  const doc = await pdfjs.getDocument({ data, verbosity: 0, isEvalSupported: false }).promise;
  let text = "";
  for (let n = 1; n <= doc.numPages; n++) {
    const content = await (await doc.getPage(n)).getTextContent();
    for (const item of content.items) text += item.str + (item.hasEOL ? "\n" : "");
    text += "\n\f";
  }
  await doc.destroy();
  return text;
}

(async () => {
  const directory = process.argv[2];
  for (const name of fs.readdirSync(directory).filter((n) => n.endsWith(".pdf")).sort()) {
    fs.writeFileSync(path.join(directory, name.replace(/pdf$/, "pdfjs.txt")), await read(path.join(directory, name)));
  }
})();
