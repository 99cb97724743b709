// SQL-injection filter service: POST /process and POST /inference take and return JSON arrays of records.
// Start: node server.mjs [port]   (or PORT; default 8080, 0 picks a free one)
import { readFileSync } from "node:fs";
import { createServer } from "node:http";

const setOf = (words) => new Set(words.split(" "));

const KEYWORDS = setOf(
  "alter case create declare delete drop exec execute from group having information_schema insert into join limit " +
    "offset order procedure select sysobjects table truncate union update values waitfor when where xp_cmdshell",
);
const LOGIC_WORDS = setOf("all and between exists in is like not or regexp rlike xor");
const FUNCTIONS = setOf(
  "ascii benchmark cast char chr concat convert count database elt extractvalue hex if ifnull iif length load_file " +
    "make_set mid nullif ord pg_sleep rand row sleep substr substring updatexml user version",
);

// The query is scanned by code point. All classes are ASCII.
const isDigit = (c) => c >= 0x30 && c <= 0x39;
const isUpper = (c) => c >= 0x41 && c <= 0x5a;
const isLower = (c) => c >= 0x61 && c <= 0x7a;
const isWordChar = (c) => isUpper(c) || isLower(c) || isDigit(c) || c === 0x5f;
const isSpace = (c) => c === 0x20 || (c >= 0x09 && c <= 0x0d);
const isPunctuation = (c) => c >= 0x21 && c <= 0x7e && !isWordChar(c);
const isHex = (c) => isDigit(c) || (c >= 0x41 && c <= 0x46) || (c >= 0x61 && c <= 0x66);
const code = (character) => character.charCodeAt(0);

function scan(query) {
  const points = Array.from(query, (character) => character.codePointAt(0));
  const words = [];
  const tally = new Map();
  let start = -1;
  for (let i = 0; i <= points.length; i += 1) {
    const inWord = i < points.length && isWordChar(points[i]);
    if (inWord && start < 0) start = i;
    if (!inWord && start >= 0) {
      const text = String.fromCharCode(...points.slice(start, Math.min(i, start + 64)));
      words.push({ start, end: i, name: i - start > 64 ? "" : text.toLowerCase() });
      start = -1;
    }
    if (i < points.length) tally.set(points[i], (tally.get(points[i]) ?? 0) + 1);
  }
  return { points, words, tally };
}

function countWhere(tally, accepts) {
  let sum = 0;
  for (const [point, times] of tally) if (accepts(point)) sum += times;
  return sum;
}

function skipSpace(points, i) {
  while (i < points.length && isSpace(points[i])) i += 1;
  return i;
}

function countComments(points) {
  let found = 0;
  for (let i = 0; i < points.length; i += 1) {
    if (points[i] === code("#")) {
      found += 1;
      continue;
    }
    const pair =
      i + 1 < points.length && points[i] < 128 && points[i + 1] < 128
        ? String.fromCharCode(points[i], points[i + 1])
        : "";
    if (pair === "--" || pair === "/*" || pair === "*/") {
      found += 1;
      i += 1;
    }
  }
  return found;
}

function countEscapes(points) {
  let found = 0;
  for (let i = 0; i + 2 < points.length; i += 1) {
    if (points[i] === code("%") && isHex(points[i + 1]) && isHex(points[i + 2])) {
      found += 1;
      i += 2;
    }
  }
  return found;
}

function sameWord(points, left, right) {
  if (left.end - left.start !== right.end - right.start) return false;
  for (let k = 0; k < left.end - left.start; k += 1)
    if (points[left.start + k] !== points[right.start + k]) return false;
  return true;
}

// word = word, both bare or both behind the same quote; only the left word has to be closed.
function hasTautology(points, words) {
  const equalsAfter = (i) => {
    const at = skipSpace(points, i);
    return points[at] === code("=") ? skipSpace(points, at + 1) : -1;
  };
  for (let w = 0; w + 1 < words.length; w += 1) {
    const [left, right] = [words[w], words[w + 1]];
    if (!sameWord(points, left, right)) continue;
    if (equalsAfter(left.end) === right.start) return true;
    const quote = points[left.start - 1];
    const quoted = (quote === code("'") || quote === code('"')) && points[left.end] === quote;
    if (quoted && points[right.start - 1] === quote && equalsAfter(left.end + 1) === right.start - 1) return true;
  }
  return false;
}

function entropyOf(tally, total) {
  let bits = 0;
  for (const times of tally.values()) bits += (times / total) * Math.log2(total / times);
  return bits;
}

