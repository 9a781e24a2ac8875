// A signed answer: payload and signature in base64url with a dot between, Ed25519 over the letters of the first part.

const PART = /^[A-Za-z0-9_-]+$/;
const LONGEST = 4000;
const SIGNATURE_BYTES = 64;

/** What stands behind the # of an address, "" for nothing; null where it cannot be read: a sign of it was lost. */
export function writtenIn(hash) {
  try {
    return decodeURIComponent(hash.slice(1));
  } catch {
    return null;
  }
}

/** The parts of a token: {payload, signed, signature}; null for what is none, or not the whole of one. */
export function readToken(token) {
  const parts = token.split(".");
  if (token.length > LONGEST || parts.length !== 2 || !parts.every((part) => PART.test(part))) return null;
  try {
    const payload = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytesOf(parts[0])));
    const isObject = payload !== null && typeof payload === "object" && !Array.isArray(payload);
    if (!isObject || payload.v !== 1) return null;
    const signature = bytesOf(parts[1]);
    if (signature.length !== SIGNATURE_BYTES) return null;
    return { payload, signed: new TextEncoder().encode(parts[0]), signature };
  } catch {
    return null;
  }
}

/** What holds of a token: "none" (it is none), "stranger" (its key is not among these), "unable", "broken" or "good". */
export async function verdictOf(token, keys, subtle) {
  if (token === null) return "none";
  const key = keys.find((one) => one.kid === token.payload.kid && one.kty === "OKP" && one.crv === "Ed25519");
  if (!key) return "stranger";
  let imported;
  try {
    imported = await subtle.importKey("raw", bytesOf(key.x), { name: "Ed25519" }, false, ["verify"]);
  } catch {
    return "unable";
  }
  const holds = await subtle.verify({ name: "Ed25519" }, imported, token.signature, token.signed);
  return holds ? "good" : "broken";
}

/** Which headline a verified answer has: its own, or that of what is told apart within it. */
export function headlineOf({ a: answer, s: state, r: reason, newer }) {
  if (answer === "not_for_item" && reason === "not_designated") return reason;
  if (answer === "ended" && newer) return "newer";
  return answer === "ended" && state === "overdue" ? state : answer;
}

/** The colour token and the mark of a verified answer. */
export function signOf({ a: answer, s: state, newer }) {
  if (answer === "valid") return ["valid", "✓"];
  if (answer === "not_for_item") return ["reduced", "◑"];
  if (answer === "ended" && state === "overdue" && !newer) return ["overdue", "!"];
  if (answer === "ended") return state === "suspended" ? ["suspended", "‖"] : ["expired", "×"];
  if (answer === "not_in_register") return ["unknown", "○"];
  return answer === "kept_elsewhere" ? ["elsewhere", "→"] : ["elsewhere", "i"];
}

/** dd/mm/yyyy of an ISO day; anything else as it is. */
export function dayInWords(text) {
  const [, year, month, day] = /^(\d{4})-(\d{2})-(\d{2})$/.exec(text) ?? [];
  return year ? `${day}/${month}/${year}` : text;
}

function bytesOf(text) {
  const plain = atob(text.replaceAll("-", "+").replaceAll("_", "/"));
  return Uint8Array.from(plain, (letter) => letter.charCodeAt(0));
}
