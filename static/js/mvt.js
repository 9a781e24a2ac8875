// Reads the points of a Mapbox Vector Tile (version 2.1). Pure.
// The page reads point tiles itself because rings are merged across tiles, from exactly the tiles of one zoom;
// the map library keeps parents and children of tiles on screen while it loads, which would count rows twice.

const TEXT = new TextDecoder();

/** All point features by MVT layer: {layer: [{id, x, y, properties}]}, x and y in world units (0..1). */
export function readPoints(buffer, { z, x, y }) {
  const reader = { bytes: new Uint8Array(buffer), view: new DataView(buffer), at: 0 };
  const layers = {};
  readFields(reader, reader.bytes.length, (field) => {
    if (field !== 3) return false;
    const layer = readLayer(reader, varint(reader) + reader.at);
    layers[layer.name] = layer.features.map((feature) => placed(feature, layer, { z, x, y }));
    return true;
  });
  return layers;
}

function placed(feature, layer, tile) {
  const scale = 2 ** tile.z;
  return {
    id: feature.id,
    x: (tile.x + feature.at[0] / layer.extent) / scale,
    y: (tile.y + feature.at[1] / layer.extent) / scale,
    properties: Object.fromEntries(feature.tags.map(([key, value]) => [layer.keys[key], layer.values[value]])),
  };
}

function readLayer(reader, end) {
  const layer = { name: "", features: [], keys: [], values: [], extent: 4096 };
  readFields(reader, end, (field) => {
    if (field === 1) layer.name = text(reader);
    else if (field === 2) keepPoint(layer.features, readFeature(reader, varint(reader) + reader.at));
    else if (field === 3) layer.keys.push(text(reader));
    else if (field === 4) layer.values.push(readValue(reader, varint(reader) + reader.at));
    else if (field === 5) layer.extent = varint(reader);
    else return false;
    return true;
  });
  return layer;
}

function keepPoint(features, feature) {
  if (feature.at) features.push(feature);
}

function readFeature(reader, end) {
  const feature = { id: 0, tags: [], at: null };
  let type = 0;
  readFields(reader, end, (field) => {
    if (field === 1) feature.id = varint(reader);
    else if (field === 2) feature.tags = pairs(packed(reader));
    else if (field === 3) type = varint(reader);
    else if (field === 4) feature.at = firstPoint(packed(reader));
    else return false;
    return true;
  });
  if (type !== 1) feature.at = null;
  return feature;
}

function readValue(reader, end) {
  let value = null;
  readFields(reader, end, (field) => {
    if (field === 1) value = text(reader);
    else if (field === 2) value = fixed(reader, 4, "getFloat32");
    else if (field === 3) value = fixed(reader, 8, "getFloat64");
    else if (field === 4 || field === 5) value = varint(reader);
    else if (field === 6) value = signed(varint(reader));
    else if (field === 7) value = varint(reader) === 1;
    else return false;
    return true;
  });
  return value;
}

/** Calls `take(field)` for each field up to `end`; what it does not take is skipped. */
function readFields(reader, end, take) {
  while (reader.at < end) {
    const tag = varint(reader);
    if (!take(tag >> 3)) skip(reader, tag & 7);
  }
}

function skip(reader, wire) {
  if (wire === 0) varint(reader);
  else if (wire === 1) reader.at += 8;
  else if (wire === 2) reader.at += varint(reader);
  else if (wire === 5) reader.at += 4;
  else throw new Error(`not a vector tile: wire type ${wire}`);
}

/** An unsigned whole number; exact up to 2^53, which is where ids end. */
function varint(reader) {
  let value = 0;
  let factor = 1;
  for (;;) {
    const byte = reader.bytes[reader.at++];
    if (byte === undefined) throw new Error("not a vector tile: it ends too early");
    value += (byte & 127) * factor;
    if (byte < 128) return value;
    factor *= 128;
  }
}

function signed(value) {
  return value % 2 ? -(value + 1) / 2 : value / 2;
}

function text(reader) {
  const end = varint(reader) + reader.at;
  const value = TEXT.decode(reader.bytes.subarray(reader.at, end));
  reader.at = end;
  return value;
}

function fixed(reader, size, method) {
  const value = reader.view[method](reader.at, true);
  reader.at += size;
  return value;
}

function packed(reader) {
  const end = varint(reader) + reader.at;
  const values = [];
  while (reader.at < end) values.push(varint(reader));
  return values;
}

function pairs(values) {
  const result = [];
  for (let index = 0; index + 1 < values.length; index += 2) result.push([values[index], values[index + 1]]);
  return result;
}

/** The first point of a geometry: one MoveTo command, then zigzag x and y. */
function firstPoint(commands) {
  return commands.length >= 3 ? [signed(commands[1]), signed(commands[2])] : null;
}
