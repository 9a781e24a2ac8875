// Every feature that a condition chooses, page by page: in Node 20 or in any page, for every origin may ask.
//
//     node features.mjs http://127.0.0.1:8000 laboratories "scheme='VILAS' AND status='active'"

export async function* features(address, layer, condition) {
  const asked = new URLSearchParams({ filter: condition, limit: 1000, f: 'json' });
  let page = `${address}/ogc/collections/${layer}/items?${asked}`;
  while (page) {
    const answer = await fetch(page);
    const found = await answer.json();
    if (!answer.ok) throw new Error(found.detail_en);
    yield* found.features;
    page = found.links.find((link) => link.rel === 'next')?.href;
  }
}

if (globalThis.process?.argv[1]?.endsWith('features.mjs')) {
  let number = 0;
  for await (const feature of features(...process.argv.slice(2, 5))) {
    number += 1;
    if (number <= 3) console.log(feature.id, feature.geometry.coordinates, feature.properties.name);
  }
  console.log(number, 'features');
}