function percentHalfEven(part, whole) {
  const floor = Math.floor((100 * part) / whole);
  const twice = 2 * (100 * part - floor * whole); // exact: these are integers
  if (twice === whole) return floor + (floor % 2);
  return twice > whole ? floor + 1 : floor;
}

function extract(query) {
  const { points, words, tally } = scan(query);
  const of = (characters) => Array.from(characters, code).reduce((sum, c) => sum + (tally.get(c) ?? 0), 0);
  const among = (names) => words.filter((word) => names.has(word.name)).length;
  const styles = [of("'") && "single", of('"') && "double", of("`") && "backtick"].filter(Boolean);
  const upper = countWhere(tally, isUpper);
  const letters = upper + countWhere(tally, isLower);
  const empty = points.length === 0;
  return {
    length: points.length,
    words: words.length,
    longest_word: words.reduce((longest, word) => Math.max(longest, word.end - word.start), 0),
    null_values: words.filter((word) => word.name === "null").length,
    keywords: among(KEYWORDS),
    logic_words: among(LOGIC_WORDS),
    function_calls: words.filter((w) => FUNCTIONS.has(w.name) && points[skipSpace(points, w.end)] === code("(")).length,
    quotes: of("'\"`"),
    quote_style: styles.length === 0 ? "none" : styles.length === 1 ? styles[0] : "mixed",
    unbalanced_quotes: of("'") % 2 === 1 || of('"') % 2 === 1,
    comment_marks: countComments(points),
    operators: of("=<>!|&"),
    parentheses: of("()"),
    semicolons: of(";"),
    percent_escapes: countEscapes(points),
    tautology: hasTautology(points, words),
    entropy: entropyOf(tally, points.length),
    digit_percent: empty ? null : percentHalfEven(countWhere(tally, isDigit), points.length),
    special_share: empty ? null : countWhere(tally, isPunctuation) / points.length,
    uppercase_share: letters === 0 ? null : upper / letters,
  };
}

const regression = JSON.parse(readFileSync(new URL("../research/weights.json", import.meta.url), "utf8"));

const TRANSFORMS = {
  identity: (name) => (x) => (x[name] === null ? null : Number(x[name])),
  log1p: (name) => (x) => (x[name] === null ? null : Math.log1p(x[name])),
  equals: (name) => {
    const [feature, value] = name.split("=");
    return (x) => (x[feature] === value ? 1 : 0);
  },
};
const TERMS = regression.inputs.map((input) => ({ ...input, read: TRANSFORMS[input.transform](input.name) }));

function classify(features) {
  let z = regression.intercept;
  for (const { read, missing, mean, scale, weight } of TERMS)
    z += (weight * ((read(features) ?? missing) - mean)) / scale;
  const score = 1 / (1 + Math.exp(-z));
  return { is_injection: score >= regression.threshold, score };
}

const OPERATIONS = {
  "/process": (record) => extract(record.query),
  "/inference": (record) => classify(extract(record.query)),
};

function send(response, status, body) {
  const text = JSON.stringify(body);
  response.writeHead(status, { "content-type": "application/json", "content-length": Buffer.byteLength(text) });
  response.end(text);
}

async function handle(request, response) {
  if (request.method === "GET" && request.url === "/health") return send(response, 200, { status: "ok" });
  if (request.method === "GET" && request.url === "/") {
    return send(response, 200, {
      tally: 1,
      name: "sqli-filter",
      version: "2.0.3",
      operations: ["process", "inference"],
    });
  }
  const operation = OPERATIONS[request.url];
  if (request.method !== "POST" || !operation) return send(response, 404, { error: "not found" });
  const chunks = [];
  for await (const chunk of request) chunks.push(chunk);
  let records;
  try {
    records = JSON.parse(Buffer.concat(chunks).toString("utf8"));
  } catch {
    return send(response, 400, { error: "the body is not JSON" });
  }
  if (!Array.isArray(records)) return send(response, 400, { error: "an array of records is expected" });
  send(
    response,
    200,
    records.map((record) =>
      typeof record?.query === "string"
        ? operation(record)
        : { $error: { type: "BadRecord", message: "query must be a string" } },
    ),
  );
}

const server = createServer((request, response) => {
  handle(request, response).catch((error) => {
    console.error(error);
    if (!response.headersSent) send(response, 500, { error: "internal error" });
  });
});
server.listen(Number(process.argv[2] ?? process.env.PORT ?? 8080), "127.0.0.1", () => {
  console.log(`listening on http://127.0.0.1:${server.address().port}`);
});
