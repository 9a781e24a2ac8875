// Writes vector tiles of points by hand, byte by byte, so that what reads them is tested against the format itself.

function varint(number) {
  const bytes = [];
  for (let rest = number; ; rest = Math.floor(rest / 128)) {
    if (rest < 128) return [...bytes, rest];
    bytes.push((rest % 128) + 128);
  }
}

const field = (number, bytes) => [...varint(number * 8 + 2), ...varint(bytes.length), ...bytes];
const number = (name, value) => [...varint(name * 8), ...varint(value)];
const text = (value) => [...new TextEncoder().encode(value)];
const value = (plain) => (typeof plain === "number" ? number(5, plain) : field(1, text(plain)));

/** The bytes of a tile; `layers` is {name: [{id, at: [x, y], properties}]} with numbers that are whole and texts. */
export function tile(layers) {
  const parts = Object.entries(layers).flatMap(([name, features]) => field(3, layer(name, features)));
  return new Uint8Array(parts).buffer;
}

function layer(name, features) {
  const [keys, values] = [[], []];
  const place = (list, entry) => (list.includes(entry) ? list.indexOf(entry) : list.push(entry) - 1);
  const written = features.flatMap(({ id, at: [x, y], properties }) => {
    const tags = Object.entries(properties).flatMap(([key, plain]) => [place(keys, key), place(values, plain)]);
    const moveTo = [9, ...varint(x * 2), ...varint(y * 2)];
    return field(2, [...number(1, id), ...field(2, tags.flatMap(varint)), ...number(3, 1), ...field(4, moveTo)]);
  });
  return [
    ...number(15, 2),
    ...field(1, text(name)),
    ...written,
    ...keys.flatMap((key) => field(3, text(key))),
    ...values.flatMap((plain) => field(4, value(plain))),
    ...number(5, 4096),
  ];
}
