// What a scanned code leads to. Knows no page.

/** Where to go with the content of a code: our own page of the check, or the check of whatever was read. */
export function addressOf(content, { origin, language }) {
  const own = ownAddress(content.trim(), origin);
  if (own) return own;
  const asked = new URLSearchParams({ number: content.trim() });
  if (language === "en") asked.set("lang", "en");
  return `/verify?${asked}`;
}

/** Path, query and fragment of an address of our own pages of the check; null for every other content. */
function ownAddress(content, origin) {
  if (!URL.canParse(content)) return null;
  const url = new URL(content);
  const ours = url.origin === origin && ["/verify", "/verify/signed"].includes(url.pathname);
  return ours ? `${url.pathname}${url.search}${url.hash}` : null;
}
