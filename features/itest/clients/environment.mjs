// Where the runtime and the model behind it are; set by whoever starts the tests.
export const server = required('FORGE_URL');
export const upstream = required('UPSTREAM_URL');

// The same model behind each dialect; the provider in front of it is configured under this name.
export const model = 'up/m';

export const weather = {
  name: 'weather',
  description: 'tells the weather of a place',
  schema: { type: 'object', properties: { place: { type: 'string' } }, required: ['place'], additionalProperties: false },
};

function required(name) {
  const value = process.env[name];
  if (!value) throw new Error(`${name} is not set; run the tests with mvn -Pclients verify`);
  return value;
}

// Resolves once the upstream has seen so many of its answers broken off by whoever asked.
export async function brokenOff(count) {
  for (let tries = 0; tries < 200; tries++) {
    const seen = Number(await (await fetch(`${upstream}/broken-off`)).text());
    if (seen >= count) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error('the upstream is still busy after 10 s');
}

export async function brokenOffSoFar() {
  return Number(await (await fetch(`${upstream}/broken-off`)).text());
}
